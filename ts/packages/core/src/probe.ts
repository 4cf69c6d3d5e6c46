// SPDX-License-Identifier: GPL-2.0
/*
 * probe.ts - which file systems a device may contain
 *
 * The table of identifying bytes only gives the order in which types are tried: the kernel
 * decides, when it mounts, whether the content is a file system of that type.
 */

/** Bytes that must be read for the table: up to the end of the last identifier. */
export const PROBE_BYTES = 72 << 10;

type Magic = readonly [offset: number, bytes: string | readonly number[]];
interface Row {
  fstype: string;
  /** One of these byte sequences must be present. */
  any: readonly Magic[];
}

const le16 = (value: number) => [value & 0xff, value >> 8];
const be16 = (value: number) => [value >> 8, value & 0xff];
const le32 = (value: number) => [...le16(value & 0xffff), ...le16(value >>> 16)];
const be32 = (value: number) => [...be16(value >>> 16), ...be16(value & 0xffff)];

/** Types with strong identifiers first; types with the same identifier in the order to try. */
const table: readonly Row[] = [
  { fstype: 'ext4', any: [[1080, le16(0xef53)]] },
  { fstype: 'xfs', any: [[0, 'XFSB']] },
  { fstype: 'btrfs', any: [[65600, '_BHRfS_M']] },
  { fstype: 'f2fs', any: [[1024, le32(0xf2f52010)]] },
  { fstype: 'bcachefs', any: [
    [4120, [0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca]],
    [4120, [0xc6, 0x85, 0x73, 0xf6, 0x66, 0xce, 0x90, 0xa9]],
  ] },
  { fstype: 'exfat', any: [[3, 'EXFAT   ']] },
  { fstype: 'ntfs3', any: [[3, 'NTFS    ']] },
  { fstype: 'squashfs', any: [[0, 'hsqs']] },
  { fstype: 'erofs', any: [[1024, le32(0xe0f5e1e2)]] },
  { fstype: 'jfs', any: [[32768, 'JFS1']] },
  { fstype: 'reiserfs', any: [
    [65588, 'ReIsErFs'], [65588, 'ReIsEr2Fs'], [65588, 'ReIsEr3Fs'], [8244, 'ReIsErFs'],
  ] },
  { fstype: 'nilfs2', any: [[1030, le16(0x3434)]] },
  { fstype: 'gfs2', any: [[65536, be32(0x01161970)]] },
  { fstype: 'ocfs2', any: [[1024, 'OCFSV2'], [2048, 'OCFSV2'], [4096, 'OCFSV2'], [8192, 'OCFSV2']] },
  { fstype: 'zonefs', any: [[0, 'SFOZ']] },
  { fstype: 'udf', any: [[32769, 'BEA01'], [32769, 'NSR0'], [34817, 'NSR0'], [36865, 'NSR0'], [38913, 'NSR0']] },
  { fstype: 'iso9660', any: [[32769, 'CD001'], [32777, 'CDROM']] },
  { fstype: 'hfsplus', any: [[1024, 'H+'], [1024, 'HX'], [1024, 'BD']] },
  { fstype: 'hfs', any: [[1024, 'BD']] },
  { fstype: 'cramfs', any: [[0, le32(0x28cd3d45)], [0, be32(0x28cd3d45)], [512, le32(0x28cd3d45)]] },
  { fstype: 'romfs', any: [[0, '-rom1fs-']] },
  { fstype: 'ufs', any: [8192, 65536].flatMap((at): Magic[] => [
    [at + 1372, le32(0x00011954)], [at + 1372, be32(0x00011954)], [at + 1372, le32(0x19540119)],
    [at + 1372, be32(0x19540119)],
  ]).filter(([at]) => at + 4 <= PROBE_BYTES) },
  { fstype: 'befs', any: [[544, le32(0x42465331)], [32, le32(0x42465331)], [544, be32(0x42465331)]] },
  { fstype: 'vxfs', any: [[1024, le32(0xa501fcf5)], [8192, be32(0xa501fcf5)]] },
  { fstype: 'hpfs', any: [[8192, le32(0xf995e849)]] },
  { fstype: 'bfs', any: [[0, le32(0x1badface)]] },
  { fstype: 'efs', any: [[512 + 28, be32(0x00072959)], [512 + 28, be32(0x0007295a)]] },
  { fstype: 'omfs', any: [[264, be32(0xc2993d87)]] },
  { fstype: 'qnx4', any: [[512, '/\0']] },
  { fstype: 'qnx6', any: [[8192, le32(0x68191122)], [8192, be32(0x68191122)], [0, le32(0x68191122)]] },
  { fstype: 'affs', any: [...'\0\x01\x02\x03\x04\x05\x06\x07'].map((n): Magic => [0, `DOS${n}`]) },
  { fstype: 'minix', any: [
    [1040, le16(0x137f)], [1040, le16(0x138f)], [1040, le16(0x2468)], [1040, le16(0x2478)],
    [1048, le16(0x4d5a)],
  ] },
  { fstype: 'sysv', any: [[1528, le32(0xfd187e20)], [1528, be32(0xfd187e20)], [1016, le32(0x2b5544)]] },
  // vfat is last, because the signature of a boot sector (55 aa) identifies it only weakly.
  { fstype: 'vfat', any: [[82, 'FAT32'], [54, 'FAT1'], [54, 'FAT '], [510, [0x55, 0xaa]]] },
];

function matches(data: Uint8Array, [offset, bytes]: Magic): boolean {
  const want = typeof bytes === 'string' ? [...bytes].map((c) => c.charCodeAt(0)) : bytes;

  return want.every((byte, i) => data[offset + i] === byte);
}

/** Types whose identifier is in @data, the first bytes of a device, in the order to try. */
export function candidates(data: Uint8Array): string[] {
  return table.filter(({ any }) => any.some((magic) => matches(data, magic)))
    .map(({ fstype }) => fstype);
}
