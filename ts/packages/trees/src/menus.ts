// SPDX-License-Identifier: GPL-2.0
/*
 * menus.ts - the entries of the browser's menus
 */
import { baseName, parentPath } from '@anyfs/core';
import type { Actions } from './actions.js';
import { COLUMNS } from './columns.js';
import type { BrowserContext } from './context.js';
import { chosenFiles } from './dropped.js';
import type { FileItem } from './item.js';
import type { MenuEntry } from './menu.js';
import type { ColumnId } from './order.js';
import { absolute } from './paths.js';
import type { AnyfsFileBrowserProps } from './props.js';
import { all } from './selection.js';
import type { SelectionState } from './view.js';

/**
 * "files": the context menu of the table; "view", "more": the menus of these buttons; "columns":
 * the context menu of the headers; otherwise the context menu of a folder in the tree.
 */
export type MenuKind = 'files' | 'view' | 'more' | 'columns' | { folder: string };

interface MenuOptions {
  browser: BrowserContext;
  props: AnyfsFileBrowserProps;
  actions: Actions;
  choice: SelectionState;
  items: readonly FileItem[];
  /** The directory that is shown. */
  path: string;
  columns: readonly ColumnId[];
  setColumns(columns: readonly ColumnId[]): void;
  showHidden: boolean;
  setShowHidden(show: boolean): void;
  refresh(): void;
  filter(): void;
  narrow: boolean;
}

export function useMenus(options: MenuOptions): (kind: MenuKind) => {
  label: string;
  entries: MenuEntry[];
} {
  const { strings } = options.browser;

  return (kind) => {
    if (typeof kind === 'object')
      return { label: baseName(kind.folder) || options.browser.rootLabel, entries: folderMenu(options, kind.folder) };
    if (kind === 'view' || kind === 'columns')
      return { label: strings.view, entries: viewMenu(options, kind === 'columns') };
    const { selected } = options.choice;
    return (kind === 'files' || options.narrow) && selected.length ?
      { label: strings.more, entries: filesMenu(options, selected) } :
      { label: strings.more, entries: emptyMenu(options, kind === 'more') };
  };
}

function filesMenu(options: MenuOptions, files: readonly FileItem[]): MenuEntry[] {
  const { browser, actions, props } = options;
  const { strings, disk } = browser;
  const one = files.length === 1 ? files[0] : undefined;
  const downloads = props.onDownload || files.some((item) => (item.link?.stat ?? item).kind === 'file');

  return joined([
    [
      one && { id: 'open', label: strings.open, icon: 'open', keys: '↵', run: () => actions.open(one) },
      downloads && { id: 'download', label: strings.download, icon: 'download', run: () => actions.download(files) },
    ],
    ownActions(options, files),
    [
      disk && { id: 'cut', label: strings.cut, icon: 'cut', keys: 'Ctrl+X', run: () => actions.cutFiles(files) },
      { id: 'copy-path', label: strings.copyPath, icon: 'copy', run: () => actions.copyPath(files) },
      disk && one && { id: 'rename', label: strings.rename, icon: 'rename', keys: 'F2', run: () => actions.rename(one) },
      disk && { id: 'delete', label: strings.delete, icon: 'trash', keys: 'Del', danger: true, run: () => actions.remove(files) },
    ],
    [{ id: 'properties', label: strings.properties, icon: 'info', keys: 'Alt+↵',
      run: () => actions.showProperties(files) }],
  ]);
}

/** The menu of the table itself, without selected files. */
function emptyMenu(options: MenuOptions, more: boolean): MenuEntry[] {
  const { browser, actions, path, choice, items, narrow } = options;
  const { strings, disk } = browser;

  return joined([
    [
      disk && { id: 'new-folder', label: strings.newFolder, icon: 'newFolder', keys: 'Ctrl+Shift+N', run: actions.newFolder },
      disk && { id: 'upload', label: strings.upload, icon: 'upload', run: () => choose(options, false) },
      disk && { id: 'upload-folder', label: strings.uploadFolder, icon: 'upload', run: () => choose(options, true) },
      disk && { id: 'paste', label: strings.paste, icon: 'paste', keys: 'Ctrl+V', disabled: !actions.cut.size, run: actions.paste },
    ],
    [
      { id: 'select-all', label: strings.selectAll, icon: 'selectAll', keys: 'Ctrl+A', disabled: !items.length,
        run: () => choice.select(all(items, choice.selection.focus ?? items[0]!.name)) },
      { id: 'refresh', label: strings.refresh, icon: 'refresh', keys: 'F5', run: options.refresh },
    ],
    // A narrow toolbar has no buttons for these entries.
    more && narrow && [
      { id: 'filter', label: strings.filter, icon: 'search', run: options.filter },
      ...viewMenu(options, false),
    ],
    [{ id: 'properties', label: strings.properties, icon: 'info', run: () => void showFolder(options, path) }],
  ]);
}

function folderMenu(options: MenuOptions, folder: string): MenuEntry[] {
  const { browser, actions } = options;
  const { strings, disk } = browser;
  const item = async () => itemAt(browser, folder);

  return joined([
    [options.props.onDownload && { id: 'download', label: strings.download, icon: 'download',
      run: () => void item().then((one) => actions.download([one])) }],
    [
      { id: 'copy-path', label: strings.copyPath, icon: 'copy', run: () => void item().then((one) => actions.copyPath([one])) },
      disk && folder !== '/' && { id: 'delete', label: strings.delete, icon: 'trash', danger: true,
        run: () => void item().then((one) => actions.remove([one])) },
    ],
    [{ id: 'properties', label: strings.properties, icon: 'info', run: () => void showFolder(options, folder) }],
  ]);
}

function viewMenu(options: MenuOptions, onlyColumns: boolean): MenuEntry[] {
  const { browser, columns, setColumns, showHidden, setShowHidden, narrow } = options;
  const { strings } = browser;
  const switches = narrow ? [] : COLUMNS.filter((id) => id !== 'name').map((id): MenuEntry => ({
    id: `column-${id}`, label: strings.columns[id], checked: columns.includes(id),
    run: () => setColumns(columns.includes(id) ? columns.filter((one) => one !== id) :
      COLUMNS.filter((one) => one === id || columns.includes(one))),
  }));

  return joined([switches, [!onlyColumns && {
    id: 'hidden', label: strings.hiddenFiles, checked: showHidden, run: () => setShowHidden(!showHidden),
  }]]);
}

function ownActions({ props, browser }: MenuOptions, files: readonly FileItem[]): MenuEntry[] {
  return (props.actions ?? []).filter(({ isEnabled }) => isEnabled?.(files) ?? true)
    .map(({ id, label, icon, run }) => ({
      id, label, icon, run: () => run(files.map(({ path }) => absolute(browser.mountPath, path)), files),
    }));
}

/** The entries of @groups with a separator between two groups; false and null are skipped. */
function joined(groups: (false | (MenuEntry | false | null | undefined)[])[]): MenuEntry[] {
  return groups.map((group) => (group || []).filter((entry) => !!entry))
    .filter((group) => group.length)
    .flatMap((group, i): MenuEntry[] => i ? ['separator', ...group] : group);
}

async function showFolder({ browser, actions }: MenuOptions, folder: string): Promise<void> {
  actions.showProperties([await itemAt(browser, folder)]);
}

/** The item at @path, even if its directory is not loaded. */
async function itemAt({ files, mountPath, directories, rootLabel }: BrowserContext,
  path: string): Promise<FileItem> {
  const known = path === '/' ? undefined : directories.peek(parentPath(path))?.find(baseName(path));
  const stat = known?.stat ?? await files.stat(absolute(mountPath, path)).catch(() => undefined);

  return known ?? { name: baseName(path) || rootLabel, path, kind: 'dir', ino: stat?.ino ?? 0, stat };
}

/** Let the user choose files of the host, and upload them. */
function choose({ actions, path }: MenuOptions, folders: boolean): void {
  const input = document.createElement('input');

  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = folders;
  input.onchange = () => {
    const list = chosenFiles(input.files!);
    if (list.length)
      actions.upload(() => Promise.resolve(list), path);
  };
  input.click();
}
