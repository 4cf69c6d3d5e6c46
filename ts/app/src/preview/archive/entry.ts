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

/** Archives with more entries are not listed to their end. */
export const MAX_ENTRIES = 200_000;

export class ArchiveError extends Error {}

/** A path as archives have it; names that lead out of a directory are shown as they are. */
export function pathOf(name: string): string {
  return name.split('/').filter((part) => part && part !== '.').join('/');
}
