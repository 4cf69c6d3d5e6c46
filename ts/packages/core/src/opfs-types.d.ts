// SPDX-License-Identifier: GPL-2.0
// opfs-types.d.ts - access handles of OPFS, which only lib.webworker.d.ts declares.
interface FileSystemSyncAccessHandle {
  getSize(): number;
  read(into: AllowSharedBufferSource, options: { at: number }): number;
  write(from: AllowSharedBufferSource, options: { at: number }): number;
  flush(): void;
  close(): void;
}
interface FileSystemFileHandle {
  /** In workers. */
  createSyncAccessHandle(): Promise<FileSystemSyncAccessHandle>;
}
