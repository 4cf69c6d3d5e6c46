// SPDX-License-Identifier: GPL-2.0
/*
 * file.ts - an open file of an image
 */
import { BUFFER, type Calls } from './calls.js';
import { type FileHandle, textOf } from './interface.js';
import { nr } from './layout-user.js';

export class LocalFile implements FileHandle {
  constructor(private readonly calls: Calls, private readonly fd: number,
    readonly path: string, private readonly open: Set<LocalFile>) {
    open.add(this);
  }

  async read(offset: number, len: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let done = 0;

    while (done < len) {
      const part = await this.part(offset + done, len - done);
      if (!part.length)
        break;
      parts.push(part);
      done += part.length;
    }
    if (parts.length === 1)
      return parts[0]!;
    const all = new Uint8Array(done);
    for (let at = 0; parts.length; at += parts.shift()!.length)
      all.set(parts[0]!, at);
    return all;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (let offset = 0; ;) {
      const part = await this.part(offset, BUFFER);
      if (!part.length)
        return;
      yield part;
      offset += part.length;
    }
  }

  text(): Promise<string> {
    return textOf(this);
  }

  async write(data: Uint8Array, offset: number): Promise<void> {
    for (let done = 0; done < data.length;)
      done += await this.calls.run(() => this.calls.pwrite(this.fd, this.path,
        data.subarray(done), offset + done));
  }

  async truncate(size: number): Promise<void> {
    await this.calls.run(() => this.calls.check('ftruncate', this.path, nr.ftruncate64,
      this.fd, size));
  }

  async sync(): Promise<void> {
    await this.calls.run(() => this.calls.check('fsync', this.path, nr.fsync, this.fd));
  }

  async close(): Promise<void> {
    this.open.delete(this);
    await this.calls.run(() => this.calls.check('close', this.path, nr.close, this.fd));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private part(offset: number, len: number): Promise<Uint8Array> {
    return this.calls.run(() => this.calls.pread(this.fd, this.path, offset, len));
  }
}
