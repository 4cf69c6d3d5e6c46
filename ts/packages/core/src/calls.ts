// SPDX-License-Identifier: GPL-2.0
/*
 * calls.ts - system calls with strings and buffers
 *
 * The calls of one kernel share one buffer for each kind of argument.  A caller therefore makes a
 * call and takes the result from the buffers inside run(), which runs one caller at a time.
 */
import { errno, FsError } from './errno.js';
import type { Kernel } from './kernel.js';
import { AT, nr, openFlag, resolveFlag } from './layout-user.js';
import { Queue } from './queue.js';

export const PATH_MAX = 4096;
/** Maximum number of bytes of one read or write. */
export const BUFFER = 1 << 20;

export class Calls {
  /** Buffer for the data of read, write, getdents and statx. */
  readonly buffer: number;
  private readonly path: number;
  private readonly other: number;
  private readonly text: number;
  private readonly how: number;
  private readonly queue = new Queue();

  constructor(readonly kernel: Kernel) {
    const { mem } = kernel;
    this.path = mem.reserve(PATH_MAX);
    this.other = mem.reserve(PATH_MAX);
    this.text = mem.reserve(PATH_MAX);
    this.how = mem.reserve(24);
    this.buffer = mem.reserve(BUFFER);
  }

  run<R>(fn: () => Promise<R>): Promise<R> {
    return this.queue.run(fn);
  }

  // ---- below: only inside run() ----

  /**
   * Make a call and return its result; a negative result is thrown as an error that names @name and
   * @path.
   */
  async check(name: string, path: string, number: number,
    ...args: (number | bigint)[]): Promise<number> {
    const ret = await this.kernel.syscall(number, ...args);

    if (ret < 0)
      throw this.error(-ret, name, path);
    return ret;
  }

  /** The cause of an I/O error is the error of the source, if the source has reported one. */
  error(number: number, name: string, path: string): FsError {
    const error = new FsError(number, name, path);
    const cause = number === errno.EIO ? this.kernel.disks.takeError() : null;

    if (cause)
      error.cause = cause;
    return error;
  }

  /**
   * Copy a string to a buffer of the kernel and return its address, valid until the next call of
   * the same function.
   */
  firstPath(path: string): number {
    return this.put(this.path, path);
  }

  secondPath(path: string): number {
    return this.put(this.other, path);
  }

  string(text: string): number {
    return this.put(this.text, text);
  }

  /**
   * Open @path below directory @root, which symbolic links and ".." cannot leave.
   *
   * @param shown the path for messages
   */
  openBelow(root: number, path: string, flags: number, mode: number, name: string,
    shown: string): Promise<number> {
    const { mem } = this.kernel;

    // openat2() refuses O_LARGEFILE beside O_PATH.
    mem.setI64(this.how, flags | openFlag.cloexec |
      (flags & openFlag.path ? 0 : openFlag.largefile));
    mem.setI64(this.how + 8, flags & openFlag.creat ? mode : 0);
    mem.setI64(this.how + 16, resolveFlag.inRoot);
    return this.check(name, shown, nr.openat2, root, this.firstPath(path || '.'), this.how, 24);
  }

  /** Open @path of the kernel's own root directory. */
  openKernel(path: string, flags: number): Promise<number> {
    return this.check('open', path, nr.openat, AT.fdcwd, this.firstPath(path),
      flags | openFlag.largefile | openFlag.cloexec, 0);
  }

  async close(fd: number): Promise<void> {
    await this.kernel.syscall(nr.close, fd);
  }

  /** Call @fn with a descriptor, and close the descriptor afterwards, also after an error. */
  async using<R>(fd: number, fn: (fd: number) => Promise<R>): Promise<R> {
    try {
      return await fn(fd);
    } finally {
      await this.close(fd);
    }
  }

  /** The path of the open file @fd, with the mount point of its file system. */
  async nameOf(fd: number): Promise<string> {
    const link = `/proc/self/fd/${fd}`;
    const len = await this.check('readlink', link, nr.readlinkat, AT.fdcwd,
      this.firstPath(link), this.buffer, PATH_MAX);

    return this.kernel.mem.text(this.buffer, len);
  }

  /** Up to @len bytes from @offset on, copied from the buffer. */
  async pread(fd: number, path: string, offset: number, len: number): Promise<Uint8Array> {
    const got = await this.check('read', path, nr.pread64, fd, this.buffer,
      Math.min(len, BUFFER), offset);

    return this.kernel.mem.bytes.slice(this.buffer, this.buffer + got);
  }

  async pwrite(fd: number, path: string, data: Uint8Array, offset: number): Promise<number> {
    const part = data.subarray(0, BUFFER);

    this.kernel.mem.bytes.set(part, this.buffer);
    return this.check('write', path, nr.pwrite64, fd, this.buffer, part.length, offset);
  }

  private put(addr: number, text: string): number {
    this.kernel.mem.setCstring(addr, text, PATH_MAX);
    return addr;
  }
}
