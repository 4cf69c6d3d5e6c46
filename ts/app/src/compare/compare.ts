// SPDX-License-Identifier: GPL-2.0
/*
 * compare.ts - list the differences between two directories and everything below them
 */
import { type Disk, type Stat, joinPath } from '@anyfs/core';

export type Difference =
  | { kind: 'added' | 'removed'; path: string; stat: Stat | undefined }
  | { kind: 'changed'; path: string; stat: Stat; reasons: Reason[] };
export type Reason = 'type' | 'size' | 'content' | 'mode' | 'owner' | 'time' | 'target';

export interface Side {
  disk: Disk;
  /** The directory. */
  root: string;
}

/** Compare @old with @now.  @param progress called with the number of entries that were examined */
export async function* compare(old: Side, now: Side, signal: AbortSignal,
  progress: (count: number, path: string) => void): AsyncGenerator<Difference> {
  const before = new Map<string, Stat | undefined>();
  let count = 0;

  for await (const { path, stat } of old.disk.walk(old.root, { signal, stats: true })) {
    before.set(below(old.root, path), stat);
    progress(++count, path);
  }
  for await (const { path, stat } of now.disk.walk(now.root, { signal, stats: true })) {
    const name = below(now.root, path);
    progress(++count, path);
    if (!before.has(name)) {
      yield { kind: 'added', path: name, stat };
      continue;
    }
    const was = before.get(name);
    before.delete(name);
    if (!was || !stat)
      continue;
    const reasons = await reasonsFor({ ...old, name, stat: was }, { ...now, name, stat }, signal);
    if (reasons.length)
      yield { kind: 'changed', path: name, stat, reasons };
  }
  for (const [path, stat] of before)
    yield { kind: 'removed', path, stat };
}

type File = Side & { name: string; stat: Stat };

async function reasonsFor(a: File, b: File, signal: AbortSignal): Promise<Reason[]> {
  const reasons: Reason[] = [];

  if (a.stat.kind !== b.stat.kind)
    return ['type'];
  if (a.stat.kind === 'file' && a.stat.size !== b.stat.size)
    reasons.push('size');
  else if (a.stat.kind === 'file' && !await sameContent(a, b, signal))
    reasons.push('content');
  if (a.stat.kind === 'link' && await a.disk.readlink(fullPath(a)) !== await b.disk.readlink(fullPath(b)))
    reasons.push('target');
  if (a.stat.mode !== b.stat.mode)
    reasons.push('mode');
  if (a.stat.uid !== b.stat.uid || a.stat.gid !== b.stat.gid)
    reasons.push('owner');
  // Do not compare the times of directories: they change with the entries, which are reported
  // themselves.
  if (a.stat.kind === 'file' && a.stat.mtime !== b.stat.mtime)
    reasons.push('time');
  return reasons;
}

/** Compare the contents of two files of the same size. */
async function sameContent(a: File, b: File, signal: AbortSignal): Promise<boolean> {
  const PART = 1 << 20;
  await using one = await a.disk.open(fullPath(a));
  await using other = await b.disk.open(fullPath(b));

  for (let offset = 0; offset < a.stat.size; offset += PART) {
    signal.throwIfAborted();
    const [x, y] = await Promise.all([one.read(offset, PART), other.read(offset, PART)]);
    if (x.length !== y.length || x.some((byte, i) => byte !== y[i]))
      return false;
  }
  return true;
}

function below(root: string, path: string): string {
  return path.slice(root === '/' ? 0 : root.length);
}

function fullPath({ root, name }: File): string {
  return joinPath(root, name.slice(1));
}
