// SPDX-License-Identifier: GPL-2.0
/*
 * folders.ts - the entries of one directory of an archive
 */
import type { ArchiveEntry } from './entry.js';

export interface Row {
  name: string;
  folder: boolean;
  /** null: a directory that has no entry of its own in the archive. */
  entry: ArchiveEntry | null;
}

/** The rows of @folder: directories first, by name.  Of entries with equal paths, the last one. */
export function rowsIn(entries: readonly ArchiveEntry[], folder: string): Row[] {
  const prefix = folder ? `${folder}/` : '';
  const rows = new Map<string, Row>();

  for (const entry of entries) {
    if (!entry.path.startsWith(prefix) || entry.path.length === prefix.length)
      continue;
    const [name, ...rest] = entry.path.slice(prefix.length).split('/') as [string, ...string[]];
    if (!rest.length)
      rows.set(name, { name, folder: entry.kind === 'dir', entry });
    else if (!rows.get(name)?.folder)
      rows.set(name, { name, folder: true, entry: null });
  }
  return [...rows.values()].sort((a, b) => Number(b.folder) - Number(a.folder) || a.name.localeCompare(b.name));
}
