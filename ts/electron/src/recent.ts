// SPDX-License-Identifier: GPL-2.0
/*
 * recent.ts - images that were opened before; the page calls this only if the user wants it
 */
import { app } from 'electron';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { RecentImage } from './bridge.js';

/** Number of images that are remembered. */
const LIMIT = 8;

export class RecentImages {
  private readonly file: string;

  /** @param directory where the list is kept */
  constructor(private readonly directory: string) {
    this.file = join(directory, 'recent.json');
  }

  /** The most recent first. */
  async list(): Promise<RecentImage[]> {
    let text: string;

    try {
      text = await readFile(this.file, 'utf8');
    } catch {
      return [];
    }
    try {
      return (JSON.parse(text) as unknown[]).filter(isRecent);
    } catch {
      // Treat a damaged list like an empty one.
      return [];
    }
  }

  async add(path: string): Promise<void> {
    const others = (await this.list()).filter((one) => one.path !== path);
    const list = [{ path, name: basename(path), opened: Date.now() }, ...others].slice(0, LIMIT);
    const next = `${this.file}.new`;

    await mkdir(this.directory, { recursive: true });
    await writeFile(next, JSON.stringify(list), { mode: 0o600 });
    await rename(next, this.file);
    app.addRecentDocument(path);
  }

  async clear(): Promise<void> {
    await rm(this.file, { force: true });
    app.clearRecentDocuments();
  }
}

function isRecent(value: unknown): value is RecentImage {
  const { path, name, opened } = (value ?? {}) as Partial<RecentImage>;
  return typeof path === 'string' && typeof name === 'string' && typeof opened === 'number';
}
