// SPDX-License-Identifier: GPL-2.0
/*
 * owners.ts - names of users and groups, from /etc/passwd and /etc/group of the image
 */
import type { Files } from '@anyfs/react';

import { absolute } from './paths.js';

/** Bytes of /etc/passwd and of /etc/group that are read; the rest of a larger file is ignored. */
const MOST = 1 << 20;

interface Names {
  users: ReadonlyMap<number, string>;
  groups: ReadonlyMap<number, string>;
}

export class Owners {
  private names: Names = { users: new Map(), groups: new Map() };
  private readonly listeners = new Set<() => void>();
  private loaded: Promise<void> | null = null;

  constructor(private readonly files: Files, private readonly mountPath: string) {}

  readonly get = (): Names => this.names;

  /** The first subscriber starts reading: most users never look at owners. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.loaded ??= this.load();
    return () => { this.listeners.delete(listener); };
  };

  private async load(): Promise<void> {
    const read = (path: string) => namesIn(this.files, absolute(this.mountPath, path));
    const [users, groups] = await Promise.all([read('/etc/passwd'), read('/etc/group')]);

    this.names = { users, groups };
    this.listeners.forEach((listener) => listener());
  }
}

/** The names in the file @path.  Without that file users and groups are shown by number. */
async function namesIn(files: Files, path: string): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  try {
    const { size } = await files.statFollow(path);
    const data = await files.read(path, 0, Math.min(size, MOST), new AbortController().signal);
    for (const line of new TextDecoder().decode(data).split('\n')) {
      const [name, , number] = line.split(':');
      if (name && /^\d+$/.test(number ?? '') && !names.has(Number(number)))
        names.set(Number(number), name);
    }
  } catch {
    // The file system is not the root of a Unix system: there are no names.
  }
  return names;
}
