// SPDX-License-Identifier: GPL-2.0
/*
 * index.ts - the package's interface
 */
import type { Disk } from './interface.js';
import { type Image, type OpenOptions, openHere } from './open.js';
import { RemoteDisk } from './remote.js';

export type { DirEntry, Stat } from './attributes.js';
export { BlobSource } from './blob.js';
export type { UnlockOptions } from './containers.js';
export { LocalDisk, type DiskOptions } from './disk.js';
export { FsError } from './errno.js';
export type { Extent } from './extents.js';
export type {
  Changes, Disk, FileHandle, FsStatistics, OpenMode, RenameOptions, RmOptions, Statistics,
  StreamOptions, WalkEntry, WalkOptions,
} from './interface.js';
export { Kernel, KernelDied, type KernelOptions } from './kernel.js';
export type { Image, OpenOptions } from './open.js';
export { OpfsFile } from './opfs.js';
export { Overlay } from './overlay.js';
export * from './paths.js';
export * from './format-text.js';
export {
  AnyfsSessionBase, NodeWasmSession, WasmSession, type AnyfsSession, type DispatchResult,
  type EntryKind, type LklFd, type SessionHandle, type SessionMeta, type SessionOpts,
  type SessionPartInfo, type SessionSource,
} from './session.js';
export {
  NativeSession, createSession, getAnyfsNative, mountBlob, prewarm, prewarmNative,
  type AnyfsNativeBridge, type BrowserMountOpts, type SessionBackend, type SessionChoice,
  type SessionEnv, type WasmCaps,
} from './session-native.js';
export { applyUrlProxy, getUrlProxyPrefix } from './url-proxy.js';
export { type Source, SourceError, type SourceErrorCode } from './source.js';
export { UrlSource, type UrlOptions } from './url.js';
export type { Partition } from './volumes.js';

/**
 * Open a disk image, or a list of images.  The contents of a list are in the directories /disk0,
 * /disk1 and so on; volume groups and RAID arrays may span several images.  Only the parts of an
 * image that are needed are read.
 */
export async function open(image: Image | readonly Image[], options: OpenOptions = {}): Promise<Disk> {
  const { worker = typeof document === 'object' } = options;

  return worker ? RemoteDisk.open(image, options) : openHere(image, options);
}
