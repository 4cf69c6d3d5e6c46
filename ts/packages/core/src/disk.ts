// SPDX-License-Identifier: GPL-2.0
/*
 * disk.ts - an open disk image: its partitions, directories and files
 *
 * A path is resolved inside its file system: symbolic links and ".." stay there.  Calls
 * that change the last component of a path open its directory first.
 */
import { type DirEntry, type Stat, readEntries, readStat } from './attributes.js';
import { BUFFER, Calls, PATH_MAX } from './calls.js';
import { errno, FsError } from './errno.js';
import { FileHandle } from './file.js';
import { Kernel, type KernelOptions } from './kernel.js';
import { AT, STATX_BASIC_STATS, nr, openFlag } from './layout-user.js';
import type { Source } from './source.js';
import { Volumes, type Partition } from './volumes.js';

export interface DiskOptions extends KernelOptions {
  /** File-system types to try, in this order, instead of those that the content suggests. */
  fstypes?: readonly string[];
}

/** How open() opens a file, as the flags of node:fs. */
export type OpenMode = 'r' | 'r+' | 'w' | 'wx' | 'w+' | 'a';

const MODES: Record<OpenMode, number> = {
  'r': openFlag.rdonly,
  'r+': openFlag.rdwr,
  'w': openFlag.wronly | openFlag.creat | openFlag.trunc,
  'wx': openFlag.wronly | openFlag.creat | openFlag.excl,
  'w+': openFlag.rdwr | openFlag.creat | openFlag.trunc,
  'a': openFlag.wronly | openFlag.creat | openFlag.append,
};

export class Disk {
  private readonly calls: Calls;
  private readonly volumes: Volumes;

  private constructor(readonly kernel: Kernel, private readonly source: Source, disk: number,
    fstypes: readonly string[] | null) {
    this.calls = new Calls(kernel);
    this.volumes = new Volumes(this.calls, source, disk, fstypes);
  }

  static async open(module: WebAssembly.Module, source: Source, options: DiskOptions = {}) {
    const kernel = await Kernel.boot(module, options);
    const disk = await kernel.addDisk(source);

    if (disk < 0) {
      kernel.destroy();
      throw new FsError(-disk, 'open', source.name);
    }
    return new Disk(kernel, source, disk, options.fstypes ?? null);
  }

  /** What the partition table lists; the whole disk, as /p0, if it holds a file system. */
  partitions(): Promise<Partition[]> {
    return this.calls.run(() => this.volumes.partitions());
  }

  async *readdir(path: string): AsyncGenerator<DirEntry> {
    const { calls } = this;
    const fd = await calls.run(() => this.openFd(path, openFlag.directory, 0, 'scandir'));

    try {
      for (;;) {
        const some = await calls.run(async () => {
          const len = await calls.check('scandir', path, nr.getdents64, fd, calls.buffer, BUFFER);
          return len ? readEntries(this.kernel.mem, calls.buffer, len) : null;
        });
        if (!some)
          return;
        yield* some;
      }
    } finally {
      await calls.run(() => calls.close(fd));
    }
  }

  /** Of a symbolic link: the link itself. */
  stat(path: string): Promise<Stat> {
    return this.statWith(path, openFlag.path | openFlag.nofollow, 'lstat');
  }

  /** Of a symbolic link: the file that it leads to. */
  statFollow(path: string): Promise<Stat> {
    return this.statWith(path, openFlag.path, 'stat');
  }

  readlink(path: string): Promise<string> {
    const { calls } = this;
    return calls.run(async () => {
      const fd = await this.openFd(path, openFlag.path | openFlag.nofollow, 0, 'readlink');
      return calls.using(fd, async () => {
        const len = await this.kernel.syscall(nr.readlinkat, fd, calls.firstPath(''),
          calls.buffer, PATH_MAX);
        // With an empty path the kernel says ENOENT of everything but links.
        if (len < 0)
          throw new FsError(len === -errno.ENOENT ? errno.EINVAL : -len, 'readlink', path);
        return this.kernel.mem.text(calls.buffer, len);
      });
    });
  }

  /** Everything below @root, a directory before its entries. */
  async *walk(root: string): AsyncGenerator<{ path: string; entry: DirEntry }> {
    const entries: DirEntry[] = [];

    for await (const entry of this.readdir(root))
      entries.push(entry);
    for (const entry of entries) {
      const path = `${root.replace(/\/+$/, '')}/${entry.name}`;
      yield { path, entry };
      if (entry.kind === 'dir')
        yield* this.walk(path);
    }
  }

  /** Open a file; a symbolic link is followed.  @param permissions of a new file */
  async open(path: string, mode: OpenMode = 'r', permissions = 0o644): Promise<FileHandle> {
    const fd = await this.calls.run(() => this.openFd(path, MODES[mode], permissions, 'open'));
    return new FileHandle(this.calls, fd, path);
  }

  // ---- changes: the image must have been opened with write: true ----

  /** Write a file with this content, instead of one that may be there. */
  async writeFile(path: string, data: Uint8Array | string | AsyncIterable<Uint8Array>) {
    const file = await this.open(path, 'w');
    try {
      let offset = 0;
      for await (const part of parts(data)) {
        await file.write(part, offset);
        offset += part.length;
      }
    } finally {
      await file.close();
    }
  }

  mkdir(path: string, permissions = 0o755): Promise<void> {
    return this.inParent(path, 'mkdir', (dir, name) =>
      this.calls.check('mkdir', path, nr.mkdirat, dir, name, permissions));
  }

  symlink(target: string, path: string): Promise<void> {
    return this.inParent(path, 'symlink', (dir, name) =>
      this.calls.check('symlink', path, nr.symlinkat, this.calls.string(target), dir, name));
  }

  unlink(path: string): Promise<void> {
    return this.inParent(path, 'unlink', (dir, name) =>
      this.calls.check('unlink', path, nr.unlinkat, dir, name, 0));
  }

  /** Remove an empty directory. */
  rmdir(path: string): Promise<void> {
    return this.inParent(path, 'rmdir', (dir, name) =>
      this.calls.check('rmdir', path, nr.unlinkat, dir, name, AT.removedir));
  }

  /** Remove a file, or a directory with all that is in it. */
  async rm(path: string): Promise<void> {
    if ((await this.stat(path)).kind !== 'dir')
      return this.unlink(path);
    const names: string[] = [];
    for await (const { name } of this.readdir(path))
      names.push(name);
    for (const name of names)
      await this.rm(`${path}/${name}`);
    return this.rmdir(path);
  }

  /** Both paths must be in the same file system. */
  rename(from: string, to: string): Promise<void> {
    const { calls } = this;
    return this.inParent(from, 'rename', async (dir, name) => {
      const other = split(to);
      const fd = await this.openFd(other.dir, openFlag.path | openFlag.directory, 0, 'rename');
      calls.firstPath(split(from).name);
      return calls.using(fd, () => calls.check('rename', from, nr.renameat2, dir, name, fd,
        calls.secondPath(other.name), 0));
    });
  }

  chmod(path: string, permissions: number): Promise<void> {
    return this.inParent(path, 'chmod', (dir, name) =>
      this.calls.check('chmod', path, nr.fchmodat, dir, name, permissions));
  }

  /** Write all changes to the image, and flush the image. */
  sync(): Promise<void> {
    return this.calls.run(async () => {
      for (const volume of this.volumes.mounted())
        if (volume.writable)
          await this.syncVolume(volume.path);
    });
  }

  /** Unmount and end the kernel.  The first error is thrown after all is closed. */
  async close(): Promise<void> {
    try {
      await this.sync();
      await this.calls.run(() => this.volumes.close());
    } finally {
      this.kernel.destroy();
      await this.source.close?.();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // ---- below: only inside calls.run(), because the buffers are shared ----

  private async syncVolume(path: string): Promise<void> {
    const { calls } = this;
    const fd = await calls.openKernel(path, openFlag.directory);
    await calls.using(fd, () => calls.check('syncfs', path, nr.syncfs, fd));
  }

  private async openFd(path: string, flags: number, permissions: number, call: string) {
    const { volume, rest } = await this.volumes.place(path, call);
    return this.calls.openBelow(volume.root, rest, flags, permissions, call, path);
  }

  private statWith(path: string, flags: number, call: string): Promise<Stat> {
    const { calls } = this;
    return calls.run(async () => calls.using(await this.openFd(path, flags, 0, call),
      async (fd) => {
        await calls.check(call, path, nr.statx, fd, calls.firstPath(''), AT.emptyPath,
          STATX_BASIC_STATS, calls.buffer);
        return readStat(this.kernel.mem, calls.buffer);
      }));
  }

  /** Do @fn with the directory of @path and the address of its last component. */
  private inParent(path: string, call: string,
    fn: (dir: number, name: number) => Promise<unknown>): Promise<void> {
    const { calls } = this;
    return calls.run(async () => {
      const { dir, name } = split(path);
      if (!name)
        throw new FsError(errno.EBUSY, call, path);
      const fd = await this.openFd(dir, openFlag.path | openFlag.directory, 0, call);
      await calls.using(fd, () => fn(fd, calls.firstPath(name)));
    });
  }
}

/** "/p1/a/b/" is "b" in "/p1/a"; a file system itself has no name. */
function split(path: string): { dir: string; name: string } {
  const m = /^(\/p\d+(?:\/.*)?)\/+([^/]+)\/*$/.exec(path);
  return m ? { dir: m[1]!, name: m[2]! } : { dir: path, name: '' };
}

async function* parts(data: Uint8Array | string | AsyncIterable<Uint8Array>) {
  if (typeof data === 'string')
    yield new TextEncoder().encode(data);
  else if (data instanceof Uint8Array)
    yield data;
  else
    yield* data;
}
