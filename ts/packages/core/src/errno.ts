// SPDX-License-Identifier: GPL-2.0
/*
 * errno.ts - the kernel's error numbers as Errors with a POSIX code
 */
type ErrorName = 'E2BIG' | 'EIO' | 'EBADF' | 'ENOENT' | 'ENXIO' | 'ENOMEM' | 'EACCES' | 'EBUSY' | 'EEXIST' |
  'EXDEV' | 'EFBIG' | 'ENODEV' | 'EISDIR' | 'EINVAL' | 'EROFS' | 'ERANGE' | 'ENODATA' | 'EOPNOTSUPP' |
  'ENOKEY' | 'EKEYREJECTED' | 'EMEDIUMTYPE' | 'ESTALE' | 'EUCLEAN';

const names: Record<number, [string, string]> = {
  1: ['EPERM', 'operation not permitted'],
  2: ['ENOENT', 'no such file or directory'],
  4: ['EINTR', 'interrupted system call'],
  5: ['EIO', 'i/o error'],
  6: ['ENXIO', 'no such device or address'],
  7: ['E2BIG', 'argument list too long'],
  9: ['EBADF', 'bad file descriptor'],
  11: ['EAGAIN', 'resource temporarily unavailable'],
  12: ['ENOMEM', 'not enough memory'],
  13: ['EACCES', 'permission denied'],
  14: ['EFAULT', 'bad address'],
  16: ['EBUSY', 'resource busy or locked'],
  17: ['EEXIST', 'file already exists'],
  18: ['EXDEV', 'cross-device link not permitted'],
  19: ['ENODEV', 'no such device'],
  20: ['ENOTDIR', 'not a directory'],
  21: ['EISDIR', 'illegal operation on a directory'],
  22: ['EINVAL', 'invalid argument'],
  24: ['EMFILE', 'too many open files'],
  25: ['ENOTTY', 'inappropriate ioctl for device'],
  26: ['ETXTBSY', 'text file is busy'],
  27: ['EFBIG', 'file too large'],
  28: ['ENOSPC', 'no space left on device'],
  30: ['EROFS', 'read-only file system'],
  31: ['EMLINK', 'too many links'],
  34: ['ERANGE', 'result too large'],
  36: ['ENAMETOOLONG', 'name too long'],
  38: ['ENOSYS', 'function not implemented'],
  39: ['ENOTEMPTY', 'directory not empty'],
  40: ['ELOOP', 'too many symbolic links encountered'],
  61: ['ENODATA', 'no data available'],
  74: ['EBADMSG', 'a checksum does not match'],
  75: ['EOVERFLOW', 'value too large for defined data type'],
  95: ['EOPNOTSUPP', 'operation not supported'],
  116: ['ESTALE', 'stale file handle'],
  117: ['EUCLEAN', 'the file system is damaged'],
  122: ['EDQUOT', 'disk quota exceeded'],
  124: ['EMEDIUMTYPE', 'wrong medium type'],
  126: ['ENOKEY', 'required key not available'],
  129: ['EKEYREJECTED', 'the key is wrong'],
};

/** Numbers by name. */
export const errno = Object.fromEntries(Object.entries(names)
  .map(([number, [name]]) => [name, Number(number)])) as Record<ErrorName, number>;

export class FsError extends Error {
  readonly code: string;
  /** Negative, like in errors of Node. */
  readonly errno: number;
  readonly syscall: string;
  readonly path: string | undefined;

  /** @param reason replaces the general text of the error */
  constructor(errno: number, syscall: string, path?: string, reason?: string) {
    const [code, text] = names[errno] ?? [`E${errno}`, `error ${errno}`];
    super(`${code}: ${reason || text}, ${syscall}${path === undefined ? '' : ` '${path}'`}`);
    this.name = 'FsError';
    this.code = code;
    this.errno = -errno;
    this.syscall = syscall;
    this.path = path;
  }
}
