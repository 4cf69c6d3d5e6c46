// SPDX-License-Identifier: GPL-2.0
/// <reference types="node" />
import type * as nodeFs from 'node:fs';
import type { Duplex, Readable } from 'node:stream';

/** A passphrase, or the content of a key file. */
export type Key = string | Uint8Array;

/** An encrypted volume that needs a key. */
export interface LockedVolume {
  path: string;
  fstype: string;
  label: string;
  uuid: string;
}

/** Called for each key that is needed; `attempt` counts from 0.  null: there is no more key. */
export type KeyFunction = (volume: LockedVolume, attempt: number) =>
  Key | null | undefined | Promise<Key | null | undefined>;

/**
 * A disk in JavaScript.  Offsets and lengths are multiples of 512 bytes.  Functions may return
 * promises.  An exception of a function becomes an I/O error with its message as the reason.
 */
export interface CustomDisk {
  /** For messages. */
  name?: string;
  /** In bytes. */
  size: number | bigint | (() => number | bigint | Promise<number | bigint>);
  /**
   * Either fill the buffer and return nothing or its length, or return another buffer of the same
   * length.
   */
  read(buffer: Buffer, offset: number):
    void | number | Uint8Array | Promise<void | number | Uint8Array>;
  /** Write the whole buffer. */
  write?(buffer: Buffer, offset: number): void | number | Promise<void | number>;
  /** Make completed writes durable. */
  flush?(): void | Promise<void>;
  /** Called when the disk is no longer used. */
  close?(): void;
}

export interface OpenOptions {
  /** Open the image for writing.  Default: not one byte of it changes. */
  write?: boolean;
  /** Take a lock on the image file.  Default: true. */
  lock?: boolean;
  /** Allow writing to images that are otherwise refused: truncated ones, and dirty NTFS volumes. */
  force?: boolean;
  /** Path of a file that keeps all changes; the image itself is only read. */
  overlay?: string;
  /** "raw", "qcow2", "vmdk" ...; default: detected. */
  format?: string;
  /** Id or name of a snapshot of a qcow2 image. */
  snapshot?: string;
  /** Directory whose files the image may refer to; "": the directory of the image. */
  backing?: string;
  /** Password of an encrypted qcow2 image; `keys` are for the volumes inside images. */
  password?: string;
  /** Keys of encrypted volumes: for all volumes, or by the path of the volume. */
  keys?: Key | Key[] | Record<string, Key> | KeyFunction;
  /**
   * Run the kernel in a sandboxed process of its own, so that a hostile image can harm only that
   * process.
   */
  isolate?: boolean;
  /** With `isolate`: milliseconds after which a call that hangs ends the process. */
  timeout?: number;
  /** Milliseconds for each answer of a disk in JavaScript; 0: no limit.  Default: 60000. */
  answerTimeout?: number;
  /** For an image at an address: a file that keeps the blocks that were read. */
  cacheFile?: string;
  /** Bytes of that cache, in the file or in memory. */
  cacheSize?: number;
  /** Headers of each HTTP request. */
  headers?: Record<string, string>;
  /** Fetch the whole image into a temporary file first. */
  download?: boolean;
  /** Seconds after which failed network operations are no longer retried. */
  netTimeout?: number;
  /** Memory of the kernel in MiB.  Default: 128. */
  memory?: number;
  /** Print kernel messages below this level (1-8) to stderr.  Default: none. */
  loglevel?: number;
  /** Limit of the memory for journal replay on a read-only disk, in MiB. */
  replayMemory?: number;
  /** Bytes per sector, the unit of partition tables. */
  sectorSize?: number;
  /** Use only `size` bytes at `offset` of the image. */
  offset?: number;
  size?: number;
  /** File system type.  Default: detected. */
  fstype?: string;
  /** Mount options of the file system. */
  mountOptions?: string;
  /** Open volumes with missing members if the other members hold all data. */
  degraded?: boolean;
  /** Limit of the memory for key derivation, in KiB. */
  kdfMemory?: number;
  /** Limit of the time for key derivation, in seconds. */
  kdfSeconds?: number;
  /** File mode creation mask.  Default: 0o022. */
  umask?: number;
  /** Called with notes about mounts, such as the replay of a journal. */
  onNote?: (text: string) => void;
}

export interface Partition {
  number: number;
  /** In bytes, like `size`. */
  start: number;
  size: number;
  /** Path of the content in `disk.fs`. */
  path: string;
  type: string;
  name: string;
  partuuid: string;
  fstype: string;
  label: string;
  uuid: string;
}

export type NodeKind = 'disk' | 'partition' | 'table' | 'crypt' | 'group' | 'volume' |
  'filesystem' | 'other' | 'array' | 'file' | 'verity';

export interface TreeNode {
  kind: NodeKind;
  state: 'new' | 'opening' | 'open' | 'failed';
  size: number;
  name: string;
  path: string;
  type: string;
  fstype: string;
  label: string;
  uuid: string;
  /** The reason why the node could not be opened. */
  error?: string;
  errno?: number;
  children: TreeNode[];
}

export interface DiskInfo {
  path: string;
  /** In bytes. */
  size: number;
  partitioned: boolean;
  /** "raw", "qcow2", "vmdk" ... */
  format: string;
  /** Type of the partition table: "gpt", "dos" ..., or "". */
  table: string;
  /** Release of the kernel. */
  kernel: string;
  writable: boolean;
  isolated: boolean;
}

type PathLike = nodeFs.PathLike;

/** Options of setxattr() and lsetxattr(). */
export interface XattrSetOptions {
  /** Fail with EEXIST if the attribute exists. */
  create?: boolean;
  /** Fail with ENODATA if the attribute does not exist. */
  replace?: boolean;
}

type Done = (error: NodeJS.ErrnoException | null) => void;
type DoneWith<T> = (error: NodeJS.ErrnoException | null, value: T) => void;

/**
 * An entry of a POSIX ACL: for a named user or group if it has an id, else for the owner or the
 * owning group.
 */
export interface AclEntry {
  tag: 'user' | 'group' | 'mask' | 'other';
  /** The number of the named user or group. */
  id?: number;
  /** Read 4, write 2, execute 1. */
  perms: number;
}

export interface AclOptions {
  /** For a directory: the ACL that new files in it receive.  Default: false. */
  default?: boolean;
}

/** Functions that node:fs lacks. */
export interface ExtraPromises {
  getxattr(path: PathLike, name: string): Promise<Buffer>;
  lgetxattr(path: PathLike, name: string): Promise<Buffer>;
  setxattr(path: PathLike, name: string, value: string | NodeJS.ArrayBufferView,
           options?: XattrSetOptions): Promise<void>;
  lsetxattr(path: PathLike, name: string, value: string | NodeJS.ArrayBufferView,
            options?: XattrSetOptions): Promise<void>;
  listxattr(path: PathLike): Promise<string[]>;
  llistxattr(path: PathLike): Promise<string[]>;
  removexattr(path: PathLike, name: string): Promise<void>;
  lremovexattr(path: PathLike, name: string): Promise<void>;
  /** The ACL; for a file without an ACL, three entries that are equal to its mode. */
  getacl(path: PathLike, options?: AclOptions): Promise<AclEntry[]>;
  /**
   * Replace the ACL.  If there are named entries but no mask, the mask is computed by the
   * rule of setfacl(1).  An empty list removes the default ACL.
   */
  setacl(path: PathLike, entries: AclEntry[], options?: AclOptions): Promise<void>;
  /** Make a device node, FIFO or socket; `mode` has the type, such as constants.S_IFBLK. */
  mknod(path: PathLike, mode: number, major?: number, minor?: number): Promise<void>;
  /** Write all changes to the image. */
  sync(): Promise<void>;
}

export interface ExtraFs {
  getxattr(path: PathLike, name: string, callback: DoneWith<Buffer>): void;
  lgetxattr(path: PathLike, name: string, callback: DoneWith<Buffer>): void;
  setxattr(path: PathLike, name: string, value: string | NodeJS.ArrayBufferView,
           callback: Done): void;
  setxattr(path: PathLike, name: string, value: string | NodeJS.ArrayBufferView,
           options: XattrSetOptions, callback: Done): void;
  lsetxattr(path: PathLike, name: string, value: string | NodeJS.ArrayBufferView,
            callback: Done): void;
  lsetxattr(path: PathLike, name: string, value: string | NodeJS.ArrayBufferView,
            options: XattrSetOptions, callback: Done): void;
  listxattr(path: PathLike, callback: DoneWith<string[]>): void;
  llistxattr(path: PathLike, callback: DoneWith<string[]>): void;
  removexattr(path: PathLike, name: string, callback: Done): void;
  lremovexattr(path: PathLike, name: string, callback: Done): void;
  getacl(path: PathLike, callback: DoneWith<AclEntry[]>): void;
  getacl(path: PathLike, options: AclOptions, callback: DoneWith<AclEntry[]>): void;
  setacl(path: PathLike, entries: AclEntry[], callback: Done): void;
  setacl(path: PathLike, entries: AclEntry[], options: AclOptions, callback: Done): void;
  mknod(path: PathLike, mode: number, major: number, minor: number, callback: Done): void;
  sync(callback: Done): void;
  getxattrSync(path: PathLike, name: string): Buffer;
  lgetxattrSync(path: PathLike, name: string): Buffer;
  setxattrSync(path: PathLike, name: string, value: string | NodeJS.ArrayBufferView,
               options?: XattrSetOptions): void;
  lsetxattrSync(path: PathLike, name: string, value: string | NodeJS.ArrayBufferView,
                options?: XattrSetOptions): void;
  listxattrSync(path: PathLike): string[];
  llistxattrSync(path: PathLike): string[];
  removexattrSync(path: PathLike, name: string): void;
  lremovexattrSync(path: PathLike, name: string): void;
  getaclSync(path: PathLike, options?: AclOptions): AclEntry[];
  setaclSync(path: PathLike, entries: AclEntry[], options?: AclOptions): void;
  mknodSync(path: PathLike, mode: number, major?: number, minor?: number): void;
  syncSync(): void;
}

type PathNames = 'access' | 'appendFile' | 'chmod' | 'chown' | 'copyFile' | 'cp' | 'lchown' |
  'link' | 'lstat' | 'lutimes' | 'mkdir' | 'mkdtemp' | 'opendir' | 'readFile' | 'readdir' |
  'readlink' | 'realpath' | 'rename' | 'rm' | 'rmdir' | 'stat' | 'statfs' | 'symlink' |
  'truncate' | 'unlink' | 'utimes' | 'writeFile';

type FdNames = 'close' | 'exists' | 'fchmod' | 'fchown' | 'fdatasync' | 'fstat' | 'fsync' |
  'ftruncate' | 'futimes' | 'open' | 'read' | 'readv' | 'write' | 'writev';

type OtherNames = 'watch' | 'watchFile' | 'unwatchFile' | 'constants' | 'createReadStream' | 'createWriteStream' | 'ReadStream' |
  'WriteStream' | 'Stats' | 'Dirent' | 'Dir';

export type DiskPromises = ExtraPromises &
  Pick<typeof nodeFs.promises, PathNames | 'open' | 'constants' | 'watch'> & {
    glob(pattern: string | string[], options?: GlobOptions): AsyncIterableIterator<string>;
    mkdtempDisposable(prefix: string): Promise<TemporaryDirectory<Promise<void>>>;
  };

export interface GlobOptions {
  /** Default: "/". */
  cwd?: string | URL;
  exclude?: string[] | ((path: string) => boolean);
  withFileTypes?: false;
}

export interface TemporaryDirectory<Removed> {
  path: string;
  remove(): Removed;
}

/** Types that the declarations of some versions of Node.js lack. */
interface NewerFs {
  glob(pattern: string | string[], callback: DoneWith<string[]>): void;
  glob(pattern: string | string[], options: GlobOptions, callback: DoneWith<string[]>): void;
  globSync(pattern: string | string[], options?: GlobOptions): string[];
  mkdtempDisposableSync(prefix: string): TemporaryDirectory<void>;
  openAsBlob(path: PathLike, options?: { type?: string }): Promise<Blob>;
  openAsBlobSync(path: PathLike, options?: { type?: string }): Blob;
  /** Only in versions of Node.js that have it. */
  readonly Utf8Stream?: unknown;
  readonly FSWatcher: unknown;
}

/** Like node:fs, with the paths of the image. */
export type DiskFs = ExtraFs & NewerFs & { promises: DiskPromises } &
  Pick<typeof nodeFs, PathNames | `${PathNames}Sync` | FdNames | `${FdNames}Sync` | OtherNames>;

export interface CopyProgress {
  /** The file that is copied. */
  path: string;
  files: number;
  bytes: number;
  totalFiles: number;
  totalBytes: number;
}

export interface CopyOptions {
  onProgress?: (progress: CopyProgress) => void;
  signal?: AbortSignal;
  /**
   * Give the copies the numeric owners and set-ID bits of the originals.  Default: true, but
   * false in copyOut() when the process does not run as root.
   */
  owners?: boolean;
}

export interface Copied {
  files: number;
  bytes: number;
  /**
   * How many files of the image have extended attributes, which copyOut() leaves out; toTar()
   * keeps them.  Always 0 for copyIn(), as Node.js cannot see the attributes of the host's files.
   */
  withoutXattrs: number;
}

export class Disk {
  private constructor();
  readonly fs: DiskFs;
  /** The path of the image. */
  readonly path: string;
  readonly closed: boolean;
  partitions(): Promise<Partition[]>;
  /**
   * All partitions, volumes and file systems, at any depth; encrypted volumes are opened if there
   * is a key.
   */
  tree(): Promise<TreeNode>;
  info(): Promise<DiskInfo>;
  /**
   * Write everything, freeze all file systems, call `body`, and thaw them: meanwhile the bytes of
   * the disk do not change, and journals are empty, like after close().  Volumes that were not
   * open are opened before.  Other asynchronous calls wait until `body` has ended; `body` must
   * not wait for calls of the same disk, and synchronous calls throw ERR_DISK_FROZEN.
   */
  frozen<T>(body: () => T | Promise<T>): Promise<T>;
  /**
   * A stream of a tar archive of a file or a directory, with owners, extended attributes, hard
   * links, devices and holes.
   */
  toTar(path: PathLike): Readable;
  /**
   * A stream to write a tar archive to, which is extracted into the directory `path`.  An entry
   * whose path leads out of `path` is refused (ERR_TAR_ESCAPE).
   */
  fromTar(path: PathLike): Duplex;
  /** Copy a file or tree of the image to the host; `target` must not exist. */
  copyOut(source: string | URL, target: string | URL, options?: CopyOptions): Promise<Copied>;
  /** Copy a file or tree of the host into the image; `target` must not exist. */
  copyIn(source: string | URL, target: string | URL, options?: CopyOptions): Promise<Copied>;
  /** Write all changes to the image, end all calls, and unlock the image. */
  close(): Promise<void>;
  closeSync(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Open a disk image: a file, an address ("https://...", "nbd://..."), or a disk in JavaScript. */
export function open(image: string | Buffer | URL | CustomDisk, options?: OpenOptions): Promise<Disk>;

export const version: string;

// Sessions: the functions that @anyfs/core calls in Node.js and Electron.  Each path begins with
// one that sessionEnter() returned.  Functions that return a number report a failure as a
// negative errno.

/** Flag of sessionOpen() and sessionEnter(). */
export const SESSION_READONLY: 1;
/** Set the memory in MiB and the log level (0-8) of the kernels of later sessions. */
export function kernelInit(memMb?: number, loglevel?: number): number;
/** Close all sessions. */
export function kernelHalt(): void;
/** Open an image in a sandboxed process, read-only by default; returns the session's handle. */
export function sessionOpen(path: string, flags?: number): number;
/** Write all changes to the image and close it. */
export function sessionClose(handle: number): number;
/** The reason of the last failure that was reported as a number. */
export function sessionError(): string;
/** JSON of an array: slot_id, parent, index, offset, size, ptype, kind, fstype, label, uuid. */
export function sessionListJson(handle: number): Promise<string>;
/** JSON: logical_size in bytes, pt_type. */
export function sessionMetaJson(handle: number): Promise<string>;
/** Mount a slot, 0: the whole disk, and return the path of its content. */
export function sessionEnter(handle: number, part: number, flags?: number): Promise<string>;
/**
 * The first 64 KiB at most of a file that the kernel itself provides, such as /proc/filesystems.
 */
export function readKernelFile(path: string): Promise<string>;
/** JSON of an array: name, ino, kind ("dir", "file", "link" or "other"). */
export function readdirJson(path: string): Promise<string>;
/** JSON: the status of a file, without following a symbolic link; times in seconds. */
export function lstatJson(path: string): Promise<string>;
export function statJson(path: string): Promise<string>;
export function realpath(path: string): Promise<string>;
export function readlink(path: string): Promise<string>;
/** Open a file with the O_ flags of Linux; returns a descriptor. */
export function fileOpen(path: string, flags?: number): Promise<number>;
/** Read up to `n` bytes at offset `off`; `rc` is the number of bytes, 0 at the end. */
export function pread(fd: number, n: number, off: number): Promise<{ rc: number; data: Uint8Array }>;
export function fileClose(fd: number): Promise<number>;
