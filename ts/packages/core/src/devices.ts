// SPDX-License-Identifier: GPL-2.0
/*
 * devices.ts - block devices of the kernel: disks, partitions, mapped devices, arrays
 *
 * Call all functions only inside Calls.run().
 */
import type { Calls } from './calls.js';
import { errno, FsError } from './errno.js';
import { RAID, arrayPlaces, isArraySuperblock, otherContent } from './labels.js';
import { AT, S_IFBLK, nr, openFlag } from './layout-user.js';
import { PROBE_BYTES } from './probe.js';

const BLKGETSIZE64 = 0x80041272;

export class Devices {
  /** Names of the mounted file systems with the kernel's own files: "proc", "sys". */
  private readonly own = new Set<string>();

  constructor(readonly calls: Calls) {}

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

  /** The first bytes of a device, which identify its content. */
  firstBytes(dev: number, shown: string): Promise<Uint8Array> {
    return this.read(dev, 0, PROBE_BYTES, shown);
  }

  needProc(): Promise<void> {
    return this.needOwn('proc', 'proc');
  }

  needSys(): Promise<void> {
    return this.needOwn('sysfs', 'sys');
  }

  /**
   * libblkid's name for the content of a device that has no file system; "": the device may have
   * one.
   */
  async otherContent(dev: number, size: number, firstBytes: Uint8Array, shown: string): Promise<string> {
    return otherContent(firstBytes) || (await this.hasArrayAtEnd(dev, size, shown) ? RAID : '');
  }

  /**
   * Whether there is a superblock of a RAID array at the end of the device, in which case the start
   * may look like other content.
   */
  private async hasArrayAtEnd(dev: number, size: number, shown: string): Promise<boolean> {
    for (const place of arrayPlaces(size))
      if (isArraySuperblock(await this.read(dev, place, 512, shown), place))
        return true;
    return false;
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
