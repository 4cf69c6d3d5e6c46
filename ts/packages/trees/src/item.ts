// SPDX-License-Identifier: GPL-2.0
/*
 * item.ts - one file of a directory, as the browser shows it
 */
import type { EntryKind, Stat } from '@anyfs/core';

/** The file that a symbolic link leads to. */
export interface LinkTarget {
  /** The text of the link. */
  text: string;
  /** null: the link is broken. */
  stat: Stat | null;
}

export interface FileItem {
  name: string;
  /** From the root of the browser. */
  path: string;
  kind: EntryKind;
  ino: number;
  /** Of a symbolic link: the link itself.  Absent: not loaded yet, or it cannot be read. */
  stat?: Stat | undefined;
  /** Of a symbolic link.  Absent: not loaded yet. */
  link?: LinkTarget | undefined;
}

/** Whether the browser shows what is in @item when it is opened. */
export function isFolder(item: FileItem, followSymlinks: boolean): boolean {
  return item.kind === 'dir' || (followSymlinks && item.link?.stat?.kind === 'dir');
}

export function isHidden({ name }: FileItem): boolean {
  return name.startsWith('.');
}

/** Attributes to show: with @followSymlinks those of the file that a link leads to. */
export function shownStat(item: FileItem, followSymlinks: boolean): Stat | undefined {
  return (followSymlinks && item.link?.stat) || item.stat;
}
