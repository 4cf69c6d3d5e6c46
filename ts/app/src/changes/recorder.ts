// SPDX-License-Identifier: GPL-2.0
/*
 * recorder.ts - a disk whose changes are recorded, whichever component makes them
 */
import type { Disk, RmOptions, Stat } from '@anyfs/core';
import { isTemporary } from '@anyfs/trees';

import { codeOf, statOf } from '../image/attributes.js';
import type { ChangeKind, ChangeLog, Entry } from './log.js';
import { type Restoration, directoryRestoration, replaceable, restoration, treeRestoration } from './restore.js';
import { Uploads } from './uploads.js';

/** The first two parameters of a call: paths, a path and a mode, or a path and a name. */
type Args = readonly [path: string, other: string];

/** How to undo a call; read from the disk before the call. */
interface Plan {
  undo: Entry['undo'];
  bytes?: number;
  /** Instead of the kind of the call. */
  kind?: ChangeKind;
}

interface Call {
  kind: ChangeKind;
  /** The second parameter is the path that changes. */
  second?: true;
  /** If this fails, the call is recorded without a way to undo it. */
  plan(disk: Disk, args: Args, log: ChangeLog): Promise<Plan>;
}

/** Make the call; with other parameters if they are given. */
type Run = (args?: unknown[]) => Promise<unknown>;

type Method = Extract<keyof Disk, string>;

interface Recorder {
  disk: Disk;
  log: ChangeLog;
  uploads: Uploads;
}

const NO_UNDO: Plan = { undo: null };

const calls: Partial<Record<Method, Call>> = {
  mkdir: { kind: 'mkdir', plan: async (disk, [path]) => ({ undo: () => disk.rmdir(path) }) },
  symlink: { kind: 'symlink', second: true, plan: async (disk, [, path]) => ({ undo: () => disk.unlink(path) }) },
  link: { kind: 'create', second: true, plan: async (disk, [, path]) => ({ undo: () => disk.unlink(path) }) },
  rename: { kind: 'rename', plan: renaming },
  chmod: {
    kind: 'chmod', plan: async (disk, [path]) => {
      const { mode } = await disk.statFollow(path);
      return { undo: () => disk.chmod(path, mode & 0o7777) };
    },
  },
  chown: { kind: 'chown', plan: async (disk, [path]) => owning(disk, path, await disk.statFollow(path)) },
  lchown: {
    kind: 'chown', plan: async (disk, [path]) => {
      const stat = await disk.stat(path);
      return stat.kind === 'link' ? { undo: () => disk.lchown(path, stat.uid, stat.gid) } : owning(disk, path, stat);
    },
  },
  utimes: {
    kind: 'times', plan: async (disk, [path]) => {
      const { atime, mtime } = await disk.statFollow(path);
      return { undo: () => disk.utimes(path, atime, mtime) };
    },
  },
  lutimes: {
    kind: 'times', plan: async (disk, [path]) => {
      const { atime, mtime } = await disk.stat(path);
      return { undo: () => disk.lutimes(path, atime, mtime) };
    },
  },
  setXattr: { kind: 'attribute', plan: attribute },
  removeXattr: { kind: 'attribute', plan: attribute },
  unlink: { kind: 'remove', plan: removing },
  rm: {
    kind: 'remove', plan: async (disk, [path, options], log) => {
      const { signal } = (options ?? {}) as unknown as RmOptions;
      return planOf(await treeRestoration(disk, path, log.room, signal));
    },
  },
  rmdir: {
    kind: 'remove', plan: async (disk, [path]) => {
      const { restore, bytes } = await directoryRestoration(disk, path);
      return { undo: restore, bytes };
    },
  },
  writeFile: { kind: 'write', plan: writing },
  open: {
    kind: 'write', plan: async (disk, [path]) => ({ undo: null, kind: await statOf(disk, path) ? 'write' : 'create' }),
  },
};

/** @disk, with each change added to @log. */
export function recorded(disk: Disk, log: ChangeLog): Disk {
  const recorder = { disk, log, uploads: new Uploads(disk, log) };

  return new Proxy(disk, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function')
        return member;
      if (!(name in calls))
        return member.bind(target) as unknown;
      return (...args: unknown[]): unknown => {
        const run: Run = (changed = args) => member.apply(target, changed) as Promise<unknown>;
        const reads = name === 'open' && (args[1] ?? 'r') === 'r';
        return reads ? run() : record(recorder, name as Method, args, run);
      };
    },
  });
}

async function record({ disk, log, uploads }: Recorder, name: Method, args: unknown[], run: Run): Promise<unknown> {
  const call = calls[name]!;
  const paths = args as unknown as Args;
  const path = paths[call.second ? 1 : 0];

  if (await uploads.includes(name, path))
    return uploads.record(name, paths, run);
  // The call itself reports an error better.
  const plan = await call.plan(disk, paths, log).catch(() => NO_UNDO);
  const change: Entry = { kind: call.kind, path, bytes: 0, ...plan, ...(name === 'rename' ? { to: paths[1] } : {}) };

  if (name === 'rm')
    return removeCounted(log, change, args, run);
  const before = name === 'writeFile' ? await statOf(disk, path).catch(() => null) : null;
  try {
    const result = await run();
    log.add(change, name === 'rename' && isTemporary(path));
    return result;
  } catch (error) {
    // A part of the file may have been written.
    if (name === 'writeFile' && differs(before, await statOf(disk, path).catch(() => null)))
      log.add(change);
    throw error;
  }
}

/** If it fails or is cancelled after the first file, the rest of the directory is still there. */
async function removeCounted(log: ChangeLog, change: Entry, [path, options]: unknown[], run: Run): Promise<unknown> {
  const { progress, ...others } = (options ?? {}) as RmOptions;
  let removed = '';
  const counting: RmOptions = {
    ...others,
    progress: (one) => {
      removed = one;
      progress?.(one);
    },
  };

  try {
    const result = await run([path, counting]);
    log.add(change);
    return result;
  } catch (error) {
    if (removed === path)
      log.add(change);
    else if (removed)
      log.add({ ...change, kind: 'removePart' });
    throw error;
  }
}

async function renaming(disk: Disk, [from, to]: Args): Promise<Plan> {
  return await statOf(disk, to) ? NO_UNDO : { undo: () => disk.rename(to, from) };
}

/** The kernel clears the set-user-ID bits when the owner changes. */
function owning(disk: Disk, path: string, { uid, gid, mode }: Stat): Plan {
  return {
    undo: async () => {
      await disk.chown(path, uid, gid);
      if (mode & 0o6000)
        await disk.chmod(path, mode & 0o7777);
    },
  };
}

async function attribute(disk: Disk, [path, name]: Args): Promise<Plan> {
  try {
    const old = await disk.getXattr(path, name);
    return { undo: () => disk.setXattr(path, name, old), bytes: old.length };
  } catch (error) {
    if (codeOf(error) === 'ENODATA')
      return { undo: () => disk.removeXattr(path, name) };
    throw error;
  }
}

async function writing(disk: Disk, [path]: Args, log: ChangeLog): Promise<Plan> {
  const there = await statOf(disk, path);

  if (!there)
    return { kind: 'create', undo: () => disk.unlink(path) };
  const file = there.kind === 'link' ? await disk.realpath(path) : path;
  return planOf(await restoration(disk, file, await disk.stat(file), log.room));
}

async function removing(disk: Disk, [path]: Args, log: ChangeLog): Promise<Plan> {
  return planOf(await replaceable(disk, path, log.room));
}

function planOf(old: Restoration | null): Plan {
  return old ? { undo: old.restore, bytes: old.bytes } : NO_UNDO;
}

function differs(a: Stat | null, b: Stat | null): boolean {
  return a?.ino !== b?.ino || a?.size !== b?.size || a?.mtime !== b?.mtime;
}
