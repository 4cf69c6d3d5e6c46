// SPDX-License-Identifier: GPL-2.0
/*
 * recorder.ts - a disk whose changes are recorded, whichever component makes them
 */
import type { Disk, Stat } from '@anyfs/core';

import type { Change, ChangeLog } from './log.js';

/** Larger files are not kept to undo a change: 4 MiB. */
const LIMIT = 4 << 20;

type Entry = Omit<Change, 'id'>;
/** What a call is going to change; it looks at the disk before the call. */
type Before = (disk: Disk, args: Paths) => Promise<Entry>;
/** The first parameters of a call; a mode, where it has no second path. */
type Paths = readonly [path: string, other: string];

const calls: Partial<Record<keyof Disk, Before>> = {
  mkdir: async (disk, [path]) => entry('mkdir', path, () => disk.rmdir(path)),
  symlink: async (disk, [, path]) => entry('symlink', path, () => disk.unlink(path)),
  link: async (disk, [, path]) => entry('create', path, () => disk.unlink(path)),
  rename: async (disk, [from, to]) => {
    const replaced = await statOf(disk, to);
    return { ...entry('rename', from, replaced ? null : () => disk.rename(to, from)), to: to };
  },
  chmod: async (disk, [path]) => {
    const { mode } = await disk.statFollow(path);
    return entry('chmod', path, () => disk.chmod(path, mode & 0o7777));
  },
  chown: async (disk, [path]) => {
    const { uid, gid } = await disk.statFollow(path);
    return entry('chown', path, () => disk.chown(path, uid, gid));
  },
  unlink: (disk, [path]) => removal(disk, path),
  rm: (disk, [path]) => removal(disk, path),
  rmdir: async (disk, [path]) => {
    const { mode } = await disk.stat(path);
    return entry('remove', path, () => disk.mkdir(path, mode & 0o7777));
  },
  writeFile: (disk, [path]) => writing(disk, path),
  setXattr: async (_disk, [path]) => entry('attribute', path, null),
  removeXattr: async (_disk, [path]) => entry('attribute', path, null),
};

/** @disk, with each change that succeeds added to @log. */
export function recorded(disk: Disk, log: ChangeLog): Disk {
  return new Proxy(disk, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function')
        return member;
      const before = name === 'open' ? opening : calls[name as keyof Disk];
      if (!before)
        return member.bind(target) as unknown;
      return async (...args: unknown[]) => {
        // The call itself reports an error better.
        const change = await before(target, args as unknown as Paths).catch(() => null);
        const result: unknown = await member.apply(target, args);
        if (change)
          log.add(change);
        return result;
      };
    },
  });
}

function entry(kind: Change['kind'], path: string, undo: Change['undo'], bytes = 0): Entry {
  return { kind, path, undo, bytes };
}

/** Only opening to write is a change: null of others is no entry. */
async function opening(disk: Disk, [path, mode = 'r']: Paths): Promise<Entry> {
  if (mode === 'r')
    throw new Error('nothing changes');
  return entry(await statOf(disk, path) ? 'write' : 'create', path, null);
}

async function writing(disk: Disk, path: string): Promise<Entry> {
  const stat = await statOf(disk, path);
  if (!stat)
    return entry('create', path, () => disk.unlink(path));
  const old = await contentOf(disk, path, await disk.statFollow(path));
  return entry('write', path, old && (() => disk.writeFile(path, old)), old?.length);
}

async function removal(disk: Disk, path: string): Promise<Entry> {
  const stat = await disk.stat(path);

  if (stat.kind === 'link') {
    const target = await disk.readlink(path);
    return entry('remove', path, () => disk.symlink(target, path));
  }
  // Another name of the same file would become a copy.
  const old = stat.nlink === 1 ? await contentOf(disk, path, stat) : null;
  return entry('remove', path, old && (() => putBack(disk, path, old, stat)), old?.length);
}

async function putBack(disk: Disk, path: string, content: Uint8Array, { mode, uid, gid, atime, mtime }: Stat) {
  await disk.writeFile(path, content);
  // File systems without owners and modes refuse to set them.
  for (const set of [() => disk.chown(path, uid, gid), () => disk.chmod(path, mode & 0o7777),
    () => disk.utimes(path, atime, mtime)])
    await set().catch(() => {});
}

/** null: there is nothing with this name. */
async function statOf(disk: Disk, path: string): Promise<Stat | null> {
  try {
    return await disk.stat(path);
  } catch {
    return null;
  }
}

/** The whole file; null: it is too large, or not a file. */
async function contentOf(disk: Disk, path: string, { kind, size }: Stat): Promise<Uint8Array | null> {
  if (kind !== 'file' || size > LIMIT)
    return null;
  await using file = await disk.open(path);
  const parts: Uint8Array[] = [];
  for await (const part of file)
    parts.push(part);
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}
