// SPDX-License-Identifier: GPL-2.0
/*
 * drag.ts - drag files into the browser, out of it, or to another directory
 *
 * An element with data-drop-path accepts drops; its value is the directory that gets the files.
 */
import { isBelow, parentPath } from '@anyfs/core';
import { type DragEvent, useEffect, useRef, useState } from 'react';

import type { BrowserContext } from './context.js';
import { type DroppedFile, bringsFiles, droppedFiles } from './dropped.js';
import type { FileItem } from './item.js';
import { absolute } from './paths.js';

/** Type of dragged files of the browser in a DataTransfer: a JSON list of paths. */
const OWN = 'application/x-anyfs-paths';

export interface DragOptions {
  browser: BrowserContext;
  selected: readonly FileItem[];
  downloadUrl: ((path: string) => string | undefined) | undefined;
  upload(list: (signal: AbortSignal) => Promise<DroppedFile[]>, folder: string): void;
  move(paths: string[], folder: string): void;
}

export interface Drag {
  handlers: Record<'onDragStart' | 'onDragEnd' | 'onDragOver' | 'onDragLeave' | 'onDrop',
    (event: DragEvent<HTMLElement>) => void>;
}

export function useDrag(options: DragOptions): Drag {
  const [target, setTarget] = useState<string | null>(null);
  const own = useRef<string[] | null>(null);
  const root = useRef<HTMLElement | null>(null);
  const { browser } = options;
  useEffect(() => markTargets(root.current, target), [target]);
  const folderOf = (event: DragEvent) => {
    const path = (event.target as Element).closest<HTMLElement>('[data-drop-path]')?.dataset['dropPath'];
    if (path === undefined || !browser.disk)
      return null;
    if (own.current)
      return canMove(own.current, path) ? path : null;
    return bringsFiles(event.dataTransfer) ? path : null;
  };

  return {
    handlers: {
      onDragStart(event) {
        own.current = startDrag(event, options);
      },
      onDragEnd() {
        own.current = null;
        setTarget(null);
      },
      onDragOver(event) {
        root.current = event.currentTarget;
        const folder = folderOf(event);
        if (folder !== null || bringsFiles(event.dataTransfer))
          // Otherwise the web browser would leave the page and open the dropped file.
          event.preventDefault();
        event.dataTransfer.dropEffect = folder === null ? 'none' : own.current ? 'move' : 'copy';
        setTarget(folder);
      },
      onDragLeave(event) {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null))
          setTarget(null);
      },
      onDrop(event) {
        const folder = folderOf(event);
        event.preventDefault();
        setTarget(null);
        if (folder === null)
          return;
        if (own.current)
          options.move(own.current, folder);
        else
          options.upload(droppedFiles(event.dataTransfer), folder);
      },
    },
  };
}

/** Mark the elements that represent directory @path.  Returns a function that removes the marks. */
function markTargets(root: HTMLElement | null, path: string | null): () => void {
  const elements = root && path !== null ?
    [...root.querySelectorAll<HTMLElement>('[data-drop-path]')]
      .filter(({ dataset }) => dataset['dropPath'] === path) : [];

  elements.forEach(({ dataset }) => { dataset['drop'] = ''; });
  return () => elements.forEach(({ dataset }) => { delete dataset['drop']; });
}

/** Whether all @paths can be moved to @folder: none contains @folder or is already in @folder. */
function canMove(paths: string[], folder: string): boolean {
  return paths.every((path) => !isBelow(folder, path) && parentPath(path) !== folder);
}

function startDrag(event: DragEvent<HTMLElement>, { browser, selected, downloadUrl }: DragOptions) {
  const paths = selected.map(({ path }) => path);
  const { dataTransfer } = event;

  if (!paths.length || !(event.target as Element).closest?.('.anyfs-row')) {
    event.preventDefault();
    return null;
  }
  dataTransfer.effectAllowed = 'copyMove';
  dataTransfer.setData(OWN, JSON.stringify(paths));
  dataTransfer.setData('text/plain', paths.map((path) => absolute(browser.mountPath, path)).join('\n'));
  const [file] = selected;
  const url = selected.length === 1 && file?.kind === 'file' ?
    downloadUrl?.(absolute(browser.mountPath, file.path)) : undefined;
  if (file && url)
    dataTransfer.setData('DownloadURL',
      `application/octet-stream:${file.name.replace(/:/g, '_')}:${new URL(url, document.baseURI).href}`);
  return paths;
}
