// SPDX-License-Identifier: GPL-2.0
/*
 * search.ts - find files by name or content
 */
import type { Disk, Stat } from '@anyfs/core';

export interface Query {
  root: string;
  /** A part of the name, or a pattern with "*" and "?". */
  name: string;
  /** A text in the file; "": any. */
  content: string;
}

export interface Found {
  path: string;
  stat: Stat | undefined;
  /** The first line that contains the text. */
  line: string;
}

export interface Progress {
  /** Entries that were compared with the query. */
  looked: number;
  /** The path of the entry that was compared last. */
  path: string;
}

/** Characters of a line that are shown. */
const SHOWN = 160;

/** @param progress called with each entry */
export async function* search(disk: Disk, { root, name, content }: Query, signal: AbortSignal,
  progress: (progress: Progress) => void): AsyncGenerator<Found> {
  const matches = nameMatcher(name);
  let looked = 0;

  for await (const { path, entry, stat } of disk.walk(root, { signal, stats: true })) {
    progress({ looked: ++looked, path });
    if (!matches(entry.name))
      continue;
    if (!content)
      yield { path, stat, line: '' };
    else if (entry.kind === 'file') {
      // Skip a file that cannot be read; opening it reports why.
      const line = await lineWith(disk, path, content, signal).catch(() => null);
      signal.throwIfAborted();
      if (line !== null)
        yield { path, stat, line };
    }
  }
}

function nameMatcher(name: string): (name: string) => boolean {
  const wanted = name.toLowerCase();

  if (!/[*?]/.test(wanted))
    return (one) => one.toLowerCase().includes(wanted);
  const pattern = wanted.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  const regexp = new RegExp(`^${pattern}$`, 'su');
  return (one) => regexp.test(one.toLowerCase());
}

/** The first line of a file that contains @text, ignoring case; null: none. */
async function lineWith(disk: Disk, path: string, text: string, signal: AbortSignal): Promise<string | null> {
  const wanted = text.toLowerCase();
  const decoder = new TextDecoder();
  let rest = '';

  for await (const part of disk.readStream(path, { signal })) {
    const chunk = rest + decoder.decode(part, { stream: true });
    const at = chunk.toLowerCase().indexOf(wanted);
    if (at >= 0) {
      const start = Math.max(chunk.lastIndexOf('\n', at) + 1, at - SHOWN / 2);
      return chunk.slice(start, start + SHOWN).split('\n', 1)[0]!.trim();
    }
    // The text may span two parts.
    rest = chunk.slice(-SHOWN - text.length);
  }
  return null;
}
