// SPDX-License-Identifier: GPL-2.0
/*
 * downloads.ts - download files as they are, and directories as archives
 */
import { type Disk, type Partition, baseName, parentPath } from '@anyfs/core';
import { streamOfParts } from '@anyfs/core/serve';

import { download } from '../stream/save.js';
import type { Say } from '../text/text.js';
import type { Work } from '../ui/WorkDialog.js';
import { entriesOf } from './entries.js';
import { tarOf } from './tar.js';
import { zipOf } from './zip.js';

export type ArchiveKind = 'tar' | 'zip';

export async function fileDownload(disk: Disk, path: string, say: Say): Promise<Work> {
  const { size } = await disk.statFollow(path);
  const name = baseName(path);

  return {
    title: say('download.file', { name }), total: size,
    run: (signal, show) => download({ name, size, stream: disk.readStream(path, { signal }) }, show),
  };
}

export function archiveDownload(disk: Disk, paths: readonly string[], kind: ArchiveKind,
  partitions: readonly Partition[], say: Say): Work {
  const base = baseName(paths.length === 1 ? paths[0]! : parentPath(paths[0]!));
  const name = `${base || 'disk'}.${kind}`;

  return {
    title: say('download.file', { name }), total: null,
    run: (signal, show) => {
      const entries = entriesOf(disk, paths, partitions, signal);
      const stream = streamOfParts(kind === 'tar' ? tarOf(entries) : zipOf(entries));
      return download({ name, size: null, stream }, show);
    },
  };
}
