// SPDX-License-Identifier: GPL-2.0
/*
 * header.tsx - the column headers: a click sorts, and handles change the width
 */
import type { ReactNode } from 'react';

import { useBrowser } from './context.js';
import { Icon } from './icons.js';
import type { MenuPlace } from './menu.js';
import type { FileTableInstance } from './table.js';

interface HeaderProps {
  table: FileTableInstance;
  onMenu(place: MenuPlace): void;
}

export function Header({ table, onMenu }: HeaderProps): ReactNode {
  const { strings } = useBrowser();
  const headers = table.getHeaderGroups()[0]?.headers ?? [];

  return (
    <div role="rowgroup" className="anyfs-head" onContextMenu={(event) => {
      event.preventDefault();
      onMenu({ x: event.clientX, y: event.clientY });
    }}>
      <div role="row" aria-rowindex={1} className="anyfs-head-row">
        {headers.map((header, i) => {
          const { column } = header;
          const direction = column.getIsSorted();
          const label = String(column.columnDef.header);
          const resize = column.getCanResize() ? header.getResizeHandler() : null;
          return (
            <div key={column.id} role="columnheader" aria-colindex={i + 1}
              className={`anyfs-cell anyfs-cell-${column.id}`}
              aria-sort={direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : 'none'}>
              {resize && <span className="anyfs-handle" aria-hidden="true"
                title={strings.resizeColumn(label)} data-active={column.getIsResizing() || undefined}
                onMouseDown={resize} onTouchStart={resize} onDoubleClick={() => column.resetSize()} />}
              <button type="button" onClick={column.getToggleSortingHandler()}>
                <span>{label}</span>
                {direction && <span className="anyfs-sort" data-direction={direction}>
                  <Icon name="down" /></span>}
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}
