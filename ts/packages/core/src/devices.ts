// SPDX-License-Identifier: GPL-2.0
/*
 * devices.ts - block devices of the kernel: the disk, its partitions, mapped devices
 *
 * All functions: only inside Calls.run().
 */
import { BUFFER, type Calls } from './calls.js';
import { errno, FsError } from './errno.js';
import { tableType } from './labels.js';
import { AT, S_IFBLK, nr, openFlag } from './layout-user.js';
import { Overlay } from './overlay.js';
import { PROBE_BYTES, candidates } from './probe.js';
import type { Source } from './source.js';

const BLKGETSIZE64 = 0x80041272;

/** A range of the disk in the partition table. */
export interface TableEntry {
  index: number;
  /** Of the disk, in bytes. */
  offset: number;
  /** Bytes. */
  size: number;
}

export class Devices {
  /** Other disks of the kernel with the same bytes, by purpose; made when they are needed. */
  private readonly twins = new Map<'shadow' | 'whole', number>();
  /** The partition table, once it was read; it does not change. */
  private table: readonly TableEntry[] | null = null;
  /** Mounted directories of the kernel's own files. */
  private readonly own = new Set<string>();

  constructor(readonly calls: Calls, readonly source: Source, private readonly disk: number) {}

  /** The device number of partition @index, 0: the whole disk. */
  partition(index: number): Promise<number> {
    return this.numberOf(this.disk, index);
  }

  /** The same partition of a disk whose changes stay in memory. */
  async shadow(index: number): Promise<number> {
    return this.numberOf(await this.twin('shadow', () => new Overlay(this.source)), index);
  }

  /** The whole disk, while its partitions are mounted: a device has one user. */
  async whole(): Promise<number> {
    return this.numberOf(await this.twin('whole', () => this.source), 0);
  }

  /** Partitions of the table, in order; empty: the disk has no table. */
  async partitions(): Promise<readonly TableEntry[]> {
    return this.table ??= await this.readTable();
  }

  /** "gpt", "dos" ...; "": the disk has no partitions. */
  async tableType(): Promise<string> {
    if (!(await this.partitions()).length)
      return '';
    return tableType(await this.firstBytes(await this.partition(0), this.source.name));
  }

  /** Whether a disk with partitions is a file system, too: a bootable ISO. */
  async isHybrid(): Promise<boolean> {
    const data = await this.firstBytes(await this.partition(0), this.source.name);

    return ['iso9660', 'udf'].includes(candidates(data)[0] ?? '');
  }

  /** Bytes of a device. */
  async size(dev: number): Promise<number> {
    const { calls } = this;
    const fd = await calls.openKernel(await this.node(dev), openFlag.rdonly);

    return calls.using(fd, async () => {
      await calls.check('ioctl', `/dev.${dev}`, nr.ioctl, fd, BLKGETSIZE64, calls.buffer);
      return calls.kernel.mem.u64(calls.buffer);
    });
  }

  /** The path of the kernel's device node of @dev. */
  async node(dev: number): Promise<string> {
    const { calls } = this;
    const path = `/dev.${dev}`;
    const ret = await calls.kernel.syscall(nr.mknodat, AT.fdcwd, calls.firstPath(path),
      S_IFBLK | 0o600, dev);

    if (ret < 0 && ret !== -errno.EEXIST)
      throw new FsError(-ret, 'mknod', path);
    return path;
  }

  /** Up to @len bytes of a device; fewer at its end.  @param shown the path for messages */
  async read(dev: number, offset: number, len: number, shown: string): Promise<Uint8Array> {
    const { calls } = this;
    const fd = await calls.openKernel(await this.node(dev), openFlag.rdonly);

    return calls.using(fd, () => calls.pread(fd, shown, offset, len));
  }

  /** Those that identify the content. */
  firstBytes(dev: number, shown: string): Promise<Uint8Array> {
    return this.read(dev, 0, PROBE_BYTES, shown);
  }

  needProc(): Promise<void> {
    return this.needOwn('proc', 'proc');
  }

  needSys(): Promise<void> {
    return this.needOwn('sysfs', 'sys');
  }

  /** Remove the disks. */
  async close(): Promise<void> {
    for (const disk of [this.disk, ...this.twins.values()]) {
      const err = await this.calls.kernel.removeDisk(disk);
      if (err < 0)
        throw new FsError(-err, 'close', this.source.name);
    }
    this.twins.clear();
  }

  private async readTable(): Promise<TableEntry[]> {
    const name = this.kernelName();
    const pattern = new RegExp(`^ *\\d+ +\\d+ +\\d+ ${name}(\\d+)$`, 'gm');
    const found: TableEntry[] = [];

    await this.needProc();
    for (const [, index] of (await this.readText('/proc/partitions')).matchAll(pattern)) {
      await this.needSys();
      // In sectors: /proc/partitions has KiB, and would lose the last sector of an odd number.
      const number = async (file: string) =>
        512 * Number(await this.readText(`/sys/block/${name}/${name}${index}/${file}`));
      found.push({
        index: Number(index), offset: await number('start'), size: await number('size'),
      });
    }
    return found.sort((a, b) => a.index - b.index);
  }

  private async twin(purpose: 'shadow' | 'whole', source: () => Source): Promise<number> {
    let disk = this.twins.get(purpose);
    if (disk === undefined) {
      disk = await this.calls.kernel.addDisk(source());
      if (disk < 0)
        throw new FsError(-disk, 'open', this.source.name);
      this.twins.set(purpose, disk);
    }
    return disk;
  }

  private async numberOf(disk: number, index: number): Promise<number> {
    const dev = await this.calls.kernel.diskDevice(disk, index);

    if (dev < 0)
      throw new FsError(-dev, 'open', this.source.name);
    return dev;
  }

  private kernelName(): string {
    return `vd${String.fromCharCode(97 + this.disk)}`;
  }

  private async readText(path: string): Promise<string> {
    const { calls } = this;
    const fd = await calls.openKernel(path, openFlag.rdonly);

    return calls.using(fd, async () => new TextDecoder().decode(
      await calls.pread(fd, path, 0, BUFFER)));
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
}
