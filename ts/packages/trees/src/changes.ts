// SPDX-License-Identifier: GPL-2.0
/*
 * changes.ts - rename, remove and move files, and check their new names
 */
import { type Disk, type FsError, type Stat, baseName, joinPath, parentPath } from '@anyfs/core';

import { absolute } from './paths.js';
import type { Strings } from './strings.js';
import type { TaskControl } from './tasks.js';
import { RENAMED, temporaryBeside } from './temporary.js';

/** The parts of the browser's context that changes need. */
export interface Writable {
  disk: Disk | null;
  mountPath: string;
  strings: Strings;
  changed(path: string): void;
}

/** The reason why a new file cannot have the name @name; null: the name is allowed. */
export function nameError(name: string, exists: (name: string) => boolean,
  strings: Strings): string | null {
  if (!name.trim())
    return strings.nameEmpty;
  if (name.includes('/'))
    return strings.nameSlash;
  if (name === '.' || name === '..')
    return strings.nameDots;
  if (new TextEncoder().encode(name).length > 255)
    return strings.nameLong;
  return exists(name) ? strings.nameTaken(name) : null;
}

/** @name, or a name that is free: "photo 2.jpg" if there is a "photo.jpg". */
export function freeName(name: string, exists: (name: string) => boolean): string {
  const dot = name.lastIndexOf('.');
  const [base, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  let free = name;

  for (let number = 2; exists(free); number++)
    free = `${base} ${number}${extension}`;
  return free;
}

export function diskOf({ disk }: Writable): Disk {
  if (!disk)
    throw new Error('the disk is open for reading only');
  return disk;
}

/** Attributes of @path; null: there is no such file.  Throws on other errors. */
export async function statIfThere(disk: Disk, path: string): Promise<Stat | null> {
  try {
    return await disk.stat(path);
  } catch (error) {
    if ((error as FsError).code === 'ENOENT')
      return null;
    throw error;
  }
}

/** Rename the file at @path to @name in its directory.  Throws if another file has that name. */
export async function renameFile(browser: Writable, path: string, name: string): Promise<void> {
  await moveFile(browser, path, joinPath(parentPath(path), name));
}

/** Remove @paths; a directory is removed with all its entries.  Progress counts all entries. */
export async function removeFiles(browser: Writable, paths: readonly string[],
  control: TaskControl): Promise<string> {
  const disk = diskOf(browser);
  let done = 0;
  const progress = (removed: string) => control.update({ done: ++done, detail: baseName(removed) });

  for (const path of paths) {
    control.signal.throwIfAborted();
    try {
      await disk.rm(absolute(browser.mountPath, path), { signal: control.signal, progress });
    } catch (error) {
      control.signal.throwIfAborted();
      control.fail((error as Error).message);
    } finally {
      browser.changed(path);
    }
  }
  return browser.strings.deleted(done);
}

/** Move @paths into the directory @folder.  A file that exists there is not replaced. */
export async function moveFiles(browser: Writable, paths: readonly string[], folder: string,
  control: TaskControl): Promise<string> {
  let done = 0;

  control.update({ total: paths.length });
  for (const path of paths) {
    control.signal.throwIfAborted();
    const to = joinPath(folder, baseName(path));
    if (to === path)
      continue;
    try {
      await moveFile(browser, path, to);
      control.update({ done: ++done });
    } catch (error) {
      control.fail((error as Error).message);
    }
  }
  return browser.strings.moved(done);
}

/** Rename @from to @to; throws if @to exists. */
async function moveFile(browser: Writable, from: string, to: string): Promise<void> {
  const disk = diskOf(browser);
  const source = absolute(browser.mountPath, from);
  const target = absolute(browser.mountPath, to);
  const there = await statIfThere(disk, target);

  if (there && isSameEntry(there, await disk.stat(source)))
    return changeCase(browser, from, to);
  if (there)
    throw new Error(browser.strings.nameTaken(baseName(to)));
  try {
    // @to may have been created since it was checked.
    await disk.rename(source, target, { replace: false });
  } finally {
    browser.changed(from);
    browser.changed(to);
  }
}

/**
 * Whether @target is @source itself, found by the new name: file systems that ignore case find
 * "readme" as "README", too.  Two hard links of a file are two entries.
 */
function isSameEntry(target: Stat, source: Stat): boolean {
  return target.dev === source.dev && target.ino === source.ino &&
    (target.kind === 'dir' || target.nlink === 1);
}

/** On FAT a rename() from "a" to "A" does nothing: rename to a third name first. */
async function changeCase(browser: Writable, from: string, to: string): Promise<void> {
  const disk = diskOf(browser);
  const [source, between, target] = [from, temporaryBeside(from, RENAMED), to]
    .map((path) => absolute(browser.mountPath, path)) as [string, string, string];

  try {
    await disk.rename(source, between);
    await disk.rename(between, target).catch(async (error: unknown) => {
      await disk.rename(between, source);
      throw error;
    });
  } finally {
    // Reload the whole folder: a stat() of the old name still finds the file, so reloading the
    // entries one by one would show both names.
    browser.changed(parentPath(from));
  }
}
