// SPDX-License-Identifier: GPL-2.0
/*
 * hooks.ts - directories and files of the disk, for components
 */
import type { Partition } from '@anyfs/core';
import { useSyncExternalStore } from 'react';

import type { Entry, Files } from './files.js';
import { useDiskContext } from './provider.js';
import { type Resource, never } from './resource.js';
import type { FileContent, FileRange } from './store.js';

export interface LoadOptions {
  /**
   * Suspend the component until the first value is loaded; errors go to the nearest error boundary.
   */
  suspense?: boolean;
}

export interface DirState {
  /** Sorted by name.  While a large directory is loading, the entries loaded so far. */
  entries: Entry[];
  loading: boolean;
  error: Error | null;
  /** Load the directory again. */
  refresh(): void;
}

export interface FileState {
  data: Uint8Array | null;
  /** Bytes of the whole file; null: not known yet. */
  size: number | null;
  loading: boolean;
  error: Error | null;
  refresh(): void;
}

const NO_ENTRIES: Entry[] = [];

/** The entries of a directory.  @param path null: load no directory now */
export function useAnyfsDir(path: string | null, options: LoadOptions = {}): DirState {
  const { store } = useDiskContext();
  const resource = store && path !== null ? store.dir(path) : never<Entry[]>();
  const { value, loading, error } = useResource(resource, options);

  return {
    entries: value ?? NO_ENTRIES, loading: loading && path !== null, error,
    refresh: resource.refresh,
  };
}

/** The content of a file, or @range of it; a symbolic link is followed. */
export function useAnyfsFile(path: string | null, range?: FileRange,
  options: LoadOptions = {}): FileState {
  const { store } = useDiskContext();
  const resource = store && path !== null ? store.content(path, range) : never<FileContent>();
  const { value, loading, error } = useResource(resource, options);

  return {
    data: value?.data ?? null, size: value?.size ?? null, loading: loading && path !== null, error,
    refresh: resource.refresh,
  };
}

export interface FilesState {
  /** null: no disk is open. */
  files: Files | null;
  /** Call @listener with each path that useAnyfsMutation or changed() changes. */
  onChange(listener: (path: string) => void): () => void;
  /** Report that @path was changed by other means than useAnyfsMutation. */
  changed(path: string): void;
}

const NO_FILES: FilesState = { files: null, onChange: () => () => {}, changed: () => {} };

/** The files themselves, for a component that does its own loading and caching. */
export function useAnyfsFiles(): FilesState {
  const { store } = useDiskContext();

  // The methods of a store are bound functions, so they can be passed alone.
  return store ?? NO_FILES;
}

export interface PartitionsState {
  partitions: Partition[];
  loading: boolean;
  error: Error | null;
  refresh(): void;
}

const NO_PARTITIONS: Partition[] = [];

/** The partitions of the disk, with the type and label of each file system. */
export function useAnyfsPartitions(): PartitionsState {
  const { store, status } = useDiskContext();
  const resource = store ? store.partitions() : never<Partition[]>();
  const { value, loading, error } = useResource(resource, {});

  return {
    partitions: value ?? NO_PARTITIONS, error,
    // Without an image the loading would never end.
    loading: loading && status !== 'idle' && status !== 'error',
    refresh: resource.refresh,
  };
}

function useResource<T>(resource: Resource<T>, { suspense = false }: LoadOptions) {
  const snapshot = useSyncExternalStore(resource.subscribe, resource.get, resource.get);

  if (suspense && resource !== never<T>() && snapshot.value === undefined) {
    if (snapshot.error)
      throw snapshot.error;
    // Throw a promise: React 18 and 19 wait for it.
    throw resource.wait();
  }
  return snapshot;
}
