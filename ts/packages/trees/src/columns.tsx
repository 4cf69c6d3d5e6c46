// SPDX-License-Identifier: GPL-2.0
/*
 * columns.tsx - the columns of the table
 */
import { fmtMode } from '@anyfs/core';
import {
  type ColumnDef, columnResizingFeature, columnSizingFeature, columnVisibilityFeature,
  rowSortingFeature, tableFeatures,
} from '@tanstack/react-table';
import { type ReactNode, useSyncExternalStore } from 'react';

import { useBrowser } from './context.js';
import { kindLabelOf } from './file-types.js';
import { hasTimes } from './format.js';
import { type FileItem, isFolder, shownStat } from './item.js';
import type { ColumnId } from './order.js';
import type { Strings } from './strings.js';

export const features = tableFeatures({
  columnSizingFeature, columnResizingFeature, columnVisibilityFeature, rowSortingFeature,
});

export const COLUMNS: readonly ColumnId[] = ['name', 'size', 'modified', 'kind', 'owner', 'mode'];

const WIDTHS: Record<ColumnId, number> = {
  name: 260, size: 92, modified: 188, kind: 158, owner: 110, mode: 124,
};

const CELLS: Record<Exclude<ColumnId, 'name'>, (props: { item: FileItem }) => ReactNode> = {
  size: SizeCell, modified: ModifiedCell, kind: KindCell, owner: OwnerCell, mode: ModeCell,
};

/** The table sorts nothing itself: the directory keeps its files in order. */
export function columnsOf(strings: Strings): ColumnDef<typeof features, FileItem>[] {
  return COLUMNS.map((id) => ({
    id,
    accessorFn: (item: FileItem) => item.name,
    header: strings.columns[id],
    size: WIDTHS[id],
    minSize: 64,
    maxSize: 480,
    enableResizing: id !== 'name',
    enableHiding: id !== 'name',
    sortDescFirst: id === 'size' || id === 'modified',
  }));
}

/** The content of a cell; row.tsx has the content of the name's cell. */
export function Cell({ id, item }: { id: ColumnId; item: FileItem }): ReactNode {
  const Content = CELLS[id as keyof typeof CELLS];

  return <span className="anyfs-cell-text"><Content item={item} /></span>;
}

export function SizeCell({ item }: { item: FileItem }): ReactNode {
  const { formats, strings, followSymlinks } = useBrowser();
  const stat = shownStat(item, followSymlinks);

  if (!stat || stat.kind !== 'file' || isFolder(item, followSymlinks))
    return <span className="anyfs-faint">{strings.unknown}</span>;
  return formats.size(stat.size);
}

export function ModifiedCell({ item }: { item: FileItem }): ReactNode {
  const { formats, strings, followSymlinks } = useBrowser();
  const stat = shownStat(item, followSymlinks);

  return hasTimes(stat) ? formats.time(stat.mtime) :
    <span className="anyfs-faint">{strings.unknown}</span>;
}

function KindCell({ item }: { item: FileItem }): ReactNode {
  const { strings, followSymlinks } = useBrowser();

  return kindLabelOf(item, strings, followSymlinks);
}

function OwnerCell({ item }: { item: FileItem }): ReactNode {
  const { owners, strings, followSymlinks } = useBrowser();
  const { users } = useSyncExternalStore(owners.subscribe, owners.get, owners.get);
  const stat = shownStat(item, followSymlinks);

  return stat ? users.get(stat.uid) ?? stat.uid : strings.unknown;
}

function ModeCell({ item }: { item: FileItem }): ReactNode {
  const { strings, followSymlinks } = useBrowser();
  const stat = shownStat(item, followSymlinks);

  return stat ? <code>{fmtMode(stat.mode)}</code> : strings.unknown;
}
