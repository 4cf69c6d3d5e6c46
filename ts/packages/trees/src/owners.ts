// SPDX-License-Identifier: GPL-2.0
/*
 * owners.ts - names of users and groups, from /etc/passwd and /etc/group of the image
 */
import type { Files } from '@anyfs/react';

import { absolute } from './paths.js';

/** A larger file is hardly a list of users. */
const MOST = 1 << 20;

interface Names {
  users: ReadonlyMap<number, string>;
  groups: ReadonlyMap<number, string>;
}

export class Owners {
  private names: Names = { users: new Map(), groups: new Map() };
  private readonly listeners = new Set<() => void>();

  constructor(files: Files, mountPath: string) {
    const read = (path: string) => namesIn(files, absolute(mountPath, path));

    void Promise.all([read('/etc/passwd'), read('/etc/group')]).then(([users, groups]) => {
      this.names = { users, groups };
      this.listeners.forEach((listener) => listener());
    });
  }

  readonly get = (): Names => this.names;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  };
}

/** Images without this file have no names; their numbers are shown. */
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
    // No such file, or not a root file system.
  }
  return names;
}
