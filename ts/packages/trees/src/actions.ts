// SPDX-License-Identifier: GPL-2.0
/*
 * actions.ts - what the user can do with files: the functions behind keys, menus and buttons
 */
import { joinPath, parentPath } from '@anyfs/core';
import { useRef, useState } from 'react';

import { freeName, moveFiles, removeFiles, renameFile } from './changes.js';
import type { BrowserContext } from './context.js';
import type { Directory } from './directory.js';
import { downloadFile } from './download.js';
import type { DroppedFile } from './dropped.js';
import { type FileItem, isFolder } from './item.js';
import { absolute } from './paths.js';
import type { AnyfsFileBrowserProps } from './props.js';
import type { Conflict } from './questions.js';
import { only, type Selection } from './selection.js';
import type { TaskControl } from './tasks.js';
import { type Answer, uploadFiles } from './upload.js';

interface ActionOptions {
  browser: BrowserContext;
  props: AnyfsFileBrowserProps;
  directory: Directory;
  selected: readonly FileItem[];
  select(selection: Selection): void;
  navigate(path: string): void;
  focusTable(): void;
}

type SetConflicts = (change: (waiting: readonly Conflict[]) => readonly Conflict[]) => void;
export type Actions = ReturnType<typeof useActions>;

export function useActions(options: ActionOptions) {
  const latest = useRef(options);
  latest.current = options;
  const [renaming, setRenaming] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<readonly FileItem[] | null>(null);
  const [properties, setProperties] = useState<readonly FileItem[] | null>(null);
  const [conflicts, setConflicts] = useState<readonly Conflict[]>([]);
  const [cut, setCut] = useState<ReadonlySet<string>>(new Set());
  const [actions] = useState(() => {
    const now = () => latest.current;
    const paste = () => {
      const { browser, directory } = now();
      const paths = [...cutNow.current].filter((path) => parentPath(path) !== directory.path);
      if (browser.disk && paths.length)
        move(paths, directory.path);
    };
    const move = (paths: string[], folder: string) => {
      const { browser } = now();
      setCut(new Set());
      void browser.tasks.run(browser.strings.moving(paths.length), 'items',
        (control) => moveFiles(browser, paths, folder, control));
    };
    return {
      open: (item: FileItem) => openItem(now(), item),
      download: (items: readonly FileItem[]) => download(now(), items),
      newFolder: () => void newFolder(now(), setRenaming),
      rename: (item: FileItem) => { if (now().browser.disk) setRenaming(item.name); },
      finishRename: (item: FileItem, name: string | null) => {
        setRenaming(null);
        now().focusTable();
        if (name !== null)
          void rename(now(), item, name);
      },
      remove: (items: readonly FileItem[]) => {
        if (now().browser.disk && items.length)
          setDeleting(items);
      },
      finishRemove: (yes: boolean) => {
        if (yes)
          removeNow(now(), deletingNow.current!);
        setDeleting(null);
        now().focusTable();
      },
      showProperties: (items: readonly FileItem[]) => { if (items.length) setProperties(items); },
      closeProperties: () => { setProperties(null); now().focusTable(); },
      upload: (list: (signal: AbortSignal) => Promise<DroppedFile[]>, folder: string) =>
        upload(now(), list, folder, setConflicts),
      cutFiles: (items: readonly FileItem[]) => {
        if (now().browser.disk)
          setCut(new Set(items.map(({ path }) => path)));
      },
      paste, move,
      copyPath: (items: readonly FileItem[]) => void copyPaths(now().browser, items),
      clear: () => setCut(new Set()),
    };
  });
  const deletingNow = useRef(deleting);
  deletingNow.current = deleting;
  const cutNow = useRef(cut);
  cutNow.current = cut;

  return { ...actions, renaming, deleting, properties, conflict: conflicts[0] ?? null, cut };
}

function openItem({ browser, props, navigate }: ActionOptions, item: FileItem): void {
  const { mountPath, strings, followSymlinks } = browser;
  const activate = props.onFileActivate ?? props.onOpen;

  if (isFolder(item, followSymlinks))
    return navigate(item.path);
  if (item.link && !item.link.stat)
    return showFailure(browser, strings.cannotRead(item.name), new Error(strings.brokenLink(item.link.text)));
  if (activate)
    activate({ relPath: item.path, mountPath, path: absolute(mountPath, item.path), item });
  else
    download({ browser, props } as ActionOptions, [item]);
}

function download({ browser, props }: Pick<ActionOptions, 'browser' | 'props'>,
  items: readonly FileItem[]): void {
  if (props.onDownload)
    return props.onDownload(items.map(({ path }) => absolute(browser.mountPath, path)));
  for (const item of items)
    if ((item.link?.stat ?? item).kind === 'file')
      void browser.tasks.run(browser.strings.downloading(item.name), 'bytes',
        (control) => downloadFile(browser, item, control));
}

async function newFolder({ browser, directory, select }: ActionOptions,
  edit: (name: string) => void): Promise<void> {
  const { disk, mountPath, strings } = browser;
  const name = freeName(strings.newFolderName, (one) => directory.find(one) !== undefined);
  const path = joinPath(directory.path, name);

  try {
    await disk?.mkdir(absolute(mountPath, path));
    browser.changed(path);
    await directory.update(name);
    browser.announce(strings.created(name));
    select(only(name));
    edit(name);
  } catch (error) {
    showFailure(browser, strings.cannotChange(name), error);
  }
}

async function rename({ browser, directory, select }: ActionOptions, item: FileItem,
  name: string): Promise<void> {
  try {
    await renameFile(browser, item.path, name);
    await directory.update(name);
    select(only(name));
    browser.announce(browser.strings.renamed(item.name, name));
  } catch (error) {
    showFailure(browser, browser.strings.cannotChange(item.name), error);
  }
}

function removeNow({ browser, directory, navigate }: ActionOptions, items: readonly FileItem[]): void {
  const paths = items.map(({ path }) => path);

  void browser.tasks.run(browser.strings.deleting(items.length), 'items', async (control) => {
    const text = await removeFiles(browser, paths, control);
    browser.announce(text);
    return text;
  });
  // The user may have deleted the shown folder in the tree.
  const above = paths.find((path) => directory.path === path || directory.path.startsWith(`${path}/`));
  if (above !== undefined)
    navigate(parentPath(above));
}

function upload({ browser }: ActionOptions, list: (signal: AbortSignal) => Promise<DroppedFile[]>,
  folder: string, setConflicts: SetConflicts): void {
  const { strings, tasks } = browser;

  void tasks.run(strings.scanning, 'bytes', async (control) => {
    const found = await list(control.signal);
    control.update({ title: strings.copying(found.length) });
    const text = await uploadFiles(browser, found, folder,
      (path) => askConflict(path, control, setConflicts), control);
    browser.announce(text);
    return text;
  });
}

/** Queue a question for the user; cancelling the question stops the whole upload. */
function askConflict(path: string, control: TaskControl, setConflicts: SetConflicts) {
  return new Promise<{ answer: Answer; forAll: boolean }>((resolve, reject) => {
    const end = (settle: () => void) => {
      setConflicts((waiting) => waiting.filter((one) => one !== conflict));
      settle();
    };
    const { signal } = control;
    const conflict: Conflict = {
      path, resolve: (answer) => end(() => resolve(answer)), cancel: control.cancel,
    };
    signal.addEventListener('abort', () => end(() => reject(signal.reason as Error)), { once: true });
    setConflicts((waiting) => [...waiting, conflict]);
  });
}

async function copyPaths(browser: BrowserContext, items: readonly FileItem[]): Promise<void> {
  try {
    await navigator.clipboard.writeText(items.map(({ path }) =>
      absolute(browser.mountPath, path)).join('\n'));
    browser.announce(browser.strings.pathCopied);
  } catch (error) {
    showFailure(browser, browser.strings.copyPath, error);
  }
}

/** Show an error as a task that has failed. */
function showFailure({ tasks }: BrowserContext, title: string, error: unknown): void {
  void tasks.run(title, 'items', () => Promise.reject(error as Error));
}
