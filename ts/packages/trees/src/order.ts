// SPDX-License-Identifier: GPL-2.0
/*
 * order.ts - the order of the files in a table
 */
import { type FileItem, isFolder, shownStat } from './item.js';
import { compareStrings, naturalKey } from './natural.js';
import { kindLabelOf } from './file-types.js';
import type { Strings } from './strings.js';

export type ColumnId = 'name' | 'size' | 'modified' | 'kind' | 'owner' | 'mode';

export interface Order {
  column: ColumnId;
  descending: boolean;
  followSymlinks: boolean;
  strings: Strings;
}

/** Up to this many items are sorted without a pause, in a few milliseconds. */
const AT_ONCE = 20_000;
/** Milliseconds of work between two pauses. */
const SLICE = 12;

interface Keyed {
  item: FileItem;
  folder: boolean;
  name: string;
  value: number | string;
}

/**
 * Sort @items by @order.  Many items are sorted in slices of time, so that the page stays
 * responsive.
 */
export function sorted(items: readonly FileItem[], order: Order,
  signal?: AbortSignal): FileItem[] | Promise<FileItem[]> {
  const compare = comparison(order);

  if (items.length <= AT_ONCE)
    return items.map((item) => keyed(item, order)).sort(compare).map(({ item }) => item);
  return sortedInSlices(items, order, compare, signal);
}

function keyed(item: FileItem, order: Order): Keyed {
  return {
    item, folder: isFolder(item, order.followSymlinks), name: naturalKey(item.name),
    value: valueOf(item, order),
  };
}

function valueOf(item: FileItem, { column, followSymlinks, strings }: Order): number | string {
  const stat = shownStat(item, followSymlinks);

  switch (column) {
    case 'name':
      return 0;
    case 'size':
      return isFolder(item, followSymlinks) ? -1 : stat?.size ?? -1;
    case 'modified':
      return stat?.mtime ?? 0;
    case 'kind':
      return kindLabelOf(item, strings, followSymlinks).toLowerCase();
    case 'owner':
      return stat ? stat.uid * 2 ** 20 + stat.gid : -1;
    case 'mode':
      return stat?.mode ?? -1;
  }
}

/** Folders come first in both directions. */
function comparison({ descending }: Order): (a: Keyed, b: Keyed) => number {
  const sign = descending ? -1 : 1;

  return (a, b) => {
    if (a.folder !== b.folder)
      return a.folder ? -1 : 1;
    if (a.value !== b.value)
      return a.value < b.value ? -sign : sign;
    return sign * (compareStrings(a.name, b.name) || compareStrings(a.item.name, b.item.name));
  };
}

/** Sort runs that fit into a slice of time, and merge the runs. */
async function sortedInSlices(items: readonly FileItem[], order: Order,
  compare: (a: Keyed, b: Keyed) => number, signal?: AbortSignal): Promise<FileItem[]> {
  const pause = makePause(signal);
  let runs: Keyed[][] = [];

  for (let at = 0; at < items.length; at += AT_ONCE / 4) {
    runs.push(items.slice(at, at + AT_ONCE / 4).map((item) => keyed(item, order)).sort(compare));
    await pause();
  }
  while (runs.length > 1) {
    const merged: Keyed[][] = [];
    for (let i = 0; i < runs.length; i += 2)
      merged.push(runs[i + 1] ? await mergedRuns(runs[i]!, runs[i + 1]!, compare, pause) : runs[i]!);
    runs = merged;
  }
  return runs[0]!.map(({ item }) => item);
}

async function mergedRuns(a: Keyed[], b: Keyed[], compare: (a: Keyed, b: Keyed) => number,
  pause: () => Promise<void> | void): Promise<Keyed[]> {
  const all = new Array<Keyed>(a.length + b.length);
  let i = 0;
  let j = 0;

  for (let at = 0; at < all.length; at++) {
    if (at % 4096 === 0)
      await pause();
    all[at] = j >= b.length || (i < a.length && compare(a[i]!, b[j]!) <= 0) ? a[i++]! : b[j++]!;
  }
  return all;
}

/** Returns a function that lets other events run if the slice of time is used up. */
function makePause(signal?: AbortSignal): () => Promise<void> | void {
  let start = performance.now();

  return () => {
    signal?.throwIfAborted();
    if (performance.now() - start < SLICE)
      return;
    return new Promise((resolve) => setTimeout(() => {
      start = performance.now();
      resolve();
    }));
  };
}
