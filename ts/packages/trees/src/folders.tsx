// SPDX-License-Identifier: GPL-2.0
/*
 * folders.tsx - the tree of folders
 */
import { baseName, joinPath, parentPath, pathParts } from '@anyfs/core';
import { asyncDataLoaderFeature, hotkeysCoreFeature, type ItemInstance } from '@headless-tree/core';
import { useTree } from '@headless-tree/react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef, useState } from 'react';

import { type BrowserContext, useBrowser } from './context.js';
import { FileIcon } from './file-icon.js';
import { Icon } from './icons.js';

interface Folder {
  name: string;
  /** false: the folder is known to contain no folders. */
  parent: boolean;
}

interface FoldersProps {
  path: string;
  navigate(path: string): void;
  showHidden: boolean;
  onMenu(path: string, place: { x: number; y: number }): void;
}

/** Id of the level above the root of the browser; the root is a row, too. */
const TOP = '';

export function Folders(props: FoldersProps): ReactNode {
  const { path, navigate, onMenu } = props;
  const browser = useBrowser();
  const { strings } = browser;
  const scroller = useRef<HTMLDivElement>(null);
  const tree = useFolderTree(browser, props);
  const items = tree.getItems();
  const rows = useVirtualizer({
    count: items.length, getScrollElement: () => scroller.current, estimateSize: () => ROW,
    overscan: 12, getItemKey: (index) => items[index]?.getId() ?? index,
    useFlushSync: false,
  });
  const current = items.findIndex((item) => item.getId() === path);

  useEffect(() => {
    if (current >= 0)
      rows.scrollToIndex(current, { align: 'auto' });
  }, [current, path]);
  return (
    <div className="anyfs-folders" ref={scroller}>
      <div {...tree.getContainerProps(strings.folders)} className="anyfs-tree"
        style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const item = items[index];
          return item && <FolderRow key={key} item={item} start={start} current={index === current}
            onOpen={navigate} onMenu={onMenu} />;
        })}
      </div>
    </div>
  );
}

/** Height of a row in pixels; style.css has the same value. */
const ROW = 30;

interface FolderRowProps {
  item: ItemInstance<Folder>;
  start: number;
  current: boolean;
  onOpen(path: string): void;
  onMenu(path: string, place: { x: number; y: number }): void;
}

function FolderRow({ item, start, current, onOpen, onMenu }: FolderRowProps): ReactNode {
  const { rootLabel } = useBrowser();
  const path = item.getId();
  const { level } = item.getItemMeta();
  const expanded = item.isExpanded();

  return (
    <div {...item.getProps()} className="anyfs-folder" aria-selected={current}
      aria-current={current ? 'page' : undefined} data-drop-path={path}
      aria-label={path === '/' ? rootLabel : baseName(path)}
      style={{ transform: `translateY(${start}px)`, paddingInlineStart: 6 + level * 16 }}
      onClick={() => { item.setFocused(); onOpen(path); }}
      onDoubleClick={() => (expanded ? item.collapse() : item.expand())}
      onContextMenu={(event) => {
        event.preventDefault();
        const { left, bottom } = event.currentTarget.getBoundingClientRect();
        const byKey = event.clientX === 0 && event.clientY === 0;
        onMenu(path, byKey ? { x: left + 24, y: bottom } : { x: event.clientX, y: event.clientY });
      }}>
      <span className="anyfs-twist" data-open={expanded} data-leaf={!item.isFolder()}
        onClick={(event) => {
          event.stopPropagation();
          (expanded ? item.collapse() : item.expand());
        }} onDoubleClick={(event) => event.stopPropagation()}>
        {item.isFolder() && <Icon name="forward" />}
      </span>
      <FileIcon category="folder" open={current} />
      <span className="anyfs-folder-name">{path === '/' ? rootLabel : baseName(path)}</span>
      {item.isLoading() && expanded && <span className="anyfs-spinner" aria-hidden="true" />}
    </div>
  );
}

function useFolderTree(browser: BrowserContext, { path, navigate, showHidden }: FoldersProps) {
  const { directories, rootLabel } = browser;
  const [expandedItems, setExpandedItems] = useState<string[]>(['/']);
  const [focusedItem, setFocusedItem] = useState<string | null>('/');
  const hidden = useRef(showHidden);
  hidden.current = showHidden;
  const tree = useTree<Folder>({
    rootItemId: TOP,
    getItemName: (item) => item.getItemData()?.name ?? baseName(item.getId()),
    isItemFolder: (item) => item.getItemData()?.parent ?? true,
    createLoadingItemData: () => ({ name: '', parent: true }),
    dataLoader: {
      getItem: (id) => ({ name: id === '/' ? rootLabel : baseName(id), parent: true }),
      getChildrenWithData: (id) => childrenOf(browser, id, hidden.current),
    },
    state: { expandedItems, focusedItem }, setExpandedItems, setFocusedItem,
    onPrimaryAction: (item) => navigate(item.getId()),
    hotkeys: {
      customOpen: {
        hotkey: 'Enter', handler: (_, tree) => navigate(tree.getFocusedItem().getId()),
      },
    },
    features: [asyncDataLoaderFeature, hotkeysCoreFeature],
  });
  const reload = (id: string) => void tree.getItemInstance(id).invalidateChildrenIds(true)
    .catch(() => {});

  useEffect(() => {
    const missing = ancestorsOf(path).filter((id) => !expandedItems.includes(id));
    if (missing.length)
      setExpandedItems([...expandedItems, ...missing]);
    setFocusedItem(path);
  }, [path]);
  useEffect(() => directories.onFolders((changed) => {
    if (tree.getState().expandedItems.includes(changed))
      reload(changed);
  }), [directories, tree]);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current)
      expandedItems.forEach(reload);
    first.current = false;
  }, [showHidden]);
  return tree;
}

async function childrenOf({ directories }: BrowserContext, id: string, showHidden: boolean) {
  if (id === TOP)
    return [{ id: '/', data: { name: '/', parent: true } }];
  // A folder that cannot be read is shown as empty here; the table shows the error.
  const folders = await directories.folders(id).catch(() => []);

  return folders.filter(({ name }) => showHidden || !name.startsWith('.')).map(({ name, stat }) => ({
    // A link count of 2 counts the folder's entry and its "."; each folder inside would add one.
    id: joinPath(id, name), data: { name, parent: stat?.nlink !== 2 },
  }));
}

function ancestorsOf(path: string): string[] {
  return path === '/' ? [] :
    ['/', ...pathParts(parentPath(path)).map((_, i, parts) => `/${parts.slice(0, i + 1).join('/')}`)];
}

