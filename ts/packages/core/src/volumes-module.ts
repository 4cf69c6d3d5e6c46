// SPDX-License-Identifier: GPL-2.0
/*
 * volumes-module.ts - an instance of volumes.wasm: keys of encrypted volumes, metadata of LVM2,
 *   arrays
 *
 * The module has a memory of its own.  It reads devices and makes system calls of the kernel
 * through imports that suspend it.  Call all functions only inside Calls.run(), one at a time.
 */
import { BUFFER } from './calls.js';
import type { Devices } from './devices.js';
import { errno, FsError } from './errno.js';
import { AT, nr, openFlag } from './layout-user.js';
import { loadModule } from './module.js';
import type { Suspension } from './suspend.js';

/** include/linux/miscdevice.h: MISC_MAJOR, MAPPER_CTRL_MINOR */
const CONTROL_DEVICE = 10 << 8 | 236;
const CONTROL = '/dev.mapper';
const S_IFCHR = 0o020000;

interface Exports {
  memory: WebAssembly.Memory;
  allocate(len: number): number;
  release(addr: number): void;
  text(): number;
  volume(): number;
  volumeSize(): number;
  groupOf(member: number): number;
  replaceDevice(group: number, member: number, dev: number): void;
  groupName(group: number): number;
  groupUuid(group: number): number;
  groupVolume(group: number, index: number): number;
  missingOfArray(member: number): number;
  arrayOf(member: number): number;
  isSameArray(a: number, b: number): number;
  replaceArrayDevice(member: number, dev: number): void;
}

/** Exports that are suspended while an import waits. */
interface AsyncExports {
  unlock(bitlocker: number, dev: number, size: number, secret: number, len: number,
    memory: number, seconds: number): Promise<number>;
  mapCrypt(object: number, dev: number, size: number, readOnly: number): Promise<number>;
  addMember(object: number, dev: number, size: number): Promise<number>;
  missingOfGroup(object: number, member: number): Promise<number>;
  openGroup(object: number, member: number, degraded: number): Promise<number>;
  openVolume(group: number, index: number): Promise<number>;
  addArrayMember(object: number, dev: number, size: number): Promise<number>;
  openArray(object: number, member: number, degraded: number): Promise<number>;
  close(): Promise<number>;
}

const ASYNC: readonly (keyof AsyncExports)[] = ['unlock', 'mapCrypt', 'addMember', 'missingOfGroup',
  'openGroup', 'openVolume', 'addArrayMember', 'openArray', 'close'];

/** WebCrypto's names of hashes. */
const HASHES: Record<string, string> = {
  sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512',
};

export class VolumesModule {
  exports!: Exports;
  calls!: AsyncExports;
  private failure: Error | null = null;

  private constructor(private readonly devices: Devices, private readonly suspension: Suspension) {}

  static async create(devices: Devices): Promise<VolumesModule> {
    const suspension = devices.calls.kernel.newSuspension();
    const m = new VolumesModule(devices, suspension);
    const module = await loadModule(undefined, `volumes${suspension.suffix}`);
    // The module writes parameters of arrays to files in sysfs.
    await devices.needSys();
    const instance = await WebAssembly.instantiate(module, m.imports());

    m.exports = instance.exports as unknown as Exports;
    suspension.attach(instance.exports, m.exports.memory, (len) => m.exports.allocate(len));
    m.calls = Object.fromEntries(ASYNC.map((name) =>
      [name, m.withErrorCodes(name, instance.exports[name] as Function)])) as unknown as AsyncExports;
    return m;
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer);
  }

  string(addr: number): string {
    const { bytes } = this;
    return new TextDecoder().decode(bytes.subarray(addr, bytes.indexOf(0, addr)));
  }

  /** Do @fn with the address of a copy of @data, which is wiped afterwards. */
  async withCopy<R>(data: Uint8Array | string, fn: (addr: number) => Promise<R>): Promise<R> {
    const copy = typeof data === 'string' ? new TextEncoder().encode(`${data}\0`) : data;
    const addr = this.exports.allocate(copy.length || 1);

    if (!addr)
      throw new RangeError('not enough memory for volumes.wasm');
    this.bytes.set(copy, addr);
    try {
      return await fn(addr);
    } finally {
      this.bytes.fill(0, addr, addr + copy.length);
      this.exports.release(addr);
    }
  }

  /** Return @result, or throw the error of the object @path that a negative @result stands for. */
  check(result: number, call: string, path: string): number {
    if (result < 0)
      throw this.error(-result, call, path);
    return result;
  }

  error(number: number, call: string, path: string): FsError {
    const text = this.string(this.exports.text());
    const reason = text.startsWith(`${path}: `) ? text.slice(path.length + 2) : text;
    const error = new FsError(number, call, path, reason.replace(/ \(--kdf-(memory|seconds)\)/,
      (_, name: string) => ` (kdf${name[0]!.toUpperCase()}${name.slice(1)})`)
      .replace('--degraded', 'the option degraded'));

    if (this.failure && number === errno.EIO)
      error.cause = this.failure;
    return error;
  }

  private imports(): WebAssembly.Imports {
    const suspending = (fn: (...args: number[]) => Promise<number>) =>
      this.suspension.suspending(async (...args: number[]) => {
        try {
          return await fn(...args);
        } catch (error) {
          this.failure = error as Error;
          return error instanceof FsError ? error.errno : -errno.EIO;
        }
      });

    return {
      host: {
        size: suspending((dev) => this.devices.size(dev!)),
        read: suspending((dev, to, len, offset) => this.read(dev!, to!, len!, offset!)),
        control: suspending((cmd, io, size) => this.control(cmd!, io!, size!)),
        syscall: suspending((number, a, b, c, d, e, which, at, len) =>
          this.syscall(number!, [a!, b!, c!, d!, e!], which!, at!, len!)),
        pbkdf2: suspending((...args) => this.pbkdf2(...args as Parameters<VolumesModule['pbkdf2']>)),
        now: () => performance.now(),
        random: (to: number, len: number) => crypto.getRandomValues(this.bytes.subarray(to, to + len)),
      },
    };
  }

  private async read(dev: number, to: number, len: number, offset: number): Promise<number> {
    for (let done = 0; done < len;) {
      const part = await this.devices.read(dev, offset + done, len - done, `/dev.${dev}`);
      if (!part.length)
        return -errno.EIO;
      this.bytes.set(part, to + done);
      done += part.length;
    }
    return 0;
  }

  /** An ioctl of the device mapper; its argument is copied to the kernel and back. */
  private async control(cmd: number, io: number, size: number): Promise<number> {
    const { calls } = this.devices;
    const { mem } = calls.kernel;

    if (size > BUFFER)
      return -errno.EIO;
    await calls.kernel.syscall(nr.mknodat, AT.fdcwd, calls.firstPath(CONTROL), S_IFCHR | 0o600,
      CONTROL_DEVICE);
    const fd = await calls.openKernel(CONTROL, openFlag.rdwr);
    return calls.using(fd, async () => {
      mem.bytes.set(this.bytes.subarray(io, io + size), calls.buffer);
      const ret = await calls.kernel.syscall(nr.ioctl, fd, cmd >>> 0, calls.buffer);
      this.bytes.set(mem.bytes.subarray(calls.buffer, calls.buffer + size), io);
      mem.bytes.fill(0, calls.buffer, calls.buffer + size);
      return ret;
    });
  }

  /**
   * Make a system call whose argument number @which, from 0, is the address of the @len bytes at
   * @at of the module's memory; -1: no argument is an address.
   */
  private async syscall(number: number, args: number[], which: number, at: number, len: number) {
    const { calls } = this.devices;
    const { mem } = calls.kernel;

    if (which < 0)
      return calls.kernel.syscall(number, ...args);
    if (len > BUFFER)
      return -errno.EIO;
    mem.bytes.set(this.bytes.subarray(at, at + len), calls.buffer);
    args[which] = calls.buffer;
    const ret = await calls.kernel.syscall(number, ...args);
    this.bytes.set(mem.bytes.subarray(calls.buffer, calls.buffer + len), at);
    return ret;
  }

  /**
   * Derive a key with WebCrypto.  Returns 0, or another value to make the module compute the key
   * itself.
   */
  private async pbkdf2(hash: number, secret: number, secretLen: number, salt: number,
    saltLen: number, iterations: number, key: number, len: number): Promise<number> {
    const { bytes } = this;
    const name = HASHES[this.string(hash)];
    // Pages outside a secure context have no WebCrypto.
    const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;

    if (!name || !subtle)
      return -1;
    const from = await subtle.importKey('raw', bytes.slice(secret, secret + secretLen), 'PBKDF2',
      false, ['deriveBits']);
    const bits = await subtle.deriveBits({
      name: 'PBKDF2', hash: name, iterations, salt: bytes.slice(salt, salt + saltLen),
    }, from, 8 * len);
    this.bytes.set(new Uint8Array(bits), key);
    return 0;
  }

  /** Wrap an export so that a trap becomes an error with a code. */
  private withErrorCodes(name: string, fn: Function): (...args: number[]) => Promise<number> {
    const promising = this.suspension.promising(fn);

    return async (...args) => {
      this.failure = null;
      try {
        return await promising(...args);
      } catch (cause) {
        const error = new FsError(errno.EIO, name, undefined, 'volumes.wasm has failed');
        error.cause = cause;
        throw error;
      }
    };
  }
}
