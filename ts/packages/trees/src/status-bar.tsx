// SPDX-License-Identifier: GPL-2.0
/*
 * status-bar.tsx - the line below the files: how many there are, and what is selected
 */
import { type ReactNode, useMemo } from 'react';

import { useBrowser } from './context.js';
import type { DirectorySnapshot } from './directory.js';
import { type FileItem, isFolder } from './item.js';

interface StatusBarProps {
  snapshot: DirectorySnapshot;
  /** The files that match the filter. */
  items: readonly FileItem[];
  selected: readonly FileItem[];
}

export function StatusBar({ snapshot, items, selected }: StatusBarProps): ReactNode {
  const { strings } = useBrowser();
  const shown = useSummary(items);
  const picked = useSummary(selected);

  return (
    <footer className="anyfs-status">
      <span>
        {snapshot.error ? '' : snapshot.loading ? strings.loadingItems(snapshot.loaded) :
          snapshot.items.length === items.length ? shown :
            strings.shown(items.length, snapshot.items.length)}
      </span>
      {selected.length > 0 && <span>{strings.selected(selected.length)}: {picked}</span>}
    </footer>
  );
}

/** "3 folders, 12 files, 4.5 MiB" */
function useSummary(items: readonly FileItem[]): string {
  const { strings, formats, followSymlinks } = useBrowser();

  return useMemo(() => {
    let folders = 0;
    let bytes = 0;
    for (const item of items) {
      if (isFolder(item, followSymlinks))
        folders++;
      else if (item.kind === 'file')
        bytes += item.stat?.size ?? 0;
    }
    const files = items.length - folders;
    return [
      folders > 0 && strings.folderCount(folders),
      (files > 0 || !folders) && strings.fileCount(files),
      files > 0 && formats.size(bytes),
    ].filter(Boolean).join(', ');
  }, [items, followSymlinks, strings, formats]);
}
