// SPDX-License-Identifier: GPL-2.0
/*
 * volumes.ts - the partitions of a disk, and the file systems mounted from them
 *
 * /p2/etc is in partition 2, as in the C library.  On a disk without partitions, /p0 is the
 * root of its file system, where the C library has /.  A file system is mounted when a path
 * first enters it.
 */
import { BUFFER, PATH_MAX, type Calls } from './calls.js';
import { errno, FsError } from './errno.js';
import { identity, otherContent, tableType } from './labels.js';
import { AT, MS_RDONLY, S_IFBLK, nr, openFlag } from './layout-user.js';
import { Overlay } from './overlay.js';
import { PROBE_BYTES, candidates } from './probe.js';
import type { Source } from './source.js';

/** A mounted file system. */
export interface Volume {
  readonly path: string;
  readonly fstype: string;
  /** Descriptor of its root directory. */
  readonly root: number;
  readonly writable: boolean;
}

export interface Partition {
  path: string;
  index: number;
  /** Of the disk, in bytes. */
  offset: number;
  /** Bytes. */
  size: number;
  /** The kernel's name of the mounted file system; null: none that it knows. */
  fstype: string | null;
  /** Of the file system; "": it has none, or it is not known. */
  label: string;
  uuid: string;
  /** "swap", "crypto_LUKS" ... if the partition has such content and no file system, else "". */
  content: string;
  /** Why a file system that was recognised cannot be mounted. */
  error: Error | null;
}

/** Where a path leads: a file system, and the rest of the path below its root. */
export interface Place {
  volume: Volume;
  rest: string;
}

/** Mount options without which metadata or names would be lost. */
const OPTIONS: Record<string, string> = {
  gfs2: 'acl', hfs: 'codepage=macroman,iocharset=utf8', ntfs3: 'acl', reiserfs: 'user_xattr',
  // Else it maps pages before their content is read: see vmap() of the kernel for wasm.
  f2fs: 'memory=low',
};

/** A mount fails with one of these if the device is read-only and a journal is not empty. */
const NEEDS_REPLAY = new Set<number>([errno.EROFS, errno.EACCES]);

export class Volumes {
  private readonly found = new Map<number, Volume | null>();
  /** The disk with an overlay in memory, for journals; made when it is needed. */
  private shadow: number | null = null;
  /** Mounted directories of the kernel's own files. */
  private readonly own = new Set<string>();

  constructor(private readonly calls: Calls, private readonly source: Source,
    private readonly disk: number, private readonly fstypes: readonly string[] | null) {}

  /** What the partition table lists; the whole disk, as /p0, if it holds a file system. */
  async partitions(): Promise<Partition[]> {
    const found: Partition[] = [];

    for (const one of await this.list()) {
      const partition = await this.describe(one);
      if (one.index > 0 || partition.fstype || partition.error || partition.content)
        found.push(partition);
    }
    return found;
  }

  /** "gpt", "dos" ...; "": the disk has no partitions. */
  async tableType(): Promise<string> {
    const device = await this.device(this.disk, 0);

    if (!device || (await this.list()).length < 2)
      return '';
    return tableType(await this.firstBytes(this.source.name, device));
  }

  private async describe(part: { index: number; size: number }): Promise<Partition> {
    const { index } = part;
    const found: Partition = {
      ...part, path: `/p${index}`, offset: await this.start(index), fstype: null,
      label: '', uuid: '', content: '', error: null,
    };

    try {
      found.fstype = (await this.volume(index))?.fstype ?? null;
      const device = await this.device(this.disk, index);
      const data = device && await this.firstBytes(found.path, device);
      if (data && !found.fstype)
        found.content = otherContent(data);
      if (data)
        Object.assign(found, identity(data, found.fstype ?? found.content));
    } catch (error) {
      if (this.calls.kernel.death)
        throw error;
      found.error = error as Error;
    }
    return found;
  }

  /** Where a partition begins, in bytes. */
  private async start(index: number): Promise<number> {
    const name = this.kernelName();

    if (!index)
      return 0;
    await this.needSys();
    const { calls } = this;
    const fd = await calls.openKernel(`/sys/block/${name}/${name}${index}/start`, openFlag.rdonly);
    return calls.using(fd, async () => 512 * Number(new TextDecoder().decode(
      await calls.pread(fd, '/sys', 0, 32))));
  }

  private kernelName(): string {
    return `vd${String.fromCharCode(97 + this.disk)}`;
  }

  async place(path: string, call: string): Promise<Place> {
    const m = /^\/p(\d+)(?:\/+|$)/.exec(path);
    const volume = m && await this.volume(Number(m[1]));

    if (!volume)
      throw new FsError(errno.ENOENT, call, path);
    return { volume, rest: path.slice(m[0].length) };
  }

  /** Unmount all, and remove the disks. */
  async close(): Promise<void> {
    const { calls } = this;
    for (const volume of this.found.values()) {
      if (!volume)
        continue;
      await calls.close(volume.root);
      await calls.check('umount', volume.path, nr.umount2, calls.firstPath(volume.path), 0);
    }
    this.found.clear();
    for (const disk of [this.disk, this.shadow]) {
      const err = disk === null ? 0 : await calls.kernel.removeDisk(disk);
      if (err < 0)
        throw new FsError(-err, 'close', this.source.name);
    }
  }

  mounted(): Volume[] {
    return [...this.found.values()].filter((volume) => volume !== null);
  }

  /** Index and size of each partition, from /proc/partitions; index 0 is the whole disk. */
  private async list(): Promise<{ index: number; size: number }[]> {
    const pattern = new RegExp(`^ *\\d+ +\\d+ +(\\d+) ${this.kernelName()}(\\d*)$`, 'gm');

    return [...(await this.procPartitions()).matchAll(pattern)]
      .map(([, blocks, index]) => ({ index: Number(index), size: Number(blocks) * 1024 }))
      .sort((a, b) => a.index - b.index);
  }

  private async procPartitions(): Promise<string> {
    const { calls } = this;

    await this.needProc();
    const fd = await calls.openKernel('/proc/partitions', openFlag.rdonly);
    return calls.using(fd, async () => new TextDecoder().decode(
      await calls.pread(fd, '/proc/partitions', 0, BUFFER)));
  }

  needProc(): Promise<void> {
    return this.needOwn('proc', 'proc');
  }

  needSys(): Promise<void> {
    return this.needOwn('sysfs', 'sys');
  }

  /** Mount the kernel's own files, once. */
  private async needOwn(fstype: string, name: string): Promise<void> {
    const { calls } = this;

    if (this.own.has(name))
      return;
    await calls.check('mkdir', `/${name}`, nr.mkdirat, AT.fdcwd, calls.firstPath(`/${name}`), 0o555);
    await calls.check('mount', `/${name}`, nr.mount, calls.secondPath(fstype),
      calls.firstPath(`/${name}`), calls.string(fstype), 0, 0);
    this.own.add(name);
  }

  private async volume(index: number): Promise<Volume | null> {
    let volume = this.found.get(index);
    if (volume === undefined) {
      volume = await this.mount(index);
      this.found.set(index, volume);
    }
    return volume;
  }

  private async mount(index: number): Promise<Volume | null> {
    const path = `/p${index}`;
    const device = await this.device(this.disk, index);
    if (!device)
      return null;
    const { calls } = this;
    await calls.kernel.syscall(nr.mkdirat, AT.fdcwd, calls.firstPath(path), 0o755);
    const writable = this.source.write !== undefined;
    const fstype = await this.tryTypes(path, index, device, writable);
    if (!fstype)
      return null;
    const root = await calls.openKernel(path, openFlag.path | openFlag.directory);
    return { path, fstype, root, writable };
  }

  /** The path of a device node; null: there is no such partition. */
  private async device(disk: number, index: number): Promise<string | null> {
    const { calls } = this;
    const path = `/dev.${disk}.${index}`;
    const dev = await calls.kernel.diskDevice(disk, index);
    if (dev < 0)
      return null;
    const ret = await calls.kernel.syscall(nr.mknodat, AT.fdcwd, calls.firstPath(path),
      S_IFBLK | 0o600, dev);
    if (ret < 0 && ret !== -errno.EEXIST)
      throw new FsError(-ret, 'mknod', path);
    return path;
  }

  /** The first type that mounts; the first error if none does but one seemed to fit. */
  private async tryTypes(path: string, index: number, device: string, writable: boolean) {
    let error: FsError | null = null;

    for (const fstype of this.fstypes ?? await this.probe(path, device)) {
      let ret = await this.tryMount(device, path, fstype, writable);
      if (NEEDS_REPLAY.has(-ret) && !writable)
        ret = await this.tryReplay(path, index, fstype);
      if (ret === 0)
        return fstype;
      if (ret !== -errno.EINVAL && ret !== -errno.ENODEV)
        error ??= this.calls.error(-ret, `mount ${fstype}`, path);
    }
    if (error)
      throw error;
    return null;
  }

  private async tryReplay(path: string, index: number, fstype: string): Promise<number> {
    this.shadow ??= await this.calls.kernel.addDisk(new Overlay(this.source));
    if (this.shadow < 0)
      throw new FsError(-this.shadow, 'open', this.source.name);
    const device = await this.device(this.shadow, index);
    return device ? this.tryMount(device, path, fstype, false) : -errno.ENXIO;
  }

  private async tryMount(device: string, path: string, fstype: string, writable: boolean) {
    const { calls } = this;
    const options = OPTIONS[fstype];
    const flags = writable ? 0 : MS_RDONLY;
    const mount = (data: number) => calls.kernel.syscall(nr.mount, calls.secondPath(device),
      calls.firstPath(path), calls.string(fstype), flags, data);

    if (options) {
      calls.kernel.mem.setCstring(calls.buffer, options, PATH_MAX);
      const ret = await mount(calls.buffer);
      if (ret !== -errno.EINVAL)
        return ret;
    }
    return mount(0);
  }

  private async probe(path: string, device: string): Promise<string[]> {
    return candidates(await this.firstBytes(path, device));
  }

  private async firstBytes(path: string, device: string): Promise<Uint8Array> {
    const { calls } = this;
    const fd = await calls.openKernel(device, openFlag.rdonly);
    return calls.using(fd, () => calls.pread(fd, path, 0, PROBE_BYTES));
  }
}
