// SPDX-License-Identifier: GPL-2.0
/*
 * downloads.ts - download files as they are, and directories as archives
 */
import type { Disk, Partition } from '@anyfs/core';

import { download } from '../stream/save.js';
import type { Say } from '../text/text.js';
import type { Work } from '../ui/WorkDialog.js';
import { entriesOf, streamOf } from './entries.js';
import { tarOf } from './tar.js';
import { zipOf } from './zip.js';

export type ArchiveKind = 'tar' | 'zip';

export async function fileDownload(disk: Disk, path: string, say: Say): Promise<Work> {
  const { size } = await disk.statFollow(path);
  const name = nameOf(path);

  return {
    title: say('download.file', { name }), total: size,
    run: (signal, show) =>
      download({ name, size, stream: disk.readStream(path, { signal }) }, (bytes) => show(() => bytes)),
  };
}

export function archiveDownload(disk: Disk, paths: readonly string[], kind: ArchiveKind,
  partitions: readonly Partition[], say: Say): Work {
  const base = paths.length === 1 ? nameOf(paths[0]!) : nameOf(parentOf(paths[0]!));
  const name = `${base || 'disk'}.${kind}`;

  return {
    title: say('download.file', { name }), total: null,
    run: (signal, show) => {
      const entries = entriesOf(disk, paths, partitions, signal);
      const stream = streamOf(kind === 'tar' ? tarOf(entries) : zipOf(entries));
      return download({ name, size: null, stream }, (bytes) => show(() => bytes));
    },
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
