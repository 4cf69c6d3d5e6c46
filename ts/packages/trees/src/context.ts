// SPDX-License-Identifier: GPL-2.0
/*
 * context.ts - the state and functions that all parts of a browser share
 */
import type { Disk } from '@anyfs/core';
import type { Files } from '@anyfs/react';
import { createContext, useContext, useSyncExternalStore } from 'react';

import type { Directories, Directory, DirectorySnapshot } from './directory.js';
import type { Formats } from './format.js';
import type { Owners } from './owners.js';
import type { Strings } from './strings.js';
import type { Tasks } from './tasks.js';

export interface BrowserContext {
  files: Files;
  /** null: read-only. */
  disk: Disk | null;
  mountPath: string;
  rootLabel: string;
  followSymlinks: boolean;
  directories: Directories;
  owners: Owners;
  tasks: Tasks;
  strings: Strings;
  formats: Formats;
  /**
   * Report that the file at @path, which begins at the root of the browser, was made, changed or
   * removed.
   */
  changed(path: string): void;
  /** Make screen readers say @text. */
  announce(text: string): void;
  /** Ids of elements begin with this. */
  id: string;
}

export const Context = createContext<BrowserContext | null>(null);

export function useBrowser(): BrowserContext {
  const context = useContext(Context);

  if (!context)
    throw new Error('this component must be used inside an AnyfsFileBrowser');
  return context;
}

export function useDirectory(directory: Directory): DirectorySnapshot {
  return useSyncExternalStore(directory.subscribe, directory.get, directory.get);
}
