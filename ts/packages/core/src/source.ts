// SPDX-License-Identifier: GPL-2.0
/*
 * source.ts - where the bytes of a disk come from
 */

/** A disk image.  Methods may return a promise, or finish at once. */
export interface Source {
  /** Bytes. */
  readonly size: number;
  /** Shown in messages. */
  readonly name: string;
  /** Fill @into from @offset on; fewer bytes than asked for are an error. */
  read(into: Uint8Array, offset: number): void | Promise<void>;
  /** Absent: the disk is read-only. */
  write?(from: Uint8Array, offset: number): void | Promise<void>;
  /** Make written bytes durable. */
  flush?(): void | Promise<void>;
  close?(): void | Promise<void>;
}

/** A File or Blob, read-only. */
export class BlobSource implements Source {
  readonly size: number;
  readonly name: string;

  constructor(private readonly blob: Blob) {
    this.size = blob.size;
    this.name = 'name' in blob ? String(blob.name) : 'blob';
  }

  async read(into: Uint8Array, offset: number): Promise<void> {
    const part = this.blob.slice(offset, offset + into.length);
    const data = new Uint8Array(await part.arrayBuffer());
    if (data.length !== into.length)
      throw new Error(`${this.name}: the file has changed while it is open`);
    into.set(data);
  }
}
