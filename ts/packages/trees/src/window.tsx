// SPDX-License-Identifier: GPL-2.0
/*
 * window.tsx - the parts of the browser - toolbar, tree, table, preview - and their common state
 */
import { type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from 'react';

import { type Actions, useActions } from './actions.js';
import { useBrowser } from './context.js';
import { useDrag } from './drag.js';
import { FilterBar } from './filter-bar.js';
import { Folders } from './folders.js';
import { type FileItem, isFolder } from './item.js';
import type { KeyCommands } from './keyboard.js';
import { Menu, type MenuPlace } from './menu.js';
import { type MenuKind, useMenus } from './menus.js';
import { useNavigation } from './navigation.js';
import type { ColumnId, Order } from './order.js';
import type { AnyfsFileBrowserProps } from './props.js';
import { Properties } from './properties.js';
import { DeleteQuestion, ReplaceQuestion } from './questions.js';
import { indexOf, only } from './selection.js';
import { Shell, useCoarsePointer, useRoom } from './shell.js';
import { Splitter } from './splitter.js';
import { StatusBar } from './status-bar.js';
import { FileTable } from './table.js';
import { TaskList } from './task-list.js';
import { Toolbar } from './toolbar.js';
import { Notice } from './notice.js';
import { type SelectionState, useFiltered, useSelection, useShown } from './view.js';

type Sorting = Pick<Order, 'column' | 'descending'>;
type WindowProps = AnyfsFileBrowserProps & {
  order: Sorting;
  setOrder(order: Sorting): void;
};

/** Default widths of the two panes in pixels. */
const SIDE = 232;
const PREVIEW = 320;

export function Window(props: WindowProps): ReactNode {
  const { order, setOrder, defaultShowHidden = true } = props;
  const browser = useBrowser();
  const { directories, strings, id } = browser;
  const [room, setWidth] = useRoom();
  const coarse = useCoarsePointer();
  const grid = useRef<HTMLDivElement>(null);
  const positions = useRef(new Map<string, number>());
  const navigation = useNavigation({
    path: props.path, defaultPath: props.defaultPath ?? '/', onPathChange: props.onPathChange,
    hash: props.hash ?? true,
  });
  const { navigate } = navigation;
  const shown = useShown(directories, navigation.path);
  const { path } = shown.directory;
  const [showHidden, setShowHidden] = useState(defaultShowHidden);
  const [filter, setFilter] = useState<string | null>(null);
  const items = useFiltered(shown.snapshot, showHidden, filter ?? '');
  const choice = useSelection(shown, items, navigation.from);
  const { selection, select, selected } = choice;
  const focusTable = useFocus(grid);
  const actions = useActions({
    browser, props, directory: shown.directory, selected, select, navigate, focusTable,
  });
  const [foldersOpen, setFoldersOpen] = useState<boolean | null>(null);
  const [sideWidth, setSideWidth] = useState(SIDE);
  const [previewOpen, setPreviewOpen] = useState(props.defaultPreviewOpen ?? true);
  const [previewWidth, setPreviewWidth] = useState(PREVIEW);
  const [editing, setEditing] = useState(false);
  const [menu, setMenu] = useState<{ kind: MenuKind; place: MenuPlace } | null>(null);
  const [chosen, setChosen] = useState<readonly ColumnId[] | null>(props.defaultColumns ?? null);
  const columns = chosen ?? columnsFor(room.width);
  const sideShows = foldersOpen ?? !room.narrow;
  const showsPreview = props.renderPreview !== undefined && previewOpen && room.wide;
  const drag = useDrag({
    browser, selected, downloadUrl: props.downloadUrl, upload: actions.upload, move: actions.move,
  });
  const go = useCallback((to: string) => {
    navigate(to);
    if (room.narrow)
      setFoldersOpen(false);
  }, [navigate, room.narrow]);
  const menus = useMenus({
    browser, props, actions, choice, items, path, columns, setColumns: setChosen, showHidden,
    setShowHidden, refresh: () => directories.refresh(path), narrow: room.narrow,
    filter: () => setFilter(''),
  });
  const commands = commandsOf({
    ...navigation, actions, choice, items, setEditing, path,
    refresh: () => directories.refresh(path),
    filter: () => setFilter((text) => text ?? ''),
    clearFilter: () => setFilter(null),
    menu: () => setMenu({ kind: 'files', place: placeOfFocus(grid.current!) }),
    isFolder: (item) => isFolder(item, browser.followSymlinks),
  });

  useSelectionCallback(props, choice.selected);
  useEffect(() => setFilter(null), [path]);
  useEffect(() => {
    if (!shown.snapshot.loading)
      browser.announce(strings.opened(path, shown.snapshot.items.length));
  }, [path, shown.snapshot.loading]);
  const renamed = actions.renaming === null ? undefined : shown.directory.find(actions.renaming);
  return (
    <Shell {...props} onWidth={setWidth} attributes={{ ...drag.handlers, onKeyDown: (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'l') {
        event.preventDefault();
        setEditing(true);
      }
    } }}>
      <Toolbar navigation={navigation} narrow={room.narrow} foldersOpen={sideShows}
        toggleFolders={() => setFoldersOpen(!sideShows)} editing={editing}
        setEditing={(on) => { setEditing(on); if (!on) focusTable(); }}
        filtering={filter !== null} toggleFilter={() => setFilter(filter === null ? '' : null)}
        previewOpen={props.renderPreview && room.wide ? previewOpen : null}
        togglePreview={() => setPreviewOpen(!previewOpen)} newFolder={actions.newFolder}
        onView={(place) => setMenu({ kind: 'view', place })}
        onMore={(place) => setMenu({ kind: 'more', place })} props={props} />
      <div className="anyfs-main">
        {sideShows && room.narrow &&
          <div className="anyfs-shade" onClick={() => setFoldersOpen(false)} />}
        {sideShows &&
          <aside className="anyfs-side" id={`${id}-side`} data-drawer={room.narrow || undefined}
            style={{ width: room.narrow ? undefined : sideWidth }} aria-label={strings.folders}>
            <Folders path={navigation.path} navigate={go} showHidden={showHidden}
              onMenu={(folder, place) => setMenu({ kind: { folder }, place })} />
          </aside>}
        {sideShows && !room.narrow &&
          <Splitter label={strings.resizeFolders} controls={`${id}-side`} width={sideWidth}
            setWidth={setSideWidth} min={140} max={480} standard={SIDE} />}
        <section className="anyfs-content" data-drop-path={path}>
          {filter !== null && <FilterBar text={filter} setText={setFilter} onDone={focusTable} />}
          <FileTable path={path} items={items} busy={shown.snapshot.loading} selection={selection}
            select={select} narrow={room.narrow} tall={coarse} grid={grid} cut={actions.cut}
            positions={positions.current} commands={commands}
            sorting={[{ id: order.column, desc: order.descending }]}
            setSorting={([next]) => next &&
              setOrder({ column: next.id as ColumnId, descending: next.desc })}
            columns={visibilityOf(columns)} onOpen={actions.open}
            onMenu={(place) => setMenu({ kind: 'files', place })}
            onHeaderMenu={(place) => setMenu({ kind: 'columns', place })}
            renaming={renamed ? { name: renamed.name, props: {
              exists: (name) => shown.directory.find(name) !== undefined,
              onDone: (name) => actions.finishRename(renamed, name),
            } } : null}>
            <Notice shown={shown} items={items} />
          </FileTable>
          <StatusBar snapshot={shown.snapshot} items={items} selected={selected} />
        </section>
        {showsPreview &&
          <>
            <Splitter end label={strings.preview} controls={`${id}-preview`} width={previewWidth}
              setWidth={setPreviewWidth} min={200} max={720} standard={PREVIEW} />
            <aside className="anyfs-preview" id={`${id}-preview`} aria-label={strings.preview}
              style={{ width: previewWidth }}>
              {props.renderPreview!(selected.length === 1 ? selected[0]! : null)}
            </aside>
          </>}
      </div>
      <TaskList />
      {menu && <Menu {...menus(menu.kind)} place={menu.place} onClose={() => setMenu(null)} />}
      <Dialogs actions={actions} />
    </Shell>
  );
}

/** A function that focuses the table when the focused element has left the page. */
function useFocus(grid: RefObject<HTMLDivElement | null>): () => void {
  const [asked, setAsked] = useState(0);

  useEffect(() => {
    if (asked && document.activeElement === document.body)
      grid.current?.focus({ preventScroll: true });
  }, [asked]);
  return useCallback(() => setAsked((times) => times + 1), []);
}

function Dialogs({ actions }: { actions: Actions }): ReactNode {
  return (
    <>
      {actions.deleting && <DeleteQuestion items={actions.deleting} onAnswer={actions.finishRemove} />}
      {actions.conflict && <ReplaceQuestion key={actions.conflict.path} conflict={actions.conflict} />}
      {actions.properties && <Properties items={actions.properties} onClose={actions.closeProperties} />}
    </>
  );
}

/** The default columns for @width, until the user chooses columns. */
function columnsFor(width: number): ColumnId[] {
  return width < 820 ? ['name', 'size', 'modified'] : ['name', 'size', 'modified', 'kind'];
}

function visibilityOf(columns: readonly ColumnId[]): Record<ColumnId, boolean> {
  const shows = (id: ColumnId) => columns.includes(id);

  return {
    name: true, size: shows('size'), modified: shows('modified'), kind: shows('kind'),
    owner: shows('owner'), mode: shows('mode'),
  };
}

function useSelectionCallback({ onSelectionChange }: AnyfsFileBrowserProps, selected: readonly FileItem[]) {
  const tell = useRef(onSelectionChange);
  tell.current = onSelectionChange;

  // The braces drop the result of the callback: React would call it as a cleanup function.
  useEffect(() => { tell.current?.(selected); }, [selected]);
}

/** The place of a context menu that is opened by a key. */
function placeOfFocus(grid: HTMLElement): MenuPlace {
  const row = grid.querySelector('[data-focused]') ?? grid;
  const { left, top, height } = row.getBoundingClientRect();

  return { x: left + 48, y: top + Math.min(height, 40) };
}

interface CommandParts {
  actions: Actions;
  choice: SelectionState;
  items: readonly FileItem[];
  path: string;
  back(): void;
  forward(): void;
  up(): void;
  setEditing(editing: boolean): void;
  refresh(): void;
  filter(): void;
  clearFilter(): void;
  menu(): void;
  isFolder(item: FileItem): boolean;
}

function commandsOf(parts: CommandParts): KeyCommands {
  const { actions, choice, items } = parts;
  const focused = items[indexOf(items, choice.selection.focus)];
  const targets = choice.selected.length ? choice.selected : focused ? [focused] : [];
  const one = targets.length === 1 ? targets[0] : undefined;

  return {
    open: () => {
      if (one)
        actions.open(one);
      else
        targets.filter((item) => !parts.isFolder(item)).forEach(actions.open);
    },
    back: parts.back, forward: parts.forward, up: parts.up,
    rename: () => { if (one) actions.rename(one); },
    remove: () => actions.remove(targets),
    properties: () => actions.showProperties(targets),
    newFolder: actions.newFolder,
    editLocation: () => parts.setEditing(true),
    filter: parts.filter, refresh: parts.refresh,
    cut: () => actions.cutFiles(targets), paste: actions.paste,
    menu: () => {
      if (focused && !choice.selected.length)
        choice.select(only(focused.name));
      parts.menu();
    },
    clear: () => {
      actions.clear();
      parts.clearFilter();
      choice.select({ names: new Set(), focus: choice.selection.focus, anchor: null });
    },
  };
}
