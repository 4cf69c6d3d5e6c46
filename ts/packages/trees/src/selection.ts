// SPDX-License-Identifier: GPL-2.0
/*
 * selection.ts - the selected files, and the file with the focus
 *
 * Files are identified by name, so that a selection survives sorting and reloading.
 */
import type { FileItem } from './item.js';

export interface Selection {
  names: ReadonlySet<string>;
  /** The file that keys act on. */
  focus: string | null;
  /** The file where a range begins. */
  anchor: string | null;
}

export const NOTHING: Selection = { names: new Set(), focus: null, anchor: null };

type Items = readonly FileItem[];

export function only(name: string): Selection {
  return { names: new Set([name]), focus: name, anchor: name };
}

export function toggled({ names }: Selection, name: string): Selection {
  const next = new Set(names);

  if (!next.delete(name))
    next.add(name);
  return { names: next, focus: name, anchor: name };
}

/** Select from the anchor to @name; with @keep, files that were selected before stay selected. */
export function rangeTo(selection: Selection, name: string, items: Items, keep: boolean): Selection {
  const to = indexOf(items, name);
  const anchored = indexOf(items, selection.anchor);
  const from = anchored < 0 ? to : anchored;
  const names = new Set(keep ? selection.names : []);

  for (let i = Math.min(from, to); i <= Math.max(from, to); i++)
    names.add(items[i]!.name);
  return { names, focus: name, anchor: items[from]?.name ?? name };
}

export function all(items: Items, focus: string | null): Selection {
  return { names: new Set(items.map(({ name }) => name)), focus, anchor: focus };
}

/** Remove the files that no longer exist from @selection. */
export function pruned(selection: Selection, has: (name: string) => boolean): Selection {
  const names = [...selection.names].filter(has);
  const gone = (name: string | null) => name !== null && !has(name);

  if (names.length === selection.names.size && !gone(selection.focus) && !gone(selection.anchor))
    return selection;
  return {
    names: new Set(names),
    focus: gone(selection.focus) ? names[0] ?? null : selection.focus,
    anchor: gone(selection.anchor) ? names[0] ?? null : selection.anchor,
  };
}

/** For each list, the index of the last name that indexOf() found. */
const lastIndex = new WeakMap<Items, number>();

/**
 * The index of file @name in @items; -1: not found.  The search starts where the last one ended,
 * because keys move the focus by a few rows and a list can have a million entries.
 */
export function indexOf(items: Items, name: string | null): number {
  if (name === null)
    return -1;
  const start = lastIndex.get(items) ?? 0;
  let found = -1;
  // Reading an array outside its bounds is slow.
  for (let i = 0; found < 0 && (start + i < items.length || i <= start); i++)
    if (start + i < items.length && items[start + i]!.name === name)
      found = start + i;
    else if (i <= start && items[start - i]!.name === name)
      found = start - i;
  if (found >= 0)
    lastIndex.set(items, found);
  return found;
}

/** The next file after @from whose name begins with @text, which the user types. */
export function typedAhead(items: Items, from: number, text: string): FileItem | undefined {
  const start = text.toLowerCase();

  for (let i = 0; i < items.length; i++) {
    const item = items[(Math.max(from, 0) + i) % items.length]!;
    if (item.name.slice(0, start.length).toLowerCase() === start)
      return item;
  }
  return undefined;
}
