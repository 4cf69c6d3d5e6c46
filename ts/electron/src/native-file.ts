// SPDX-License-Identifier: GPL-2.0
/*
 * native-file.ts - an open file of @anyfs/native, with the interface of @anyfs/core
 */
import type { FileHandle } from '@anyfs/core';
import { contentOf, textOf } from '@anyfs/core/serve';
import type { FileHandle as NodeHandle } from 'node:fs/promises';

import { converting } from './native-errors.js';

export class NativeFile implements FileHandle {
  constructor(readonly path: string, private readonly handle: NodeHandle) {}

  read(offset: number, len: number): Promise<Uint8Array> {
    return converting(async () => {
      const data = new Uint8Array(len);
      let done = 0;

      while (done < len) {
        const { bytesRead } = await this.handle.read(data, done, len - done, offset + done);
        if (!bytesRead)
          break;
        done += bytesRead;
      }
      return done === len ? data : data.slice(0, done);
    });
  }

  write(data: Uint8Array, offset: number): Promise<void> {
    return converting(async () => {
      for (let done = 0; done < data.length;)
        done += (await this.handle.write(data, done, data.length - done, offset + done)).bytesWritten;
    });
  }

  truncate(size: number): Promise<void> {
    return converting(() => this.handle.truncate(size));
  }

  sync(): Promise<void> {
    return converting(() => this.handle.sync());
  }

  close(): Promise<void> {
    return converting(() => this.handle.close());
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    return contentOf(this);
  }

  text(): Promise<string> {
    return textOf(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
