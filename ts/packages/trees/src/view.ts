// SPDX-License-Identifier: GPL-2.0
/*
 * view.ts - the content of the table: the files of a folder that match the filter, and the
 * selection
 */
import { isBelow, pathParts } from '@anyfs/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { useDirectory } from './context.js';
import type { Directories, Directory, DirectorySnapshot } from './directory.js';
import { type FileItem, isHidden } from './item.js';
import { NOTHING, type Selection, indexOf, only, pruned } from './selection.js';

/**
 * Milliseconds that the last folder stays visible while the next one loads; most folders load
 * faster.
 */
const PATIENCE = 150;

export interface Shown {
  directory: Directory;
  snapshot: DirectorySnapshot;
}

/** The folder @path, or the last folder until @path has something to show. */
export function useShown(directories: Directories, path: string): Shown {
  const directory = useMemo(() => directories.get(path), [directories, path]);
  const snapshot = useDirectory(directory);
  const [late, setLate] = useState<Directory | null>(null);
  const last = useRef<Shown>({ directory, snapshot });
  const ready = !snapshot.loading || snapshot.items.length > 0 || late === directory;

  useEffect(() => {
    const timer = setTimeout(() => setLate(directory), PATIENCE);
    return () => clearTimeout(timer);
  }, [directory]);
  if (ready)
    last.current = { directory, snapshot };
  return last.current;
}

/** The files of @snapshot that match @filter, with or without hidden files. */
export function useFiltered({ items }: DirectorySnapshot, showHidden: boolean,
  filter: string): readonly FileItem[] {
  return useMemo(() => {
    const text = filter.trim().toLowerCase();
    if (showHidden && !text)
      return items;
    return items.filter((item) => (showHidden || !isHidden(item)) &&
      (!text || item.name.toLowerCase().includes(text)));
  }, [items, showHidden, filter]);
}

export interface SelectionState {
  selection: Selection;
  select(selection: Selection): void;
  /** The selected files, in the order of the table. */
  selected: readonly FileItem[];
}

/** Each folder has its own selection; after going up, the folder that was left is selected. */
export function useSelection({ directory, snapshot }: Shown, items: readonly FileItem[],
  from: string | null): SelectionState {
  const kept = useRef(new Map<string, Selection>());
  const [state, setState] = useState({ path: directory.path, selection: NOTHING });
  let { selection } = state;

  if (state.path !== directory.path) {
    selection = comingFrom(from, directory.path) ?? kept.current.get(directory.path) ?? NOTHING;
    setState({ path: directory.path, selection });
  }
  // Memoized, since a selection can have a million names.
  selection = useMemo(() => snapshot.loading || selection === NOTHING ? selection :
    pruned(selection, (name) => directory.find(name) !== undefined),
  [selection, snapshot.items, snapshot.loading, directory]);
  kept.current.set(directory.path, selection);
  const select = useCallback((next: Selection) =>
    setState({ path: directory.path, selection: next }), [directory.path]);
  const selected = useMemo(() => selectedOf(items, selection), [items, selection.names]);

  return { selection, select, selected };
}

/** The selected files of @items, in their order. */
function selectedOf(items: readonly FileItem[], { names }: Selection): readonly FileItem[] {
  if (names.size > 1)
    return items.filter(({ name }) => names.has(name));
  const [name = null] = names;
  const item = items[indexOf(items, name)];
  return item ? [item] : [];
}

function comingFrom(from: string | null, path: string): Selection | null {
  if (from === null || from === path || !isBelow(from, path))
    return null;
  return only(pathParts(from)[pathParts(path).length]!);
}
