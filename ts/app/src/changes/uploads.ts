// SPDX-License-Identifier: GPL-2.0
/*
 * uploads.ts - record an upload as one change, under the file's own name
 *
 * @anyfs/trees writes an upload to a file with a temporary name, sets its attributes and renames
 * the file, or removes the file after an error.
 */
import type { Disk } from '@anyfs/core';
import { isTemporary } from '@anyfs/trees';

import { statOf } from '../image/attributes.js';
import type { ChangeLog } from './log.js';
import type { Verb } from './recorder.js';
import { replaceable } from './restore.js';

export class Uploads {
  /** Temporary names of uploads that have not ended. */
  private readonly paths = new Set<string>();

  constructor(private readonly disk: Disk, private readonly log: ChangeLog) {}

  /** Whether the call @verb, which changes @path, is a part of an upload. */
  async includes(verb: Verb, path: string): Promise<boolean> {
    // A file with a temporary name that was in the image before is treated like other files.
    if (verb === 'writeFile' && isTemporary(path) && !await statOf(this.disk, path).catch(() => null))
      this.paths.add(path);
    return this.paths.has(path);
  }

  /** @param to the new path, if the call is rename() */
  async record(verb: Verb, path: string, to: string | undefined, run: () => Promise<unknown>): Promise<unknown> {
    if (to !== undefined)
      return this.end(path, to, run);
    try {
      return await run();
    } catch (error) {
      if (verb === 'unlink' && await statOf(this.disk, path).catch(() => null))
        this.log.add({ kind: 'create', path, undo: () => this.disk.unlink(path), bytes: 0 });
      throw error;
    } finally {
      if (verb === 'unlink')
        this.paths.delete(path);
    }
  }

  private async end(path: string, to: string, run: () => Promise<unknown>): Promise<unknown> {
    const { disk, log } = this;
    const replaced = await statOf(disk, to).catch(() => null);
    const old = replaced && await replaceable(disk, to, log.room).catch(() => null);
    const undo = async () => {
      await disk.unlink(to);
      await old?.restore();
    };
    const result = await run();

    this.paths.delete(path);
    log.add({
      kind: replaced ? 'write' : 'create', path: to, undo: replaced && !old ? null : undo, bytes: old?.bytes ?? 0,
    });
    return result;
  }
}
