// SPDX-License-Identifier: GPL-2.0
/*
 * extents.ts - where the data of a file is stored, according to its file system (FIEMAP)
 *
 * The structures and flags are those of include/uapi/linux/fiemap.h.
 */
import type { Calls } from './calls.js';
import { nr } from './layout-user.js';

/** A range of a file that is stored in one piece; sizes in bytes. */
export interface Extent {
  /** From the start of the file. */
  offset: number;
  length: number;
  /** From the start of the partition or volume; null: the file system does not say. */
  physical: number | null;
  /** The names of `anyfs extents`: "unwritten", "shared" ... */
  flags: readonly string[];
}

/** _IOWR('f', 11, struct fiemap) */
const FS_IOC_FIEMAP = 0xc020660b;
/** Offsets of members of struct fiemap; the extents follow it in memory. */
const HEAD = { start: 0, length: 8, flags: 16, mapped: 20, count: 24, reserved: 28, bytes: 32 };
/** Offsets of members of struct fiemap_extent. */
const EXTENT = { logical: 0, physical: 8, length: 16, flags: 40, bytes: 56 };
/** Extents that one call returns. */
const COUNT = 256;
const MAX_OFFSET = 0xffff_ffff_ffff_ffffn;
const LAST = 1;
const UNKNOWN = 2;
const FLAGS: readonly [number, string][] = [
  [UNKNOWN, 'unknown'], [4, 'delayed'], [8, 'encoded'], [0x80, 'encrypted'], [0x200, 'inline'],
  [0x400, 'tail'], [0x800, 'unwritten'], [0x2000, 'shared'],
];

/** Call this only inside Calls.run().  @param path for messages */
export async function extentsOf(calls: Calls, fd: number, path: string): Promise<Extent[]> {
  const { buffer, kernel: { mem } } = calls;
  const found: Extent[] = [];

  for (let at = 0; ;) {
    mem.setI64(buffer + HEAD.start, at);
    mem.setI64(buffer + HEAD.length, BigInt.asIntN(64, MAX_OFFSET - BigInt(at)));
    for (const member of [HEAD.flags, HEAD.mapped, HEAD.reserved])
      mem.setU32(buffer + member, 0);
    mem.setU32(buffer + HEAD.count, COUNT);
    await calls.check('extents', path, nr.ioctl, fd, FS_IOC_FIEMAP, buffer);
    const mapped = Math.min(mem.u32(buffer + HEAD.mapped), COUNT);
    let flags = LAST;
    let end = at;
    for (let i = 0; i < mapped; i++) {
      const extent = buffer + HEAD.bytes + i * EXTENT.bytes;
      const offset = mem.u64(extent + EXTENT.logical);
      const length = mem.u64(extent + EXTENT.length);
      flags = mem.u32(extent + EXTENT.flags);
      found.push({
        offset, length, physical: flags & UNKNOWN ? null : mem.u64(extent + EXTENT.physical),
        flags: FLAGS.filter(([flag]) => flags & flag).map(([, name]) => name),
      });
      end = offset + length;
    }
    // A damaged file system may report extents that do not advance.
    if (flags & LAST || end <= at)
      return found;
    at = end;
  }
}
