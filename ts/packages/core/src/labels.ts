// SPDX-License-Identifier: GPL-2.0
/*
 * labels.ts - labels, UUIDs and other content of partitions, from their first bytes
 *
 * The label is not found on file systems that store it elsewhere (exfat, ntfs, hfsplus).
 */
export interface Identity {
  label: string;
  uuid: string;
}

/** Offset and bytes of a label; "utf16": in UTF-16, little endian. */
type Label = readonly [offset: number, len: number, encoding?: 'utf16'];
interface Row {
  label?: Label;
  /** Offset of 16 bytes. */
  uuid?: number;
  uuidText?: Label;
}

const table: Record<string, Row> = {
  ext4: { label: [1144, 16], uuid: 1128 },
  xfs: { label: [108, 12], uuid: 32 },
  btrfs: { label: [65835, 256], uuid: 65568 },
  f2fs: { label: [1148, 1024, 'utf16'], uuid: 1132 },
  bcachefs: { label: [4168, 32], uuid: 4152 },
  jfs: { label: [32920, 16], uuid: 32904 },
  reiserfs: { label: [65636, 16], uuid: 65620 },
  nilfs2: { label: [1192, 80], uuid: 1176 },
  gfs2: { label: [65696, 64], uuid: 65792 },
  erofs: { label: [1088, 16], uuid: 1072 },
  iso9660: { label: [32808, 32] },
  swap: { label: [1052, 16], uuid: 1036 },
  // LUKS2, since LUKS1 has no label.  The UUID is stored as a text.
  crypto_LUKS: { label: [24, 48], uuidText: [168, 40] },
};

export const LUKS = 'crypto_LUKS';
export const BITLOCKER = 'BitLocker';
export const LVM = 'LVM2_member';
export const RAID = 'linux_raid_member';

/** Identifying bytes of swap, encryption, LVM and RAID, with libblkid's names. */
const others: readonly [name: string, offset: number, text: string][] = [
  ['swap', 4086, 'SWAPSPACE2'],
  [LUKS, 0, 'LUKS\xba\xbe'],
  [LVM, 536, 'LVM2 001'],
  [LVM, 24, 'LVM2 001'],
  [BITLOCKER, 3, '-FVE-FS-'],
  // BitLocker on removable disks, which begin like FAT.
  [BITLOCKER, 424, '\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01'],
  [RAID, 4096, '\xfc\x4e\x2b\xa9'],
  [RAID, 0, '\xfc\x4e\x2b\xa9'],
];

/** libblkid's name of the swap, encryption, LVM or RAID that @data begins with; "": none of them. */
export function otherContent(data: Uint8Array): string {
  return nameOf(others, data);
}

/** Where superblocks of RAID arrays with metadata 1.0 and 0.90 are on a device of @size bytes. */
export function arrayPlaces(size: number): number[] {
  return [Math.floor((Math.floor(size / 512) - 16) / 8) * 4096, (Math.floor(size / 65536) - 1) * 65536]
    .filter((place) => place > 0);
}

/** @param data the 512 bytes at @place */
export function isArraySuperblock(data: Uint8Array, place: number): boolean {
  const view = new DataView(data.buffer, data.byteOffset, data.length);

  if (data.length < 512 || view.getUint32(0, true) !== 0xa92b4efc)
    return false;
  const major = view.getUint32(4, true);
  return major === 0 || (major === 1 && view.getBigUint64(144, true) === BigInt(place / 512));
}

/** @param data the first bytes of a device with a file system of the type @fstype */
export function identity(data: Uint8Array, fstype: string): Identity {
  if (fstype === 'vfat' || fstype === 'msdos')
    return ofFat(data);
  if (fstype === 'exfat')
    return { label: '', uuid: serial(data, 100) };
  if (fstype === 'ntfs3')
    return { label: '', uuid: hex([...data.subarray(72, 80)].reverse()).toUpperCase() };
  const { label, uuid, uuidText } = table[fstype] ?? {};
  return {
    label: label && !isLuks1(data, fstype) ? labelAt(data, label) : '',
    uuid: uuidText ? labelAt(data, uuidText) : uuid === undefined ? '' : uuidAt(data, uuid),
  };
}

function isLuks1(data: Uint8Array, content: string): boolean {
  return content === 'crypto_LUKS' && data[7] === 1;
}

function ofFat(data: Uint8Array): Identity {
  const is32 = latin1(data, 82, 5) === 'FAT32';
  const label = latin1(data, is32 ? 71 : 43, 11).trimEnd();

  return { label: label === 'NO NAME' ? '' : label, uuid: serial(data, is32 ? 67 : 39) };
}

function labelAt(data: Uint8Array, [offset, len, encoding]: Label): string {
  const text = new TextDecoder(encoding === 'utf16' ? 'utf-16le' : 'utf-8')
    .decode(data.slice(offset, offset + len));
  return text.split('\0', 1)[0]!.trimEnd();
}

/** "": all bytes are zeros. */
function uuidAt(data: Uint8Array, offset: number): string {
  const bytes = data.subarray(offset, offset + 16);

  return bytes.some((byte) => byte) ?
    hex([...bytes]).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : '';
}

function serial(data: Uint8Array, offset: number): string {
  return hex([...data.subarray(offset, offset + 4)].reverse()).toUpperCase()
    .replace(/^(.{4})/, '$1-');
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function latin1(data: Uint8Array, offset: number, len: number): string {
  return String.fromCharCode(...data.subarray(offset, offset + len));
}

/** Identifying bytes of partition tables, with libblkid's names; the weakest are last. */
const tables: readonly [type: string, offset: number, text: string][] = [
  ['gpt', 512, 'EFI PART'],
  ['gpt', 4096, 'EFI PART'],
  ['aix', 0, '\xc9\xc2\xd4\xc1'],
  ['sgi', 0, '\x0b\xe5\xa9\x41'],
  ['bsd', 64, '\x57\x45\x56\x82'],
  ['bsd', 512, '\x57\x45\x56\x82'],
  ['ultrix', 16312, '\x57\x29\x03\0'],
  ['mac', 0, 'ER'],
  ['dos', 510, '\x55\xaa'],
  ['sun', 508, '\xda\xbe'],
];

/** The type of the partition table at the start of a disk; "": none of these. */
export function tableType(data: Uint8Array): string {
  return nameOf(tables, data);
}

function nameOf(rows: typeof tables, data: Uint8Array): string {
  return rows.find(([, offset, text]) => latin1(data, offset, text.length) === text)?.[0] ?? '';
}
