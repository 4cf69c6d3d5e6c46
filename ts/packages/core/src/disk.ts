// SPDX-License-Identifier: GPL-2.0
/*
 * disk.ts - an open disk image: its partitions, directories and files
 *
 * A path is resolved inside its file system: symbolic links and ".." stay there.  Calls
 * that change the last component of a path open its directory first.
 */
import { type Stat, directoryStat, readEntries, readStat } from './attributes.js';
import { BUFFER, Calls, PATH_MAX } from './calls.js';
import type { UnlockOptions } from './containers.js';
import { DiskBase } from './disk-base.js';
import { errno, FsError } from './errno.js';
import { type Extent, extentsOf } from './extents.js';
import { changedImage, commitChanges, wholeImage } from './exporting.js';
import { LocalFile } from './file.js';
import { FileAttributes } from './file-attributes.js';
import {
  type Changes, type Disk, type FsStatistics, type OpenMode, type RenameOptions, type Statistics,
  type WalkEntry, type WalkOptions, streamOfParts,
} from './interface.js';
import { Kernel, type KernelOptions } from './kernel.js';
import { AT, RENAME_NOREPLACE, STATX_STATS, nr, openFlag } from './layout-user.js';
import { Overlay } from './overlay.js';
import { baseName, parentPath } from './paths.js';
import { type Start, startAll, stopFileSystem } from './settle.js';
import { type Source, closeAll } from './source.js';
import { type KernelDisk, type Partition, type Place, Volumes, type VolumesOptions } from './volumes.js';

export interface DiskOptions extends KernelOptions {
  /** File-system types to try, in this order, instead of those that the content suggests. */
  fstypes?: readonly string[];
  /**
   * Open volume groups and RAID arrays that lack members, if the other members hold all data.  By
   * default, opening them fails with an error that names the missing members.
   */
  degraded?: boolean;
}

const MODES: Record<OpenMode, number> = {
  'r': openFlag.rdonly,
  'r+': openFlag.rdwr,
  'w': openFlag.wronly | openFlag.creat | openFlag.trunc,
  'wx': openFlag.wronly | openFlag.creat | openFlag.excl,
  'w+': openFlag.rdwr | openFlag.creat | openFlag.trunc,
  'a': openFlag.wronly | openFlag.creat | openFlag.append,
};

export class LocalDisk extends DiskBase implements Disk {
  private readonly calls: Calls;
  private readonly volumes: Volumes;
  private readonly attributes: FileAttributes;
  /** Open files; close() closes them, because a file system with open files cannot be unmounted. */
  private readonly files = new Set<LocalFile>();

  private readonly sources: readonly Source[];

  private constructor(readonly kernel: Kernel, disks: readonly KernelDisk[], options: VolumesOptions) {
    super();
    this.sources = disks.map(({ source }) => source);
    this.calls = new Calls(kernel);
    this.volumes = new Volumes(this.calls, disks, options);
    this.attributes = new FileAttributes(this.calls, (path, flags, call) =>
      this.openFile(path, flags, call));
  }

  /** @param from the disk, or several disks: /disk0, /disk1 ... */
  static async open(module: WebAssembly.Module, from: Source | readonly Source[], options: DiskOptions = {}) {
    const directories = Array.isArray(from);
    const sources: readonly Source[] = directories ? from : [from as Source];
    const kernel = await Kernel.boot(module, options);
    const disks: KernelDisk[] = [];

    for (const source of sources) {
      const disk = await kernel.addDisk(source);
      if (disk < 0) {
        kernel.destroy();
        throw new FsError(-disk, 'open', source.name);
      }
      disks.push({ source, disk });
    }
    return new LocalDisk(kernel, disks, {
      directories, fstypes: options.fstypes ?? null, degraded: options.degraded ?? false,
    });
  }

  partitions(): Promise<Partition[]> {
    return this.calls.run(() => this.volumes.partitions());
  }

  unlock(path: string, secret: string | Uint8Array, options: UnlockOptions = {}): Promise<void> {
    const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;

    return this.calls.run(() => this.volumes.unlock(path, bytes, options));
  }

  async *list(path: string, options: WalkOptions = {}): AsyncGenerator<WalkEntry> {
    const { calls } = this;
    const prefix = `${path.replace(/\/+$/, '')}/`;
    const place = await calls.run(() => this.volumes.place(path, 'scandir'));
    if (place.list) {
      for (const { name, index } of place.list)
        yield { path: prefix + name, entry: { name, ino: index, kind: 'dir' },
          ...(options.stats ? { stat: directoryStat(1) } : {}) };
      return;
    }
    const fd = await calls.run(() => this.openAt(place, path, openFlag.directory, 0, 'scandir'));

    try {
      for (;;) {
        options.signal?.throwIfAborted();
        const some = await calls.run(() => this.entries(fd, path, options.stats ?? false));
        if (!some)
          return;
        for (const one of some)
          yield { ...one, path: prefix + one.entry.name };
      }
    } finally {
      await calls.run(() => calls.close(fd));
    }
  }

  stat(path: string): Promise<Stat> {
    return this.statWith(path, openFlag.path | openFlag.nofollow, 'lstat');
  }

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
        // With an empty path readlinkat() fails with ENOENT for everything but links.
        if (len < 0)
          throw new FsError(len === -errno.ENOENT ? errno.EINVAL : -len, 'readlink', path);
        return this.kernel.mem.text(calls.buffer, len);
      });
    });
  }

  async open(path: string, mode: OpenMode = 'r', permissions = 0o644): Promise<LocalFile> {
    const fd = await this.calls.run(() => this.openFd(path, MODES[mode], permissions, 'open'));
    return new LocalFile(this.calls, fd, path, this.files);
  }

  realpath(path: string): Promise<string> {
    const { calls } = this;
    return calls.run(async () => {
      const place = await this.volumes.place(path, 'realpath');
      if (place.list)
        return place.path;
      const { volume, rest } = place;
      await this.volumes.devices.needProc();
      const fd = await calls.openBelow(volume.root, rest, openFlag.path, 0, 'realpath', path);
      const inside = await calls.using(fd, () => calls.nameOf(fd));
      return join(volume.path, inside.slice(volume.point.length)).replace(/(?<=.)\/+$/, '');
    });
  }

  readKernelFile(path: string, maxBytes = 64 << 10): Promise<string> {
    const { calls } = this;
    return calls.run(async () => {
      await this.volumes.devices.needProc();
      const fd = await calls.openKernel(path, openFlag.rdonly);
      return calls.using(fd, async () => new TextDecoder().decode(
        await calls.pread(fd, path, 0, maxBytes)));
    });
  }

  tableType(image = 0): Promise<string> {
    return this.calls.run(() => this.volumes.image(image).tableType());
  }

  async statistics(): Promise<Statistics> {
    return { ...this.kernel.disks.statistics };
  }

  // ---- changes: the image must have been opened with write: true ----

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

  rmdir(path: string): Promise<void> {
    return this.inParent(path, 'rmdir', (dir, name) =>
      this.calls.check('rmdir', path, nr.unlinkat, dir, name, AT.removedir));
  }

  link(existing: string, path: string): Promise<void> {
    const { calls } = this;
    return this.inParent(path, 'link', async (dir, name) => {
      const fd = await this.openFd(existing, openFlag.path | openFlag.nofollow, 0, 'link');
      calls.firstPath(baseName(path));
      await calls.using(fd, () => calls.check('link', existing, nr.linkat, fd,
        calls.secondPath(''), dir, name, AT.emptyPath));
    });
  }

  rename(from: string, to: string, { replace = true }: RenameOptions = {}): Promise<void> {
    const { calls } = this;
    return this.inParent(from, 'rename', async (dir, name) => {
      const fd = await this.openFd(parentPath(to), openFlag.path | openFlag.directory, 0, 'rename');
      calls.firstPath(baseName(from));
      return calls.using(fd, () => calls.check('rename', from, nr.renameat2, dir, name, fd,
        calls.secondPath(baseName(to)), replace ? 0 : RENAME_NOREPLACE));
    });
  }

  chmod(path: string, permissions: number): Promise<void> {
    return this.attributes.chmod(path, permissions);
  }

  chown(path: string, uid: number, gid: number): Promise<void> {
    return this.attributes.chown(path, uid, gid, true);
  }

  lchown(path: string, uid: number, gid: number): Promise<void> {
    return this.attributes.chown(path, uid, gid, false);
  }

  utimes(path: string, atime: number | Date, mtime: number | Date): Promise<void> {
    return this.attributes.utimes(path, atime, mtime, true);
  }

  lutimes(path: string, atime: number | Date, mtime: number | Date): Promise<void> {
    return this.attributes.utimes(path, atime, mtime, false);
  }

  statfs(path: string): Promise<FsStatistics> {
    return this.attributes.statfs(path);
  }

  listXattrs(path: string): Promise<string[]> {
    return this.attributes.listXattrs(path);
  }

  getXattr(path: string, name: string): Promise<Uint8Array> {
    return this.attributes.getXattr(path, name);
  }

  setXattr(path: string, name: string, value: Uint8Array): Promise<void> {
    return this.attributes.setXattr(path, name, value);
  }

  removeXattr(path: string, name: string): Promise<void> {
    return this.attributes.removeXattr(path, name);
  }

  extents(path: string): Promise<Extent[]> {
    const { calls } = this;

    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    return calls.run(async () => calls.using(
      await this.openFile(path, openFlag.rdonly | openFlag.nonblock, 'extents'),
      (fd) => extentsOf(calls, fd, path)));
  }

  sync(): Promise<void> {
    return this.calls.run(async () => {
      for (const volume of this.volumes.mounted())
        if (volume.writable)
          await this.syncVolume(volume.point);
    });
  }

  export(image = 0): ReadableStream<Uint8Array> {
    return streamOfParts(wholeImage(() => this.settledImage(image), () => {
      if (this.kernel.death)
        throw this.kernel.death;
    }));
  }

  async changes(): Promise<Changes | null> {
    await this.sync();
    const overlays = this.sources.filter((source) => source instanceof Overlay);

    return overlays.length ? { bytes: overlays.reduce((sum, one) => sum + one.changedBytes, 0) } : null;
  }

  exportChanges(backing?: string, image = 0): ReadableStream<Uint8Array> {
    return streamOfParts(changedImage(() => this.settledImage(image), backing));
  }

  async *commit(): AsyncGenerator<number> {
    let settled: Promise<Source[]> | null = null;
    let before = 0;

    for (const [i, source] of this.sources.entries()) {
      let bytes = 0;
      // Settle all images once, at the same time, because a volume may span several of them.
      for await (bytes of commitChanges(source, async () => (await (settled ??= this.settled()))[i]!))
        yield before + bytes;
      before += bytes;
    }
  }

  /**
   * The disks, with all changes written and their file systems clean; for overlays, snapshots of
   * that state.
   */
  settled(): Promise<Source[]> {
    return this.calls.run(async () => {
      const volumes = this.volumes.mounted().filter(({ writable }) => writable);
      const starts: Start[] = [];
      try {
        for (const { point } of volumes) {
          await this.syncVolume(point);
          starts.push(await stopFileSystem(this.calls, point));
        }
        return this.sources.map((source) => source instanceof Overlay ? source.snapshot() : source);
      } finally {
        await startAll(starts);
      }
    });
  }

  get size(): number {
    return this.sources.reduce((sum, { size }) => sum + size, 0);
  }

  async close(): Promise<void> {
    try {
      for (const file of this.files)
        await file.close();
      await this.sync();
      await this.calls.run(() => this.volumes.close());
    } finally {
      this.kernel.destroy();
      await closeAll(this.sources);
    }
  }

  private async settledImage(image: number): Promise<Source> {
    // Fails if there is no such image.
    this.volumes.image(image);
    return (await this.settled())[image]!;
  }

  // ---- below: only inside calls.run(), because the buffers are shared ----

  /** The next entries of the directory @fd; null at the end. */
  private async entries(fd: number, path: string, stats: boolean) {
    const { calls, kernel } = this;
    const len = await calls.check('scandir', path, nr.getdents64, fd, calls.buffer, BUFFER);
    const found: Omit<WalkEntry, 'path'>[] = [];

    for (const { entry, known } of readEntries(kernel.mem, calls.buffer, len)) {
      // If the attributes cannot be read, list the name only; a later stat() reports the error.
      const stat = stats || !known ? await this.statIn(fd, entry.name) : null;
      if (stat && !known)
        entry.kind = stat.kind;
      found.push(stat && stats ? { entry, stat } : { entry });
    }
    return len ? found : null;
  }

  /** Attributes of an entry of directory @fd; null: they cannot be read. */
  private async statIn(fd: number, name: string): Promise<Stat | null> {
    const { calls, kernel } = this;
    const ret = await kernel.syscall(nr.statx, fd, calls.firstPath(name), AT.symlinkNofollow,
      STATX_STATS, calls.buffer);

    return ret === 0 ? readStat(kernel.mem, calls.buffer) : null;
  }

  private async syncVolume(path: string): Promise<void> {
    const { calls } = this;
    const fd = await calls.openKernel(path, openFlag.directory);
    await calls.using(fd, () => calls.check('syncfs', path, nr.syncfs, fd));
  }

  private async openFd(path: string, flags: number, permissions: number, call: string) {
    return this.openAt(await this.volumes.place(path, call), path, flags, permissions, call);
  }

  /** Only for files: lists of partitions have no attributes. */
  private async openFile(path: string, flags: number, call: string) {
    const place = await this.volumes.place(path, call);
    if (place.list)
      throw new FsError(errno.EOPNOTSUPP, call, path);
    await this.volumes.devices.needProc();
    return this.openAt(place, path, flags, 0, call);
  }

  private openAt(place: Place, path: string, flags: number, permissions: number, call: string) {
    if (place.list)
      throw new FsError(flags & openFlag.directory ? errno.EROFS : errno.EISDIR, call, path);
    return this.calls.openBelow(place.volume.root, place.rest, flags, permissions, call, path);
  }

  private statWith(path: string, flags: number, call: string): Promise<Stat> {
    const { calls } = this;
    return calls.run(async () => {
      const place = await this.volumes.place(path, call);
      if (place.list)
        return directoryStat(place.list.length);
      return calls.using(await this.openAt(place, path, flags, 0, call), async (fd) => {
        await calls.check(call, path, nr.statx, fd, calls.firstPath(''), AT.emptyPath,
          STATX_STATS, calls.buffer);
        return readStat(this.kernel.mem, calls.buffer);
      });
    });
  }

  /** Call @fn with a descriptor of the directory of @path and the address of the last component. */
  private inParent(path: string, call: string,
    fn: (dir: number, name: number) => Promise<unknown>): Promise<void> {
    const { calls } = this;
    return calls.run(async () => {
      const dir = parentPath(path);
      const name = baseName(path);
      if (!name)
        throw new FsError(errno.EBUSY, call, path);
      const place = await this.volumes.place(dir, call);
      if (place.list)
        throw new FsError(place.list.some((node) => node.name === name) ? errno.EBUSY : errno.EROFS,
          call, path);
      const fd = await this.openAt(place, dir, openFlag.path | openFlag.directory, 0, call);
      await calls.using(fd, () => fn(fd, calls.firstPath(name)));
    });
  }
}

function join(root: string, rest: string): string {
  return `${root === '/' ? '' : root}/${rest.replace(/^\/+/, '')}`;
}
