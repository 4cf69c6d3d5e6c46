// SPDX-License-Identifier: GPL-2.0
/*
 * upload.ts - add files of the host to a folder of the image
 *
 * A file is first written under a temporary name, so that an existing file of its name keeps its
 * content if the upload fails or the user stops it.
 */
import { type Disk, type Stat, baseName, joinPath, parentPath } from '@anyfs/core';

import { type Writable, diskOf, freeName, statIfThere } from './changes.js';
import type { DroppedFile } from './dropped.js';
import { absolute } from './paths.js';
import type { TaskControl } from './tasks.js';
import { PARTIAL, temporaryBeside } from './temporary.js';

export type Answer = 'replace' | 'skip' | 'keepBoth';

/** Asks what to do with a file that exists; rejects if the user wants to stop. */
export type Ask = (path: string) => Promise<{ answer: Answer; forAll: boolean }>;

/** Bytes of the host's file that are read at once. */
const PART = 1 << 20;

/** Write @list into @folder. */
export async function uploadFiles(browser: Writable, list: readonly DroppedFile[], folder: string,
  ask: Ask, control: TaskControl): Promise<string> {
  const upload = new Upload(browser, folder, ask, control);

  control.update({ total: list.reduce((sum, { file }) => sum + (file?.size ?? 0), 0) });
  for (const one of list) {
    control.signal.throwIfAborted();
    await upload.add(one);
  }
  return browser.strings.copied(upload.added);
}

class Upload {
  added = 0;
  private done = 0;
  private forAll: Answer | null = null;
  /** Paths that could not be made; entries below them are skipped. */
  private readonly missing = new Set<string>();
  private readonly disk: Disk;

  constructor(private readonly browser: Writable, private readonly folder: string,
    private readonly ask: Ask, private readonly control: TaskControl) {
    this.disk = diskOf(browser);
  }

  async add({ path, file }: DroppedFile): Promise<void> {
    const to = joinPath(this.folder, path);
    const { control } = this;

    if (this.missing.has(parentPath(to))) {
      this.missing.add(to);
      return;
    }
    control.update({ detail: path });
    try {
      if (file ? await this.addFile(file, to) : await this.addFolder(to))
        this.added++;
    } catch (error) {
      control.signal.throwIfAborted();
      this.missing.add(to);
      control.fail((error as Error).message);
    } finally {
      this.done += file?.size ?? 0;
      control.update({ done: this.done });
    }
  }

  private async addFolder(to: string): Promise<boolean> {
    const there = await this.statOf(to);

    if (there?.kind === 'dir')
      return false;
    if (there)
      throw new Error(`${baseName(to)}: ${this.browser.strings.folderInTheWay}`);
    await this.disk.mkdir(this.inDisk(to));
    this.browser.changed(to);
    return true;
  }

  private async addFile(file: File, to: string): Promise<boolean> {
    const there = await this.statOf(to);

    if (!there)
      await this.write(file, to, null);
    else if (there.kind === 'dir')
      throw new Error(`${baseName(to)}: ${this.browser.strings.folderInTheWay}`);
    else
      return this.addOver(file, to, there);
    return true;
  }

  private async addOver(file: File, to: string, there: Stat): Promise<boolean> {
    const answer = this.forAll ?? await this.answer(to);

    if (answer === 'skip')
      return false;
    if (answer === 'replace')
      await this.write(file, to, there);
    else
      await this.write(file, await this.freePath(to), null);
    return true;
  }

  private async answer(to: string): Promise<Answer> {
    const { answer, forAll } = await this.ask(to);

    if (forAll)
      this.forAll = answer;
    return answer;
  }

  private async freePath(to: string): Promise<string> {
    const taken = new Set<string>();
    const folder = parentPath(to);

    for await (const { name } of this.disk.readdir(this.inDisk(folder)))
      taken.add(name);
    return joinPath(folder, freeName(baseName(to), (name) => taken.has(name)));
  }

  private async write(file: File, to: string, replaced: Stat | null): Promise<void> {
    const { disk, control, done } = this;
    const partial = this.inDisk(temporaryBeside(to, PARTIAL));
    const parts = async function* () {
      for (let at = 0; at < file.size; at += PART) {
        control.signal.throwIfAborted();
        yield new Uint8Array(await file.slice(at, at + PART).arrayBuffer());
        control.update({ done: done + Math.min(at + PART, file.size) });
      }
    };

    try {
      await disk.writeFile(partial, parts());
      if (replaced?.kind === 'file')
        await disk.chmod(partial, replaced.mode & 0o7777);
      const time = new Date(file.lastModified);
      await disk.utimes(partial, time, time);
      await disk.rename(partial, this.inDisk(to));
    } catch (error) {
      await disk.unlink(partial).catch(() => {});
      throw error;
    }
    this.browser.changed(to);
  }

  private statOf(path: string): Promise<Stat | null> {
    return statIfThere(this.disk, this.inDisk(path));
  }

  private inDisk(path: string): string {
    return absolute(this.browser.mountPath, path);
  }
}
