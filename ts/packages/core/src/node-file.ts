// SPDX-License-Identifier: GPL-2.0
/*
 * node-file.ts - a file of the host as a disk, in Node
 *
 * Requests are synchronous: a read from the host's page cache takes less time than a turn of the
 * event loop.
 */
import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { Source } from './source.js';

export class NodeFile implements Source {
  readonly size: number;
  readonly write?: (from: Uint8Array, offset: number) => void;
  private readonly fd: number;

  /**
   * @param size for a block device, because stat() reports no size; default: the size of the file
   */
  constructor(readonly name: string, writable = false, size?: number) {
    this.fd = openSync(name, writable ? 'r+' : 'r');
    this.size = size ?? fstatSync(this.fd).size;
    if (writable)
      this.write = (from, offset) => this.writeAll(from, offset);
  }

  read(into: Uint8Array, offset: number): void {
    for (let done = 0; done < into.length;) {
      const n = readSync(this.fd, into, done, into.length - done, offset + done);
      if (n === 0)
        throw new Error(`${this.name}: the file became shorter while it was open`);
      done += n;
    }
  }

  flush(): void {
    fdatasyncSync(this.fd);
  }

  close(): void {
    closeSync(this.fd);
  }

  private writeAll(from: Uint8Array, offset: number): void {
    for (let done = 0; done < from.length;)
      done += writeSync(this.fd, from, done, from.length - done, offset + done);
  }
}
