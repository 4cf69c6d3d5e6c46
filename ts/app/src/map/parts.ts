// SPDX-License-Identifier: GPL-2.0
/*
 * parts.ts - how the map shows each part of a disk
 */
import { type Partition, isBelow } from '@anyfs/core';

import type { IconName } from '../ui/Icon.js';
import type { TextKey } from '../text/text.js';

/** A part of the disk, in the order of the disk: a partition, or space outside partitions. */
export type Piece =
  | { kind: 'partition'; part: Partition; size: number; volumes: Partition[] }
  | { kind: 'free'; offset: number; size: number };

/** Bytes; smaller gaps are not shown, because they only align partitions. */
const GAP = 2 << 20;

export function piecesOf(partitions: readonly Partition[], size: number): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;

  for (const part of [...partitions].sort((a, b) => a.offset - b.offset)) {
    // The whole disk of a hybrid ISO contains the others.
    if (part.kind === 'volume' || (part.index === 0 && part.path !== '/'))
      continue;
    if (part.offset - end >= GAP)
      pieces.push({ kind: 'free', offset: end, size: part.offset - end });
    pieces.push({ kind: 'partition', part, size: part.size, volumes: volumesIn(part, partitions) });
    end = Math.max(end, part.offset + part.size);
  }
  if (size - end >= GAP)
    pieces.push({ kind: 'free', offset: end, size: size - end });
  return pieces;
}

/** The logical volumes that the disk or partition @part shows. */
function volumesIn(part: Partition, partitions: readonly Partition[]): Partition[] {
  return partitions.filter(({ kind, path }) => kind === 'volume' && isBelow(path, part.path));
}

/** The usual names of file systems, where they differ from the kernel's names. */
const NAMES: Record<string, string> = {
  vfat: 'FAT', msdos: 'FAT', exfat: 'exFAT', ntfs3: 'NTFS', hfsplus: 'HFS+', hfs: 'HFS', iso9660: 'ISO 9660',
  udf: 'UDF', xfs: 'XFS', btrfs: 'Btrfs', f2fs: 'F2FS', squashfs: 'SquashFS', erofs: 'EROFS', apfs: 'APFS',
  swap: 'swap', crypto_LUKS: 'LUKS', BitLocker: 'BitLocker', LVM2_member: 'LVM', linux_raid_member: 'RAID',
};

function nameOfType(type: string): string {
  return NAMES[type] ?? type;
}

const COLORS: Record<string, string> = {
  ext4: 'blue', xfs: 'green', btrfs: 'orange', f2fs: 'blue', vfat: 'teal', msdos: 'teal', exfat: 'teal',
  ntfs3: 'violet', hfsplus: 'violet', iso9660: 'green', squashfs: 'green', erofs: 'green', swap: 'gray',
  crypto_LUKS: 'yellow', BitLocker: 'yellow', LVM2_member: 'orange', linux_raid_member: 'orange',
};

export interface PartView {
  /** Names of the content and of the file system; "": unknown. */
  type: string;
  color: string;
  icon: IconName;
  /** A sentence that explains the type, where that is needed. */
  explanation: TextKey | null;
  opens: boolean;
  unlocks: boolean;
}

const EXPLANATIONS: Record<string, TextKey> = {
  swap: 'part.swap', crypto_LUKS: 'part.luks', BitLocker: 'part.bitlocker', LVM2_member: 'part.lvm',
  linux_raid_member: 'part.raid',
};

export function viewOf(part: Partition): PartView {
  const { fstype, content, locked, error } = part;
  const type = [content, fstype].filter((name) => name).map((name) => nameOfType(name!)).join(', ');
  const color = COLORS[fstype ?? content] ?? (type ? 'blue' : 'none');
  const view = { type, color, explanation: null, opens: false, unlocks: false };

  if (error)
    return { ...view, icon: 'warning', color: 'red', explanation: 'part.broken' };
  if (fstype)
    return { ...view, icon: content ? 'unlock' : 'folder', opens: true };
  if (locked)
    return { ...view, icon: 'lock', explanation: EXPLANATIONS[content] ?? null, unlocks: true };
  if (content === 'crypto_LUKS' || content === 'BitLocker')
    return { ...view, icon: 'unlock', explanation: 'part.unlocked' };
  return { ...view, icon: content === 'LVM2_member' ? 'parts' : 'disk', explanation: EXPLANATIONS[content] ?? 'part.unknown' };
}
