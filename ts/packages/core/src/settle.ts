// SPDX-License-Identifier: GPL-2.0
/*
 * settle.ts - keep a mounted file system from changing while its disk is copied
 *
 * Call all functions only inside Calls.run().
 */
import type { Calls } from './calls.js';
import { AT, nr, openFlag } from './layout-user.js';

const FIFREEZE = 0xc0045877;
const FITHAW = 0xc0045878;
const FSPICK_CLOEXEC = 1;
const FSCONFIG_SET_FLAG = 0;
const FSCONFIG_CMD_RECONFIGURE = 7;

/** Lets a file system change again. */
export type Start = () => Promise<unknown>;

/** Call all @starts, even after a failure; the first error is thrown afterwards. */
export async function startAll(starts: readonly Start[]): Promise<void> {
  let failed: { error: unknown } | null = null;

  for (const start of starts)
    await start().catch((error: unknown) => { failed ??= { error }; });
  if (failed)
    throw (failed as { error: unknown }).error;
}

/**
 * Stop changes of the file system at @point, which the caller has synced, so its journal is empty.
 *
 * The file system becomes read-only, so that FAT, exFAT and NTFS are marked as unmounted.  If a
 * file is open for writing, the kernel refuses that; then the file system is frozen or, if it
 * cannot be frozen, only synced.
 *
 * @return lets the file system change again
 */
export async function stopFileSystem(calls: Calls, point: string): Promise<Start> {
  if (await reconfigure(calls, point, 'ro') >= 0)
    return () => reconfigure(calls, point, 'rw');
  await callIoctl(calls, point, FIFREEZE);
  return () => callIoctl(calls, point, FITHAW);
}

/** Set @flag, "ro" or "rw", of the file system; its other flags stay.  Returns 0 or -errno. */
async function reconfigure(calls: Calls, point: string, flag: string): Promise<number> {
  const { kernel } = calls;
  const fd = await calls.check('settle', point, nr.fspick, AT.fdcwd, calls.firstPath(point),
    FSPICK_CLOEXEC);

  return calls.using(fd, async () => {
    await kernel.syscall(nr.fsconfig, fd, FSCONFIG_SET_FLAG, calls.string(flag), 0, 0);
    return kernel.syscall(nr.fsconfig, fd, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0);
  });
}

async function callIoctl(calls: Calls, point: string, request: number): Promise<void> {
  const fd = await calls.openKernel(point, openFlag.directory);

  await calls.using(fd, () => calls.kernel.syscall(nr.ioctl, fd, request, 0));
}
