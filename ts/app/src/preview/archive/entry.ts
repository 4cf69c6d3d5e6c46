// SPDX-License-Identifier: GPL-2.0
/*
 * entry.ts - a file or directory in an archive
 */
export interface ArchiveEntry {
  /** Without "/" at its beginning and end. */
  path: string;
  kind: 'file' | 'dir' | 'other';
  size: number;
  /** Seconds since 1970. */
  mtime: number;
  /** The content.  Throws if the archive is damaged, encrypted, or packed in an unknown way. */
  open(signal: AbortSignal): ReadableStream<Uint8Array>;
}

/** Maximum number of entries of an archive that are listed. */
export const MAX_ENTRIES = 200_000;

export class ArchiveError extends Error {}

/** Normalise a path of an archive; ".." is shown as it is. */
export function pathOf(name: string): string {
  return name.split('/').filter((part) => part && part !== '.').join('/');
}
