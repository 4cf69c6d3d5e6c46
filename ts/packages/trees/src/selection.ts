// SPDX-License-Identifier: GPL-2.0
/*
 * selection.ts - which files are selected, and which has the keyboard
 *
 * Files are known by name, so that a selection survives sorting and loading.
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

/** From the anchor to @name; with @keep, what was selected before stays. */
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

/** What is still there of @selection. */
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

export function indexOf(items: Items, name: string | null): number {
  return name === null ? -1 : items.findIndex((item) => item.name === name);
}

/** The next file after @from whose name begins with @text, as the user types it. */
export function typedAhead(items: Items, from: number, text: string): FileItem | undefined {
  const start = text.toLowerCase();
  const matches = ({ name }: FileItem) => name.toLowerCase().startsWith(start);

  return items.slice(Math.max(from, 0)).find(matches) ?? items.find(matches);
}
