// SPDX-License-Identifier: GPL-2.0
/*
 * formats.ts - images in a format (qcow2, VMDK, VHDX ...), read by formats.wasm
 *
 * The module, compiled from lib/block/format, has a memory of its own for each image, so a
 * hostile image can damage nothing else.  Its function map() returns where a range of the disk is
 * stored.  Plain data is read from the image file directly into the kernel's memory; compressed
 * data goes through the module.
 *
 * The module calls its import read() for bytes of the image file.  If the source returns a promise,
 * that read fails, and the call of the module is repeated when the bytes have arrived.
 */
import { errno, FsError } from './errno.js';
import { loadModule } from './module.js';
import { Queue } from './queue.js';
import type { Source } from './source.js';

const SECTOR = 512;
/** Reads of the module are extended to multiples of this many bytes. */
const CHUNK = 16 << 10;
/** Maximum number of bytes that one call of the module reads. */
const BUFFER = 1 << 20;
const RANGE = { kind: 0, len: 8, offset: 16 } as const;
const KIND = { zero: 0, data: 1 } as const;

interface Exports {
  memory: WebAssembly.Memory;
  _initialize?(): void;
  open(name: number, size: number, format: number): number;
  size(): number;
  format(): number;
  text(): number;
  map(offset: number, len: number): number;
  read(buf: number, len: number, offset: number): number;
  allocate(len: number): number;
  release(buf: number): void;
}

interface Range {
  kind: number;
  len: number;
  offset: number;
}

/** Bytes of the image file that have arrived for a call that is repeated. */
interface Arrived {
  offset: number;
  data: Uint8Array;
}

export class FormatSource implements Source {
  size = 0;
  readonly name: string;
  /** Format of the image file: "qcow2" ... */
  format = '';
  private exports!: Exports;
  private buffer = 0;
  private arrived: Arrived[] = [];
  private missing: { offset: number; data: Uint8Array; promise: Promise<void> } | null = null;
  private failure: unknown = null;
  /**
   * One call at a time, since the calls of the module share its memory and the bytes in arrived.
   */
  private readonly queue = new Queue();

  private constructor(private readonly file: Source) {
    this.name = file.name;
  }

  /**
   * The disk in the image @file; @file itself if it is a raw image.
   *
   * @param format its name; "raw": @file is the disk; null: detect the format from the content
   */
  static async open(file: Source, format: string | null): Promise<Source> {
    if (format === 'raw' || (!file.size && format === null))
      return file;
    const source = new FormatSource(file);
    await source.start(format ?? '');
    return source.format ? source : file;
  }

  async read(into: Uint8Array, offset: number): Promise<void> {
    const waiting: Promise<void>[] = [];

    for (let done = 0; done < into.length;) {
      const range = await this.queue.run(() => this.map(offset + done, into.length - done));
      const piece = into.subarray(done, done + range.len);
      if (range.kind === KIND.zero)
        piece.fill(0);
      else if (range.kind === KIND.data)
        waiting.push(this.readFile(piece, range.offset));
      else
        await this.queue.run(() => this.copy(piece, offset + done));
      done += piece.length;
    }
    await Promise.all(waiting);
  }

  close(): void | Promise<void> {
    return this.file.close?.();
  }

  private async start(format: string): Promise<void> {
    const module = await loadModule(undefined, 'formats');
    const instance = await WebAssembly.instantiate(module, {
      host: { read: (buf: number, len: number, at: number) => this.give(buf, len, at) },
    });
    this.exports = instance.exports as unknown as Exports;
    this.exports._initialize?.();
    const name = this.string(this.name);
    const wanted = this.string(format);
    const err = await this.repeat(() => this.exports.open(name, this.file.size, wanted), (e) => e < 0);
    this.exports.release(name);
    this.exports.release(wanted);
    if (err < 0)
      throw this.error(-err);
    this.size = this.exports.size();
    this.format = this.text(this.exports.format());
    this.buffer = this.exports.allocate(BUFFER);
    if (!this.buffer)
      throw new FsError(errno.ENOMEM, 'open', this.name);
  }

  private async map(offset: number, len: number): Promise<Range> {
    // Round up to whole sectors, since the disk may end within a sector.
    const start = offset - offset % SECTOR;
    const end = Math.ceil((offset + len) / SECTOR) * SECTOR;
    const at = await this.repeat(() => this.exports.map(start, end - start), (addr) => !addr);
    if (!at)
      throw this.error(errno.EIO);
    const view = new DataView(this.exports.memory.buffer, at);
    const skip = offset - start;

    return {
      kind: view.getUint32(RANGE.kind, true),
      len: Math.min(len, view.getFloat64(RANGE.len, true) - skip),
      offset: view.getFloat64(RANGE.offset, true) + skip,
    };
  }

  /** Read a range that is not stored as plain bytes: the module decompresses it. */
  private async copy(into: Uint8Array, offset: number): Promise<void> {
    for (let done = 0; done < into.length;) {
      const len = Math.min(BUFFER, into.length - done);
      const err = await this.repeat(() => this.exports.read(this.buffer, len, offset + done),
        (e) => e < 0);
      if (err < 0)
        throw this.error(-err);
      into.set(new Uint8Array(this.exports.memory.buffer, this.buffer, len), done);
      done += len;
    }
  }

  private async readFile(into: Uint8Array, offset: number): Promise<void> {
    const have = Math.max(0, Math.min(into.length, this.file.size - offset));

    into.fill(0, have);
    if (have)
      await this.file.read(into.subarray(0, have), offset);
  }

  // ---- calls of the module ----

  /** Call @fn, and repeat the call each time it fails because bytes must be fetched first. */
  private async repeat(fn: () => number, failed: (result: number) => boolean): Promise<number> {
    this.failure = null;
    try {
      for (;;) {
        const result = fn();
        const missing = this.takeMissing();
        if (!failed(result) || !missing)
          return result;
        await missing.promise;
        this.arrived.push(missing);
      }
    } catch (error) {
      // A trap: the image has led the module into an invalid state.
      const failed = new FsError(errno.EIO, 'open', this.name,
        error instanceof WebAssembly.RuntimeError ? 'its format cannot be read' : undefined);
      failed.cause = error;
      throw failed;
    } finally {
      this.arrived = [];
    }
  }

  private takeMissing(): FormatSource['missing'] {
    const { missing } = this;
    this.missing = null;
    return missing;
  }

  /** The module's import: copy bytes of the image file to its memory.  0 or -EIO. */
  private give(buf: number, len: number, offset: number): number {
    const into = new Uint8Array(this.exports.memory.buffer, buf, len);
    const known = this.arrived.find((a) =>
      a.offset <= offset && offset + len <= a.offset + a.data.length);
    if (known) {
      into.set(known.data.subarray(offset - known.offset, offset - known.offset + len));
      return 0;
    }
    // The call has already failed because of an earlier read; fetch one range at a time.
    if (this.missing)
      return -errno.EIO;
    const start = offset - offset % CHUNK;
    const end = Math.min(this.file.size, Math.ceil((offset + len) / CHUNK) * CHUNK);
    const data = new Uint8Array(end - start);
    try {
      const promise = this.file.read(data, start);
      if (promise) {
        this.missing = { offset: start, data, promise };
        return -errno.EIO;
      }
    } catch (error) {
      this.failure = error;
      return -errno.EIO;
    }
    into.set(data.subarray(offset - start, offset - start + len));
    return 0;
  }

  private error(number: number): Error {
    const text = this.text(this.exports.text());
    const error = new FsError(number, 'open', this.name);

    // The text of the module names the image, as the message of an FsError does.
    if (text)
      error.message = `${error.code}: ${text}`;
    if (this.failure)
      error.cause = this.failure;
    return error;
  }

  private string(text: string): number {
    const data = new TextEncoder().encode(text);
    const at = this.exports.allocate(data.length + 1);
    if (!at)
      throw new FsError(errno.ENOMEM, 'open', this.name);
    const memory = new Uint8Array(this.exports.memory.buffer);

    memory.set(data, at);
    memory[at + data.length] = 0;
    return at;
  }

  private text(at: number): string {
    const memory = new Uint8Array(this.exports.memory.buffer);

    return new TextDecoder().decode(memory.subarray(at, memory.indexOf(0, at)));
  }
}
