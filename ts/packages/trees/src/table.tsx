// SPDX-License-Identifier: GPL-2.0
/*
 * table.tsx - the files of a directory as a table; only the visible rows are in the page
 */
import { type SortingState, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties, type MouseEvent, type PointerEvent, type ReactNode, type RefObject,
  useEffect, useLayoutEffect, useMemo, useRef,
} from 'react';

import { columnsOf, features } from './columns.js';
import { useBrowser } from './context.js';
import { Header } from './header.js';
import type { FileItem } from './item.js';
import { type KeyCommands, useTableKeys } from './keyboard.js';
import type { MenuPlace } from './menu.js';
import type { ColumnId } from './order.js';
import { type RenameProps, Row } from './row.js';
import { type Selection, indexOf, only, rangeTo, toggled } from './selection.js';

export interface FileTableProps {
  /** The directory: each has its own scroll position. */
  path: string;
  items: readonly FileItem[];
  busy: boolean;
  selection: Selection;
  select(selection: Selection): void;
  sorting: SortingState;
  setSorting(sorting: SortingState): void;
  columns: Record<ColumnId, boolean>;
  narrow: boolean;
  /** Taller rows, for touch screens. */
  tall: boolean;
  renaming: { name: string; props: RenameProps } | null;
  cut: ReadonlySet<string>;
  commands: KeyCommands;
  onOpen(item: FileItem): void;
  onMenu(place: MenuPlace): void;
  onHeaderMenu(place: MenuPlace): void;
  grid: RefObject<HTMLDivElement | null>;
  /** Scroll positions of the directories. */
  positions: Map<string, number>;
  children?: ReactNode;
}

const NO_DATA: FileItem[] = [];
/** Height of the header in pixels; style.css has the same value. */
const HEADER = 34;

export function FileTable(props: FileTableProps): ReactNode {
  const { items, selection, select, narrow, tall, renaming, cut, grid, commands, busy } = props;
  const { strings, id } = useBrowser();
  const height = narrow ? 56 : tall ? 44 : 32;
  const table = useColumns(props);
  const columns = narrow ? ['name' as const] :
    table.getVisibleLeafColumns().map((column) => column.id as ColumnId);
  const focus = indexOf(items, selection.focus);
  const rows = useRows(props, height, focus);
  const onKeyDown = useTableKeys({
    items, selection, select, commands,
    page: Math.max(1, Math.floor(((grid.current?.clientHeight ?? 0) - HEADER) / height) - 1),
  });
  const pointer = usePointer(props);
  const template = templateOf(table, columns);
  const shown = rows.getVirtualItems();

  return (
    <div className="anyfs-pane">
      <div ref={grid} className="anyfs-grid" role="grid" tabIndex={0} aria-label={strings.browser}
        aria-multiselectable="true" aria-rowcount={items.length + 1} aria-colcount={columns.length}
        aria-busy={busy} data-narrow={narrow || undefined}
        aria-activedescendant={shown.some(({ index }) => index === focus) ? `${id}-row-${focus}` : undefined}
        style={{ '--anyfs-template': template } as CSSProperties}
        onKeyDown={(event) => {
          // Keys on the buttons of the header belong to these buttons.
          if (event.target === event.currentTarget)
            onKeyDown(event);
        }} {...pointer}>
        {!narrow && <Header table={table} onMenu={props.onHeaderMenu} />}
        <div role="rowgroup" className="anyfs-rows" style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const item = items[index];
            return item && <Row key={item.name} item={item} index={index} start={start}
              height={height} columns={columns} selected={selection.names.has(item.name)}
              focused={index === focus} cut={cut.has(item.path)} narrow={narrow} draggable={!tall}
              rename={renaming?.name === item.name ? renaming.props : null} />;
          })}
        </div>
      </div>
      {props.children}
    </div>
  );
}

export type FileTableInstance = ReturnType<typeof useColumns>;

function useColumns({ sorting, setSorting, columns: columnVisibility }: FileTableProps) {
  const { strings } = useBrowser();
  const columns = useMemo(() => columnsOf(strings), [strings]);

  return useTable({
    features, columns, data: NO_DATA,
    state: { sorting, columnVisibility },
    onSortingChange: (next) => setSorting(typeof next === 'function' ? next(sorting) : next),
    manualSorting: true, enableSortingRemoval: false, enableMultiSort: false,
    // The handle is at the left edge of a column, because the name column takes the remaining
    // width.
    columnResizeMode: 'onChange', columnResizeDirection: 'rtl',
  });
}

function templateOf(table: FileTableInstance, columns: readonly ColumnId[]): string {
  return columns.map((column) => column === 'name' ? 'minmax(12rem, 1fr)' :
    `${table.getColumn(column)!.getSize()}px`).join(' ');
}

function useRows({ path, items, grid, positions, sorting, selection }: FileTableProps,
  height: number, focus: number) {
  const rows = useVirtualizer({
    count: items.length, getScrollElement: () => grid.current, estimateSize: () => height,
    overscan: 12,
  });

  useLayoutEffect(() => rows.measure(), [height, rows]);
  useAnchor(path, items, height, grid, positions, sorting);
  // Scroll to the focused row when the focus moves.
  const last = useRef(selection.focus);
  useEffect(() => {
    if (focus >= 0 && last.current !== selection.focus)
      showRow(grid.current!, focus, height);
    last.current = selection.focus;
  }, [selection.focus, focus, height]);
  return rows;
}

function showRow(grid: HTMLElement, index: number, height: number): void {
  const header = grid.querySelector('.anyfs-head')?.clientHeight ?? 0;
  const top = index * height;
  const space = grid.clientHeight - header;

  if (top < grid.scrollTop)
    grid.scrollTop = top;
  else if (top + height > grid.scrollTop + space)
    grid.scrollTop = top + height - space;
}

/**
 * Keep the scroll position: visible rows stay in place when entries are added above them, and
 * each directory has its own position.
 */
function useAnchor(path: string, items: readonly FileItem[], height: number,
  grid: RefObject<HTMLDivElement | null>, positions: Map<string, number>,
  sorting: SortingState): void {
  const last = useRef({ path, items, sorting });

  useLayoutEffect(() => {
    const element = grid.current!;
    const before = last.current;
    last.current = { path, items, sorting };
    if (before.path !== path) {
      element.scrollTop = positions.get(path) ?? 0;
      return;
    }
    const first = Math.floor(element.scrollTop / height);
    const name = before.items[first]?.name;
    if (before.items === items || before.sorting !== sorting || !element.scrollTop || !name)
      return;
    const now = indexOf(items, name);
    if (now >= 0 && now !== first)
      element.scrollTop += (now - first) * height;
  }, [path, items, height, sorting]);
  useEffect(() => {
    const element = grid.current!;
    const remember = () => { positions.set(last.current.path, element.scrollTop); };
    element.addEventListener('scroll', remember, { passive: true });
    return () => element.removeEventListener('scroll', remember);
  }, []);
}

/** Clicks and touches on rows. */
function usePointer(props: FileTableProps) {
  const { items, selection, select, onOpen, onMenu } = props;
  const itemOf = (event: { target: EventTarget }) => {
    const row = (event.target as Element).closest<HTMLElement>('.anyfs-row');
    return row ? items[Number(row.dataset['index'])] : undefined;
  };
  const isHeader = (event: { target: EventTarget }) =>
    (event.target as Element).closest('.anyfs-head') !== null;
  const touch = useRef(false);
  /** A long touch has selected a file: further touches select or unselect further files. */
  const selecting = useRef(false);

  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      touch.current = event.pointerType === 'touch';
      const item = itemOf(event);
      if (touch.current || event.button !== 0 || isHeader(event))
        return;
      if (!item)
        select({ names: new Set(), focus: selection.focus, anchor: selection.anchor });
      else if (event.shiftKey)
        select(rangeTo(selection, item.name, items, event.ctrlKey));
      else if (event.ctrlKey || event.metaKey)
        select(toggled(selection, item.name));
      else if (!selection.names.has(item.name))
        select(only(item.name));
    },
    onClick(event: MouseEvent<HTMLElement>) {
      const item = itemOf(event);
      if (!item)
        return;
      if (!touch.current) {
        if (!event.shiftKey && !event.ctrlKey && !event.metaKey && selection.names.size > 1)
          select(only(item.name));
      } else if (selecting.current && selection.names.size) {
        select(toggled(selection, item.name));
      } else {
        selecting.current = false;
        onOpen(item);
      }
    },
    onDoubleClick(event: MouseEvent<HTMLElement>) {
      const item = itemOf(event);
      if (item && !touch.current && !event.ctrlKey && !event.shiftKey)
        onOpen(item);
    },
    onContextMenu(event: MouseEvent<HTMLElement>) {
      if (isHeader(event) || (event.target as Element).closest('input'))
        return;
      event.preventDefault();
      const item = itemOf(event);
      selecting.current = touch.current && item !== undefined;
      // The event came from the keyboard: keydown has already opened the menu.
      if (!item && event.clientX === 0 && event.clientY === 0)
        return;
      if (item && !selection.names.has(item.name))
        select(only(item.name));
      else if (!item)
        select({ names: new Set(), focus: selection.focus, anchor: selection.anchor });
      onMenu({ x: event.clientX, y: event.clientY });
    },
  };
}
