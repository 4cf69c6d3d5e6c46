// SPDX-License-Identifier: GPL-2.0
/*
 * host-disk.ts - a disk of the kernel whose bytes are in an image, and its partitions
 *
 * Call all functions only inside Calls.run().
 */
import { BUFFER } from './calls.js';
import type { Devices } from './devices.js';
import { FsError } from './errno.js';
import { otherContent, tableType } from './labels.js';
import { openFlag } from './layout-user.js';
import { Overlay } from './overlay.js';
import { candidates } from './probe.js';
import type { Source } from './source.js';

/** An entry of the partition table. */
export interface TableEntry {
  index: number;
  /** Range of the disk, in bytes. */
  offset: number;
  /** Bytes. */
  size: number;
}

export class HostDisk {
  /** Other disks of the kernel with the same bytes, by purpose; made when they are needed. */
  private readonly twins = new Map<'shadow' | 'whole', number>();
  /** The partition table, once it was read; the table never changes. */
  private table: readonly TableEntry[] | null = null;

  constructor(private readonly devices: Devices, readonly source: Source,
    private readonly disk: number) {}

  /** The device number of partition @index; partition 0 is the whole disk. */
  partition(index: number): Promise<number> {
    return this.numberOf(this.disk, index);
  }

  /** The same partition on a second disk with the same bytes, whose changes stay in memory. */
  async shadow(index: number): Promise<number> {
    return this.numberOf(await this.twin('shadow', () => new Overlay(this.source)), index);
  }

  /**
   * A second device for the whole disk, since the kernel does not mount a disk while one of its
   * partitions is mounted.
   */
  async whole(): Promise<number> {
    return this.numberOf(await this.twin('whole', () => this.source), 0);
  }

  /** Partitions of the table, in order; empty: the disk has no table. */
  async partitions(): Promise<readonly TableEntry[]> {
    if (!this.table) {
      const table = await this.readTable();
      this.table = table.length && await this.isBare(table) ? [] : table;
    }
    return this.table;
  }

  /** "gpt", "dos" ...; "": the disk has no partitions. */
  async tableType(): Promise<string> {
    if (!(await this.partitions()).length)
      return '';
    return tableType(await this.firstBytes());
  }

  /** Whether a disk with partitions is a file system, too: a bootable ISO. */
  async isHybrid(): Promise<boolean> {
    return ['iso9660', 'udf'].includes(candidates(await this.firstBytes())[0] ?? '');
  }

  /** Remove the disk from the kernel. */
  async close(): Promise<void> {
    for (const disk of [this.disk, ...this.twins.values()]) {
      const err = await this.devices.calls.kernel.removeDisk(disk);
      if (err < 0)
        throw new FsError(-err, 'close', this.source.name);
    }
    this.twins.clear();
  }

  private async firstBytes(): Promise<Uint8Array> {
    return this.devices.firstBytes(await this.partition(0), this.source.name);
  }

  /**
   * Whether the disk has no partitions although the kernel has found @table.  As in
   * lib/image/parts.c: a checksum of one byte is enough for Acorn's table, and it matches in one of
   * 256 arbitrary sectors.
   */
  private async isBare(table: readonly TableEntry[]): Promise<boolean> {
    const data = await this.firstBytes();

    if (tableType(data))
      return false;
    const isWholeDisk = table.length === 1 && table[0]!.index === 1 && table[0]!.size >= this.source.size;
    return isWholeDisk || otherContent(data) !== '' || candidates(data).length > 0;
  }

  private async readTable(): Promise<TableEntry[]> {
    const name = this.kernelName();
    const pattern = new RegExp(`^ *\\d+ +\\d+ +\\d+ ${name}(\\d+)$`, 'gm');
    const found: TableEntry[] = [];

    await this.devices.needProc();
    for (const [, index] of (await this.readText('/proc/partitions')).matchAll(pattern)) {
      await this.devices.needSys();
      // sysfs counts sectors; /proc/partitions counts KiB and loses the last of an odd number.
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
      disk = await this.devices.calls.kernel.addDisk(source());
      if (disk < 0)
        throw new FsError(-disk, 'open', this.source.name);
      this.twins.set(purpose, disk);
    }
    return disk;
  }

  private async numberOf(disk: number, index: number): Promise<number> {
    const dev = await this.devices.calls.kernel.diskDevice(disk, index);

    if (dev < 0)
      throw new FsError(-dev, 'open', this.source.name);
    return dev;
  }

  private kernelName(): string {
    const letter = (number: number) => String.fromCharCode(97 + number);
    const { disk } = this;

    return `vd${disk < 26 ? '' : letter(Math.floor(disk / 26) - 1)}${letter(disk % 26)}`;
  }

  private async readText(path: string): Promise<string> {
    const { calls } = this.devices;
    const fd = await calls.openKernel(path, openFlag.rdonly);

    return calls.using(fd, async () => new TextDecoder().decode(
      await calls.pread(fd, path, 0, BUFFER)));
  }
}
