// SPDX-License-Identifier: GPL-2.0
/*
 * changes.ts - rename, make, remove and move files
 */
import type { Disk, FsError, Stat } from '@anyfs/core';

import { absolute, join, nameOf, parentOf } from './paths.js';
import type { Strings } from './strings.js';
import type { TaskControl } from './tasks.js';

/** The parts of the browser's context that changes need. */
export interface Writable {
  disk: Disk | null;
  mountPath: string;
  strings: Strings;
  changed(path: string): void;
}

/** Why @name cannot be the name of a file in a folder that has the names of @exists. */
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

/** "New folder 2" if there is a "New folder"; the number goes before the extension. */
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

/** null: there is no such file.  Other errors are errors. */
export async function statIfThere(disk: Disk, path: string): Promise<Stat | null> {
  try {
    return await disk.stat(path);
  } catch (error) {
    if ((error as FsError).code === 'ENOENT')
      return null;
    throw error;
  }
}

export async function renameFile(browser: Writable, path: string, name: string): Promise<string> {
  const to = join(parentOf(path), name);

  await diskOf(browser).rename(absolute(browser.mountPath, path), absolute(browser.mountPath, to));
  browser.changed(path);
  browser.changed(to);
  return to;
}

/** Remove @paths with all that is in them; progress counts the files. */
export async function removeFiles(browser: Writable, paths: readonly string[],
  control: TaskControl): Promise<string> {
  const disk = diskOf(browser);
  let done = 0;
  const remove = async (path: string) => {
    control.signal.throwIfAborted();
    if ((await disk.stat(path)).kind !== 'dir') {
      await disk.unlink(path);
    } else {
      for (const name of await namesIn(disk, path, control.signal))
        await remove(join(path, name));
      await disk.rmdir(path);
    }
    control.update({ done: ++done, detail: nameOf(path) });
  };

  for (const path of paths) {
    try {
      await remove(absolute(browser.mountPath, path));
    } catch (error) {
      control.signal.throwIfAborted();
      control.fail((error as Error).message);
    } finally {
      browser.changed(path);
    }
  }
  return browser.strings.deleted(done);
}

async function namesIn(disk: Disk, path: string, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];

  for await (const { name } of disk.readdir(path, { signal }))
    names.push(name);
  return names;
}

/** Move @paths into @folder, under free names. */
export async function moveFiles(browser: Writable, paths: readonly string[], folder: string,
  control: TaskControl): Promise<string> {
  const disk = diskOf(browser);
  let done = 0;

  control.update({ total: paths.length });
  for (const path of paths) {
    control.signal.throwIfAborted();
    const to = join(folder, nameOf(path));
    if (to === path)
      continue;
    try {
      await refuseExisting(disk, absolute(browser.mountPath, to), browser.strings);
      await disk.rename(absolute(browser.mountPath, path), absolute(browser.mountPath, to));
      control.update({ done: ++done });
    } catch (error) {
      control.fail((error as Error).message);
    } finally {
      browser.changed(path);
      browser.changed(to);
    }
  }
  return browser.strings.moved(done);
}

/** rename() would replace a file without a word. */
async function refuseExisting(disk: Disk, path: string, strings: Strings): Promise<void> {
  if (await statIfThere(disk, path))
    throw new Error(strings.nameTaken(nameOf(path)));
}
