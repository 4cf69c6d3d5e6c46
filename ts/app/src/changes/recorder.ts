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

/** The calls that change a disk. */
export type Verb = 'mkdir' | 'symlink' | 'link' | 'rename' | 'chmod' | 'chown' | 'lchown' | 'utimes' | 'lutimes' |
  'setXattr' | 'removeXattr' | 'unlink' | 'rm' | 'rmdir' | 'writeFile' | 'open';
type Args<V extends Verb> = Parameters<Disk[V]>;

/** How to undo a call, from the state of the disk that was read before the call. */
interface Plan {
  undo: Entry['undo'];
  bytes?: number;
  /** The kind of the change, if it differs from the name of the call. */
  kind?: ChangeKind;
}

/** Make the call; with other parameters if they are given. */
type Run<V extends Verb> = (args?: Args<V>) => Promise<unknown>;

interface Call<V extends Verb> {
  kind: ChangeKind;
  /** The path that changes, if it is not the first parameter. */
  path?(args: Args<V>): string;
  /** The path to which the call moves the file. */
  to?(args: Args<V>): string;
  /** If plan() fails, the call is recorded without a way to undo it. */
  plan(disk: Disk, args: Args<V>, log: ChangeLog): Promise<Plan>;
  /** Make the call and record @change, if that is not the same for all calls. */
  make?(recorder: Recorder, change: Entry, args: Args<V>, run: Run<V>): Promise<unknown>;
}

interface Recorder {
  disk: Disk;
  log: ChangeLog;
  uploads: Uploads;
}

const NO_UNDO: Plan = { undo: null };

const calls: { readonly [V in Verb]: Call<V> } = {
  mkdir: { kind: 'mkdir', plan: async (disk, [path]) => ({ undo: () => disk.rmdir(path) }) },
  symlink: {
    kind: 'symlink', path: ([, path]) => path, plan: async (disk, [, path]) => ({ undo: () => disk.unlink(path) }),
  },
  link: {
    kind: 'create', path: ([, path]) => path, plan: async (disk, [, path]) => ({ undo: () => disk.unlink(path) }),
  },
  rename: { kind: 'rename', to: ([, to]) => to, plan: planRename },
  chmod: {
    kind: 'chmod', plan: async (disk, [path]) => {
      const { mode } = await disk.statFollow(path);
      return { undo: () => disk.chmod(path, mode & 0o7777) };
    },
  },
  chown: { kind: 'chown', plan: async (disk, [path]) => planOwner(disk, path, await disk.statFollow(path)) },
  lchown: {
    kind: 'chown', plan: async (disk, [path]) => {
      const stat = await disk.stat(path);
      return stat.kind === 'link' ? { undo: () => disk.lchown(path, stat.uid, stat.gid) } : planOwner(disk, path, stat);
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
  setXattr: { kind: 'attribute', plan: planXattr },
  removeXattr: { kind: 'attribute', plan: planXattr },
  unlink: { kind: 'remove', plan: planRemove },
  rm: {
    kind: 'remove', make: removeCounted,
    plan: async (disk, [path, options], log) =>
      planOf(await treeRestoration(disk, path, log.room, options?.signal)),
  },
  rmdir: {
    kind: 'remove', plan: async (disk, [path]) => {
      const { restore, bytes } = await directoryRestoration(disk, path);
      return { undo: restore, bytes };
    },
  },
  writeFile: { kind: 'write', plan: planWrite, make: write },
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
      return isVerb(name) ? recordedCall(recorder, name) : member.bind(target) as unknown;
    },
  });
}

function isVerb(name: string | symbol): name is Verb {
  return Object.hasOwn(calls, name);
}

function recordedCall<V extends Verb>(recorder: Recorder, verb: V): (...args: Args<V>) => Promise<unknown> {
  const { disk } = recorder;
  const method = disk[verb] as (...args: Args<V>) => Promise<unknown>;

  return (...args) => {
    const run: Run<V> = (changed = args) => method.apply(disk, changed);
    const reads = verb === 'open' && (args[1] ?? 'r') === 'r';
    return reads ? run() : record(recorder, verb, args, run);
  };
}

async function record<V extends Verb>(recorder: Recorder, verb: V, args: Args<V>, run: Run<V>): Promise<unknown> {
  const { disk, log, uploads } = recorder;
  const call: Call<V> = calls[verb];
  const path = call.path?.(args) ?? args[0];
  const to = call.to?.(args);

  if (await uploads.includes(verb, path))
    return uploads.record(verb, path, to, run);
  // Ignore an error here: the call itself will fail, too, and report a better error.
  const plan = await call.plan(disk, args, log).catch(() => NO_UNDO);
  const change: Entry = { kind: call.kind, path, bytes: 0, ...plan, ...(to === undefined ? {} : { to }) };

  if (call.make)
    return call.make(recorder, change, args, run);
  const result = await run();
  log.add(change, to !== undefined && isTemporary(path));
  return result;
}

/** After an error record the change if the file differs: a part of it may have been written. */
async function write({ disk, log }: Recorder, change: Entry, [path]: Args<'writeFile'>,
  run: Run<'writeFile'>): Promise<void> {
  const before = await statOf(disk, path).catch(() => null);

  try {
    await run();
    log.add(change);
  } catch (error) {
    if (differs(before, await statOf(disk, path).catch(() => null)))
      log.add(change);
    throw error;
  }
}

/** Record a removal that has failed or was cancelled half-way as the removal of a part. */
async function removeCounted({ log }: Recorder, change: Entry, [path, options = {}]: Args<'rm'>,
  run: Run<'rm'>): Promise<unknown> {
  const { progress, ...others } = options;
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

async function planRename(disk: Disk, [from, to]: Args<'rename'>): Promise<Plan> {
  return await statOf(disk, to) ? NO_UNDO : { undo: () => disk.rename(to, from) };
}

/** The kernel clears the set-user-ID bits when the owner changes. */
function planOwner(disk: Disk, path: string, { uid, gid, mode }: Stat): Plan {
  return {
    undo: async () => {
      await disk.chown(path, uid, gid);
      if (mode & 0o6000)
        await disk.chmod(path, mode & 0o7777);
    },
  };
}

async function planXattr(disk: Disk, [path, name]: Args<'setXattr' | 'removeXattr'>): Promise<Plan> {
  try {
    const old = await disk.getXattr(path, name);
    return { undo: () => disk.setXattr(path, name, old), bytes: old.length };
  } catch (error) {
    if (codeOf(error) === 'ENODATA')
      return { undo: () => disk.removeXattr(path, name) };
    throw error;
  }
}

async function planWrite(disk: Disk, [path]: Args<'writeFile'>, log: ChangeLog): Promise<Plan> {
  const there = await statOf(disk, path);

  if (!there)
    return { kind: 'create', undo: () => disk.unlink(path) };
  const file = there.kind === 'link' ? await disk.realpath(path) : path;
  return planOf(await restoration(disk, file, await disk.stat(file), log.room));
}

async function planRemove(disk: Disk, [path]: Args<'unlink'>, log: ChangeLog): Promise<Plan> {
  return planOf(await replaceable(disk, path, log.room));
}

function planOf(old: Restoration | null): Plan {
  return old ? { undo: old.restore, bytes: old.bytes } : NO_UNDO;
}

function differs(a: Stat | null, b: Stat | null): boolean {
  return a?.ino !== b?.ino || a?.size !== b?.size || a?.mtime !== b?.mtime;
}
