// SPDX-License-Identifier: GPL-2.0
/*
 * opfs.ts - a file of the origin's own file system (OPFS) as a disk, in workers
 *
 * The access handle locks the file, and its reads and writes are synchronous.
 */
import type { Source } from './source.js';

export class OpfsFile implements Source {
  readonly size: number;

  private constructor(readonly name: string, private readonly handle: FileSystemSyncAccessHandle) {
    this.size = handle.getSize();
  }

  static async open(file: FileSystemFileHandle): Promise<OpfsFile> {
    return new OpfsFile(file.name, await file.createSyncAccessHandle());
  }

  read(into: Uint8Array, offset: number): void {
    const got = this.handle.read(into as AllowSharedBufferSource, { at: offset });
    if (got !== into.length)
      throw new Error(`${this.name}: the file became shorter while it was open`);
  }

  write(from: Uint8Array, offset: number): void {
    const put = this.handle.write(from as AllowSharedBufferSource, { at: offset });
    if (put !== from.length)
      throw new Error(`${this.name}: the origin's storage is full`);
  }

  flush(): void {
    this.handle.flush();
  }

  close(): void {
    this.handle.close();
  }
}
