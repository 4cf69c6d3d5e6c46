// SPDX-License-Identifier: GPL-2.0
/*
 * mounts.ts - mount the file systems of devices
 *
 * Call all functions only inside Calls.run().
 */
import { PATH_MAX, type Calls } from './calls.js';
import type { Devices } from './devices.js';
import { errno, type FsError } from './errno.js';
import { AT, MS_RDONLY, nr, openFlag } from './layout-user.js';
import { candidates } from './probe.js';

/** A mounted file system. */
export interface Volume {
  /** Path of its root for callers: "/p2". */
  readonly path: string;
  /** Mount point in the kernel. */
  readonly point: string;
  readonly fstype: string;
  /** Descriptor of its root directory. */
  readonly root: number;
  readonly writable: boolean;
}

/** The device that a file system is mounted from. */
export interface MountSource {
  readonly path: string;
  readonly dev: number;
  readonly writable: boolean;
  /** A device with the same bytes, whose changes stay in memory. */
  shadow(): Promise<number>;
}

/** Mount options without which metadata or names would be lost. */
const OPTIONS: Record<string, string> = {
  gfs2: 'acl', hfs: 'codepage=macroman,iocharset=utf8', ntfs3: 'acl', reiserfs: 'user_xattr',
  // Without this option the file system maps pages before their content is read, which vmap() of
  // the kernel for wasm does not support.
  f2fs: 'memory=low',
};

/** The mount of a read-only device with a journal to replay fails with one of these errors. */
const NEEDS_REPLAY = new Set<number>([errno.EROFS, errno.EACCES]);

export class Mounts {
  private readonly mounted: Volume[] = [];
  private lastPoint = 0;

  constructor(private readonly calls: Calls, private readonly devices: Devices,
    private readonly fstypes: readonly string[] | null) {}

  all(): readonly Volume[] {
    return this.mounted;
  }

  /** Mount the file system whose first bytes are @data; null: there is no file system. */
  async mount(from: MountSource, data: Uint8Array): Promise<Volume | null> {
    const { calls } = this;
    const point = `/mnt.${++this.lastPoint}`;

    await calls.check('mkdir', point, nr.mkdirat, AT.fdcwd, calls.firstPath(point), 0o755);
    let fstype: string | null = null;
    try {
      fstype = await this.tryTypes(point, from, this.fstypes ?? candidates(data));
    } finally {
      if (!fstype)
        await calls.kernel.syscall(nr.unlinkat, AT.fdcwd, calls.firstPath(point), AT.removedir);
    }
    if (!fstype)
      return null;
    const root = await calls.openKernel(point, openFlag.path | openFlag.directory);
    const volume = { path: from.path, point, fstype, root, writable: from.writable };
    this.mounted.push(volume);
    return volume;
  }

  async close(): Promise<void> {
    const { calls } = this;

    for (const { root, path, point } of this.mounted) {
      await calls.close(root);
      await calls.check('umount', path, nr.umount2, calls.firstPath(point), 0);
    }
    this.mounted.length = 0;
  }

  /**
   * Try the types in order and mount the first that the kernel accepts.  If none is accepted,
   * report the first error of a type that seemed to match.
   */
  private async tryTypes(point: string, from: MountSource, fstypes: readonly string[]) {
    let error: FsError | null = null;

    for (const fstype of fstypes) {
      let ret = await this.tryMount(from.dev, point, fstype, from.writable);
      if (NEEDS_REPLAY.has(-ret) && !from.writable)
        ret = await this.tryMount(await from.shadow(), point, fstype, false);
      if (ret === 0)
        return fstype;
      if (ret !== -errno.EINVAL && ret !== -errno.ENODEV)
        error ??= this.calls.error(-ret, `mount ${fstype}`, from.path);
    }
    if (error)
      throw error;
    return null;
  }

  private async tryMount(dev: number, point: string, fstype: string, writable: boolean) {
    const { calls } = this;
    const options = OPTIONS[fstype];
    const device = await this.devices.node(dev);
    const flags = writable ? 0 : MS_RDONLY;
    const mount = (data: number) => calls.kernel.syscall(nr.mount, calls.secondPath(device),
      calls.firstPath(point), calls.string(fstype), flags, data);

    if (options) {
      calls.kernel.mem.setCstring(calls.buffer, options, PATH_MAX);
      const ret = await mount(calls.buffer);
      if (ret !== -errno.EINVAL)
        return ret;
    }
    return mount(0);
  }
}
