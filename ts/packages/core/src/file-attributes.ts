// SPDX-License-Identifier: GPL-2.0
/*
 * file-attributes.ts - statfs, and read and change the attributes of files
 */
import { BUFFER, type Calls } from './calls.js';
import { errno, FsError } from './errno.js';
import type { FsStatistics } from './interface.js';
import { AT, nr, openFlag, statfs } from './layout-user.js';

/** Opens a path of the disk; called only inside Calls.run(). */
export type OpenPath = (path: string, flags: number, call: string) => Promise<number>;

const XATTR_SIZE_MAX = 65536;

export class FileAttributes {
  constructor(private readonly calls: Calls, private readonly openPath: OpenPath) {}

  statfs(path: string): Promise<FsStatistics> {
    const { calls } = this;
    const { mem } = calls.kernel;

    return this.withPath(path, 'statfs', true, async (fd) => {
      await calls.check('statfs', path, nr.fstatfs64, fd, statfs.bytes, calls.buffer);
      const member = (offset: number) => mem.u64(calls.buffer + offset);
      const block = mem.u32(calls.buffer + statfs.frsize) || mem.u32(calls.buffer + statfs.bsize);
      return {
        blockSize: block, size: member(statfs.blocks) * block, free: member(statfs.bfree) * block,
        available: member(statfs.bavail) * block, files: member(statfs.files),
        filesFree: member(statfs.ffree),
      };
    });
  }

  /** The empty path and AT_EMPTY_PATH, here and below, mean the file that fd has open. */
  async chmod(path: string, permissions: number): Promise<void> {
    await this.withPath(path, 'chmod', true, (fd) => this.calls.check('chmod', path, nr.fchmodat2, fd,
      this.calls.firstPath(''), permissions, AT.emptyPath));
  }

  async chown(path: string, uid: number, gid: number, follow: boolean): Promise<void> {
    const call = follow ? 'chown' : 'lchown';

    await this.withPath(path, call, follow, (fd) => this.calls.check(call, path, nr.fchownat, fd,
      this.calls.firstPath(''), uid, gid, AT.emptyPath));
  }

  async utimes(path: string, atime: number | Date, mtime: number | Date, follow: boolean): Promise<void> {
    const call = follow ? 'utimes' : 'lutimes';
    const { calls } = this;

    await this.withPath(path, call, follow, async (fd) => {
      this.setTime(calls.buffer, atime);
      this.setTime(calls.buffer + 16, mtime);
      await calls.check(call, path, nr.utimensatTime64, fd, calls.firstPath(''), calls.buffer,
        AT.emptyPath);
    });
  }

  listXattrs(path: string): Promise<string[]> {
    const { calls } = this;

    return this.withLink(path, 'listxattr', async (link) => {
      const len = await calls.check('listxattr', path, nr.listxattr, calls.firstPath(link),
        calls.buffer, BUFFER);
      return calls.kernel.mem.text(calls.buffer, len).split('\0').filter((name) => name);
    });
  }

  getXattr(path: string, name: string): Promise<Uint8Array> {
    const { calls } = this;

    return this.withLink(path, 'getxattr', async (link) => {
      const len = await calls.check('getxattr', path, nr.getxattr, calls.firstPath(link),
        calls.string(name), calls.buffer, XATTR_SIZE_MAX);
      return calls.kernel.mem.bytes.slice(calls.buffer, calls.buffer + len);
    });
  }

  async setXattr(path: string, name: string, value: Uint8Array): Promise<void> {
    const { calls } = this;

    if (value.length > XATTR_SIZE_MAX)
      throw new FsError(errno.E2BIG, 'setxattr', path);
    await this.withLink(path, 'setxattr', async (link) => {
      calls.kernel.mem.bytes.set(value, calls.buffer);
      await calls.check('setxattr', path, nr.setxattr, calls.firstPath(link), calls.string(name),
        calls.buffer, value.length, 0);
    });
  }

  async removeXattr(path: string, name: string): Promise<void> {
    const { calls } = this;

    await this.withLink(path, 'removexattr', (link) => calls.check('removexattr', path,
      nr.removexattr, calls.firstPath(link), calls.string(name)));
  }

  private setTime(addr: number, time: number | Date): void {
    const { mem } = this.calls.kernel;
    const ms = time instanceof Date ? time.getTime() : time * 1000;
    const seconds = Math.floor(ms / 1000);

    mem.setI64(addr, seconds);
    mem.setI64(addr + 8, Math.min(999_999_999, Math.round((ms - seconds * 1000) * 1e6)));
  }

  private withPath<R>(path: string, call: string, follow: boolean,
    fn: (fd: number) => Promise<R>): Promise<R> {
    const { calls } = this;

    return calls.run(async () => calls.using(
      await this.openPath(path, openFlag.path | (follow ? 0 : openFlag.nofollow), call), fn));
  }

  /**
   * The kernel has no calls for extended attributes of a descriptor that was opened with O_PATH.
   * But the path of that descriptor in /proc leads to its file, even if that is a symbolic link.
   */
  private withLink<R>(path: string, call: string, fn: (link: string) => Promise<R>): Promise<R> {
    return this.withPath(path, call, false, (fd) => fn(`/proc/self/fd/${fd}`));
  }
}
