// SPDX-License-Identifier: GPL-2.0
/*
 * directory.ts - the files of one directory, loaded part by part and kept in order
 *
 * Loaded entries are shown while the others load.  After a change only the changed entry is
 * reloaded.
 */
import { type FsError, baseName, isBelow, joinPath, parentPath } from '@anyfs/core';
import type { Entry, Files } from '@anyfs/react';

import type { FileItem } from './item.js';
import { type Order, sorted } from './order.js';
import { absolute } from './paths.js';

export interface DirectorySnapshot {
  /** Sorted by the current order. */
  items: readonly FileItem[];
  /** Number of loaded entries; more than items.length while new ones are not sorted yet. */
  loaded: number;
  loading: boolean;
  error: Error | null;
}

export interface Place {
  files: Files;
  mountPath: string;
}

/**
 * Milliseconds until the first entries are shown: most directories are completely loaded by then.
 */
const FIRST_PART = 120;
/** Milliseconds between two updates of the display while a directory loads. */
const NEXT_PART = 300;
/** Links that are resolved at the same time. */
const LINKS = 16;

export class Directory {
  private snapshot: DirectorySnapshot = { items: [], loaded: 0, loading: true, error: null };
  private readonly items = new Map<string, FileItem>();
  private readonly listeners = new Set<() => void>();
  private controller = new AbortController();
  private sorting = new AbortController();
  private shownAt = 0;
  private sortTime = 0;
  private loadedAll: Promise<void>;
  /** Names of entries that update() will load again. */
  private readonly stale = new Set<string>();
  /** Names that changed while load() runs; its listing may have read them before the change. */
  private readonly changedInLoad = new Set<string>();
  private updating: Promise<void> | null = null;

  constructor(private readonly place: Place, readonly path: string, private order: Order) {
    this.loadedAll = this.load();
  }

  readonly get = (): DirectorySnapshot => this.snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  };

  /** Resolves when all entries are loaded, or loading has failed: see the snapshot's error. */
  async whole(): Promise<void> {
    let last;

    // refresh() aborts a load and starts another one.
    do {
      last = this.loadedAll;
      await last;
    } while (last !== this.loadedAll);
  }

  get used(): boolean {
    return this.listeners.size > 0;
  }

  setOrder(order: Order): void {
    const { column, descending, followSymlinks, strings } = this.order;
    if (order.column === column && order.descending === descending &&
        order.followSymlinks === followSymlinks && order.strings === strings)
      return;
    this.order = order;
    void this.publish();
  }

  /** Reload the directory; the old entries are shown until all new ones are loaded. */
  refresh(): void {
    this.controller.abort();
    this.controller = new AbortController();
    this.loadedAll = this.load();
  }

  close(): void {
    this.controller.abort();
    this.sorting.abort();
  }

  find(name: string): FileItem | undefined {
    return this.items.get(name);
  }

  get size(): number {
    return this.items.size;
  }

  /**
   * Reload the entry @name, which was made, changed or removed.  Resolves when the change is shown.
   */
  update(name: string): Promise<void> {
    this.stale.add(name);
    // Wait for more changes: sorting once for each would be slow in a large directory.
    this.updating ??= new Promise<void>((resolve) =>
      setTimeout(resolve, Math.min(1000, 10 + 4 * this.sortTime))).then(() => {
      const names = [...this.stale];
      this.stale.clear();
      this.updating = null;
      return this.loadEntries(names);
    });
    return this.updating;
  }

  private async loadEntries(names: string[]): Promise<void> {
    for (const name of names) {
      if (this.snapshot.loading)
        this.changedInLoad.add(name);
      await this.loadEntry(name);
    }
    await this.publish();
  }

  private async loadEntry(name: string): Promise<void> {
    const { files, mountPath } = this.place;
    const path = joinPath(this.path, name);
    try {
      const stat = await files.stat(absolute(mountPath, path));
      const item: FileItem = { name, path, kind: stat.kind, ino: stat.ino, stat };
      if (stat.kind === 'link')
        await this.resolve(item);
      this.items.set(name, item);
    } catch (error) {
      // After another error, such as EIO, the entry may still be there.
      if ((error as FsError).code === 'ENOENT')
        this.items.delete(name);
    }
  }

  private async load(): Promise<void> {
    const { signal } = this.controller;
    const { files, mountPath } = this.place;
    const found = new Map<string, FileItem>();
    const first = !this.items.size;

    this.shownAt = performance.now() - NEXT_PART + FIRST_PART;
    this.changedInLoad.clear();
    if (!this.snapshot.loading)
      this.set({ loading: true });
    try {
      for await (const some of files.list(absolute(mountPath, this.path), signal)) {
        signal.throwIfAborted();
        this.add(some, first ? this.items : found);
        if (first)
          await this.showPart(signal);
      }
      if (!first)
        this.replace(found);
      await this.reloadChanged(signal);
      await this.complete(signal);
      await this.publish({ loading: false, error: null });
    } catch (error) {
      if (!signal.aborted)
        this.set({ loading: false, error: error as Error });
    }
  }

  /** Reload the entries that changed while the directory was listed. */
  private async reloadChanged(signal: AbortSignal): Promise<void> {
    for (const name of this.changedInLoad) {
      await this.loadEntry(name);
      signal.throwIfAborted();
    }
    this.changedInLoad.clear();
  }

  private add(entries: Entry[], items: Map<string, FileItem>): void {
    for (const { name, kind, ino, stat } of entries)
      items.set(name, { name, path: joinPath(this.path, name), kind, ino, ...(stat ? { stat } : {}) });
  }

  private replace(found: Map<string, FileItem>): void {
    this.items.clear();
    for (const [name, item] of found)
      this.items.set(name, item);
  }

  /** Show the loaded entries, but spend at most a fifth of the time on sorting them. */
  private async showPart(signal: AbortSignal): Promise<void> {
    if (performance.now() - this.shownAt < Math.max(NEXT_PART, 4 * this.sortTime))
      return;
    await this.publish();
    signal.throwIfAborted();
    this.shownAt = performance.now();
  }

  /** Load the targets of links, and attributes if the listing had none (native sessions). */
  private async complete(signal: AbortSignal): Promise<void> {
    const missing = [...this.items.values()].filter((item) => !item.stat || item.kind === 'link');
    let next = 0;
    const work = async () => {
      while (next < missing.length) {
        const item = missing[next++]!;
        signal.throwIfAborted();
        if (!item.stat)
          item.stat = await this.statOf(item);
        if (item.kind === 'link')
          await this.resolve(item);
        if (next % 64 === 0)
          await this.showPart(signal);
      }
    };

    await Promise.all(Array.from({ length: LINKS }, work));
  }

  private async statOf({ path }: FileItem) {
    return this.place.files.stat(absolute(this.place.mountPath, path)).catch(() => undefined);
  }

  private async resolve(item: FileItem): Promise<void> {
    const { files, mountPath } = this.place;
    const path = absolute(mountPath, item.path);
    const [text, stat] = await Promise.all([
      files.readlink(path).catch(() => ''), files.statFollow(path).catch(() => null),
    ]);
    item.link = { text, stat };
  }

  private async publish(change: Partial<DirectorySnapshot> = {}): Promise<void> {
    this.sorting.abort();
    this.sorting = new AbortController();
    const { signal } = this.sorting;
    const start = performance.now();
    try {
      const result = sorted([...this.items.values()], this.order, signal);
      // Sort few items synchronously, so that the old order is not shown again after a click.
      const items = result instanceof Promise ? await result : result;
      this.sortTime = performance.now() - start;
      if (!signal.aborted)
        this.set({ items, loaded: this.items.size, ...change });
    } catch (error) {
      if (!signal.aborted)
        throw error;
    }
    // A later publish() sorts and shows the items, but does not report that loading has ended.
    if (signal.aborted && Object.keys(change).length)
      this.set(change);
  }

  private set(change: Partial<DirectorySnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.listeners)
      listener();
  }
}

/** Loaded directories: those that are shown, and the last used ones, so that going back is fast. */
export class Directories {
  private readonly open = new Map<string, Directory>();
  private readonly listeners = new Set<(path: string) => void>();

  constructor(private readonly place: Place, private order: Order) {}

  /** The directory @path; it starts loading if it is not loaded. */
  get(path: string): Directory {
    const directory = this.open.get(path) ?? new Directory(this.place, path, this.order);

    // A Map keeps the order of insertion: the directory that was used last is the last.
    this.open.delete(path);
    this.open.set(path, directory);
    this.dropUnused();
    return directory;
  }

  /** The directory @path if it is loaded already; nothing is loaded for this. */
  peek(path: string): Directory | undefined {
    return this.open.get(path);
  }

  setOrder(order: Order): void {
    this.order = order;
    for (const directory of this.open.values())
      directory.setOrder(order);
  }

  /** Call @listener with each directory whose subdirectories may have changed. */
  onFolders(listener: (path: string) => void): () => void {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  }

  /** Resolves to the subdirectories of @path, in order, when all entries are loaded. */
  async folders(path: string): Promise<FileItem[]> {
    const directory = this.get(path);
    // Without a subscriber dropUnused() may close the directory before it is loaded.
    const release = directory.subscribe(() => {});

    try {
      await directory.whole();
      const { items, error } = directory.get();
      if (error)
        throw error;
      return items.filter((item) => item.kind === 'dir');
    } finally {
      release();
    }
  }

  /**
   * Reload everything that a change of the entry at @path affects: its directory, and all below it.
   */
  async changed(path: string): Promise<void> {
    const parent = parentPath(path);
    const directory = this.open.get(parent);

    for (const [open, below] of this.open) {
      if (!isBelow(open, path))
        continue;
      if (below.used) {
        below.refresh();
      } else {
        below.close();
        this.open.delete(open);
      }
    }
    // The root is not an entry of a directory.
    if (path !== '/')
      await directory?.update(baseName(path));
    for (const listener of this.listeners)
      listener(parent);
  }

  refresh(path: string): void {
    this.open.get(path)?.refresh();
  }

  close(): void {
    for (const directory of this.open.values())
      directory.close();
    this.open.clear();
  }

  private dropUnused(): void {
    const KEPT = 40;
    const KEPT_ITEMS = 200_000;
    let count = 0;
    let items = 0;

    for (const [path, directory] of [...this.open].reverse()) {
      count++;
      items += directory.size;
      if (count > 1 && (count > KEPT || items > KEPT_ITEMS) && !directory.used) {
        directory.close();
        this.open.delete(path);
      }
    }
  }
}

