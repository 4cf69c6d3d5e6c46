// SPDX-License-Identifier: GPL-2.0
/*
 * layout-user.ts - numbers and structures of system calls, for 32-bit kernels
 */
export const nr = {
  setxattr: 5, getxattr: 8, listxattr: 11, removexattr: 14,
  ioctl: 29, mknodat: 33, mkdirat: 34, unlinkat: 35, symlinkat: 36, linkat: 37, umount2: 39,
  mount: 40, fstatfs64: 44,
  ftruncate64: 46, fchownat: 54, openat: 56, close: 57, getdents64: 61,
  pread64: 67, pwrite64: 68, readlinkat: 78, fsync: 82, syncfs: 267, renameat2: 276,
  statx: 291, utimensatTime64: 412, fsconfig: 431, fspick: 433, openat2: 437, fchmodat2: 452,
} as const;

export const AT = { fdcwd: -100, symlinkNofollow: 0x100, removedir: 0x200, emptyPath: 0x1000 } as const;
export const STATX_BTIME = 0x800;
/** STATX_BASIC_STATS, and the creation time. */
export const STATX_STATS = 0x7ff | STATX_BTIME;
export const S_IFMT = 0o170000;
export const S_IFBLK = 0o060000;
export const MS_RDONLY = 1;
export const RENAME_NOREPLACE = 1;

export const openFlag = {
  rdonly: 0, wronly: 1, rdwr: 2, creat: 0o100, excl: 0o200, trunc: 0o1000, append: 0o2000,
  nonblock: 0o4000, directory: 0o200000, nofollow: 0o400000, largefile: 0o100000, cloexec: 0o2000000,
  path: 0o10000000,
} as const;
export const resolveFlag = { inRoot: 0x10 } as const;

export const statx = {
  mask: 0, blksize: 4, nlink: 16, uid: 20, gid: 24, mode: 28, ino: 32, size: 40, blocks: 48,
  atime: 64, btime: 80, ctime: 96, mtime: 112, rdev: 128, dev: 136, bytes: 256,
} as const;

/** struct statfs64 */
export const statfs = {
  bsize: 4, blocks: 8, bfree: 16, bavail: 24, files: 32, ffree: 40, frsize: 60, bytes: 88,
} as const;

export const dirent = { ino: 0, reclen: 16, type: 18, name: 19 } as const;

export type Kind = 'file' | 'dir' | 'link' | 'other';

/** From d_type. */
export function kindOfType(type: number): Kind {
  return type === 8 ? 'file' : type === 4 ? 'dir' : type === 10 ? 'link' : 'other';
}

export function kindOfMode(mode: number): Kind {
  return kindOfType((mode & S_IFMT) >> 12);
}
