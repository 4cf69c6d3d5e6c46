// SPDX-License-Identifier: GPL-2.0
/*
 * node-file.ts - a file of the host as a disk, in Node
 *
 * Requests are done at once: a read that the host's page cache answers is shorter than
 * a turn of the event loop.
 */
import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { Source } from './source.js';

export class NodeFile implements Source {
  readonly size: number;
  readonly write?: (from: Uint8Array, offset: number) => void;
  private readonly fd: number;

  /** @param size of a block device, whose file has none; by default that of the file */
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
        throw new Error(`${this.name}: the file has become shorter while it is open`);
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
