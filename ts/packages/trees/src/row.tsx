// SPDX-License-Identifier: GPL-2.0
/*
 * row.tsx - one file in the table
 */
import { type ReactNode, memo, useEffect, useRef, useState } from 'react';

import { nameError } from './changes.js';
import { Cell, ModifiedCell, SizeCell } from './columns.js';
import { useBrowser } from './context.js';
import { FileIcon } from './file-icon.js';
import { categoryOf, kindLabelOf } from './file-types.js';
import { type FileItem, isFolder } from './item.js';
import type { ColumnId } from './order.js';

export interface RowProps {
  item: FileItem;
  index: number;
  start: number;
  height: number;
  columns: readonly ColumnId[];
  selected: boolean;
  focused: boolean;
  cut: boolean;
  draggable: boolean;
  /** Fewer columns: size and time are below the name. */
  narrow: boolean;
  /** The name is being edited. */
  rename: RenameProps | null;
}

export interface RenameProps {
  exists(name: string): boolean;
  onDone(name: string | null): void;
}

/** Events are handled by the table, so that rows need no functions. */
export const Row = memo(function Row(props: RowProps): ReactNode {
  const { item, index, start, height, columns, selected, focused, cut, draggable, rename } = props;
  const { id, followSymlinks } = useBrowser();

  return (
    <div role="row" id={`${id}-row-${index}`} aria-rowindex={index + 2} aria-selected={selected}
      className="anyfs-row" data-name={item.name} data-index={index}
      data-focused={focused || undefined} data-cut={cut || undefined}
      data-hidden={item.name.startsWith('.') || undefined}
      data-drop-path={isFolder(item, followSymlinks) ? item.path : undefined}
      draggable={draggable && !rename}
      style={{ height, transform: `translateY(${start}px)` }}>
      {columns.map((column, i) =>
        <div key={column} role="gridcell" aria-colindex={i + 1}
          className={`anyfs-cell anyfs-cell-${column}`}>
          {column === 'name' ? <NameCell {...props} /> : <Cell id={column} item={item} />}
        </div>)}
    </div>
  );
});

function NameCell({ item, narrow, rename }: RowProps): ReactNode {
  const { strings, followSymlinks } = useBrowser();
  const category = categoryOf(item, followSymlinks);
  const broken = category === 'broken';

  return (
    <>
      <FileIcon category={category} link={item.kind === 'link'} />
      {rename ? <RenameInput name={item.name} folder={category === 'folder'} {...rename} /> :
        <span className="anyfs-name" data-broken={broken || undefined}
          title={item.link ? `${item.name} → ${item.link.text}` : item.name}>
          <span className="anyfs-name-text">{item.name}</span>
          {item.kind === 'link' &&
            <span className="anyfs-sr">{` (${kindLabelOf(item, strings, followSymlinks)})`}</span>}
          {narrow && <span className="anyfs-second-line"><Details item={item} /></span>}
        </span>}
      {broken && !narrow && !rename &&
        <span className="anyfs-tag">{strings.kinds.broken}</span>}
    </>
  );
}

function Details({ item }: { item: FileItem }): ReactNode {
  const { followSymlinks } = useBrowser();

  return (
    <>
      {!isFolder(item, followSymlinks) && <><SizeCell item={item} />{' · '}</>}
      <ModifiedCell item={item} />
    </>
  );
}

interface RenameInputProps extends RenameProps {
  name: string;
  folder: boolean;
}

/** Enter or leaving the field renames the file; Escape cancels. */
export function RenameInput({ name, folder, exists, onDone }: RenameInputProps): ReactNode {
  const { strings, id } = useBrowser();
  const [text, setText] = useState(name);
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  const error = text === name ? null : nameError(text, exists, strings);
  const finish = (result: string | null) => {
    if (done.current)
      return;
    // onDone() moves the focus, and the blur event calls this function again.
    done.current = true;
    onDone(result);
  };

  useEffect(() => {
    const dot = folder ? -1 : name.lastIndexOf('.');
    input.current!.focus({ preventScroll: true });
    input.current!.setSelectionRange(0, dot > 0 ? dot : name.length);
  }, []);
  return (
    <span className="anyfs-rename">
      <input ref={input} value={text} spellCheck={false} autoCapitalize="off" autoComplete="off"
        aria-label={strings.nameOf(name)} aria-invalid={error !== null}
        aria-describedby={error ? `${id}-rename-error` : undefined}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => finish(error || text === name ? null : text)}
        onPointerDown={(event) => event.stopPropagation()}
        onClick={(event) => event.stopPropagation()}
        onDoubleClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape')
            finish(null);
          else if (event.key === 'Enter' && !error)
            finish(text === name ? null : text);
        }} />
      {error && <span className="anyfs-bubble" role="alert" id={`${id}-rename-error`}>{error}</span>}
    </span>
  );
}
