// SPDX-License-Identifier: GPL-2.0
/*
 * file-system-access.d.ts - the parts of the File System Access API that TypeScript does not
 * declare: the dialogs, the handles of dropped files, and permissions
 */
interface Window {
  showOpenFilePicker?(options?: { id?: string; multiple?: boolean }): Promise<FileSystemFileHandle[]>;
  showSaveFilePicker?(options?: { id?: string; suggestedName?: string }): Promise<FileSystemFileHandle>;
}

interface DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

interface FileSystemHandle {
  queryPermission?(options: { mode: 'read' | 'readwrite' }): Promise<PermissionState>;
  requestPermission?(options: { mode: 'read' | 'readwrite' }): Promise<PermissionState>;
}
