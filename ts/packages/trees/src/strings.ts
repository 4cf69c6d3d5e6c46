// SPDX-License-Identifier: GPL-2.0
/*
 * strings.ts - the texts of the browser in English; the prop "strings" replaces them
 */
import type { FileCategory } from './file-types.js';
import type { ColumnId } from './order.js';

type Kinds = Record<Exclude<FileCategory, 'device'>, string> & {
  device: string;
  folderLink: string;
  blockDevice: string;
  characterDevice: string;
  socket: string;
  special: string;
  /** Combine "PNG" and "Image" to "PNG image". */
  withExtension(extension: string, kind: string): string;
};

export interface Strings {
  browser: string;
  back: string;
  forward: string;
  up: string;
  location: string;
  editLocation: string;
  folders: string;
  showFolders: string;
  hideFolders: string;
  filter: string;
  filterPlaceholder: string;
  noMatch: string;
  newFolder: string;
  newFolderName: string;
  upload: string;
  uploadFolder: string;
  view: string;
  hiddenFiles: string;
  preview: string;
  more: string;
  refresh: string;
  resizeFolders: string;
  resizeColumn(column: string): string;
  columns: Record<ColumnId, string>;
  kinds: Kinds;
  unknown: string;
  opening: string;
  noFileSystem: string;
  cannotOpen: string;
  cannotRead(name: string): string;
  retry: string;
  empty: string;
  emptyWritable: string;
  loading: string;
  loadingItems(count: number): string;
  items(count: number): string;
  folderCount(count: number): string;
  fileCount(count: number): string;
  selected(count: number): string;
  shown(count: number, all: number): string;
  /** Announced to screen readers when a folder has been opened. */
  opened(name: string, count: number): string;
  open: string;
  download: string;
  copyPath: string;
  pathCopied: string;
  rename: string;
  delete: string;
  cut: string;
  paste: string;
  properties: string;
  selectAll: string;
  close: string;
  cancel: string;
  apply: string;
  dismiss: string;
  nameOf(name: string): string;
  nameEmpty: string;
  nameSlash: string;
  nameDots: string;
  nameLong: string;
  nameTaken(name: string): string;
  renamed(from: string, to: string): string;
  created(name: string): string;
  deleteTitle(count: number, name: string): string;
  deleteText: string;
  deleting(count: number): string;
  deleted(count: number): string;
  cannotChange(name: string): string;
  noSuchPath(path: string): string;
  brokenLink(target: string): string;
  copying(count: number): string;
  copied(count: number): string;
  moving(count: number): string;
  moved(count: number): string;
  scanning: string;
  cancelled: string;
  failed(count: number): string;
  progress(done: string, all: string): string;
  existsTitle(name: string): string;
  existsText(folder: string): string;
  folderInTheWay: string;
  replace: string;
  skip: string;
  keepBoth: string;
  forAll: string;
  downloading(name: string): string;
  kind: string;
  size: string;
  /** The exact count behind a size in MiB. */
  bytes(count: number): string;
  onDisk: string;
  contents: string;
  folder: string;
  target: string;
  targetMissing: string;
  modified: string;
  accessed: string;
  changed: string;
  created_: string;
  owner: string;
  group: string;
  permissions: string;
  inode: string;
  links: string;
  xattrs: string;
  extents: string;
  extentOffset: string;
  extentLength: string;
  extentPhysical: string;
  none: string;
  /** The text below a list that shows only its first rows. */
  moreRows(n: number): string;
  who: { user: string; group: string; other: string };
  rights: { read: string; write: string; execute: string };
  setuid: string;
  setgid: string;
  sticky: string;
  octal: string;
  permissionsSaved: string;
}

const count = (one: string, many: string) => (n: number) =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
const items = count('item', 'items');

export const english: Strings = {
  browser: 'Files',
  back: 'Back',
  forward: 'Forward',
  up: 'Up one folder',
  location: 'Location',
  editLocation: 'Edit the location',
  folders: 'Folders',
  showFolders: 'Show folders',
  hideFolders: 'Hide folders',
  filter: 'Filter this folder',
  filterPlaceholder: 'Filter by name',
  noMatch: 'No name matches the filter',
  newFolder: 'New folder',
  newFolderName: 'New folder',
  upload: 'Add files…',
  uploadFolder: 'Add a folder…',
  view: 'View',
  hiddenFiles: 'Hidden files',
  preview: 'Preview',
  more: 'More actions',
  refresh: 'Reload',
  resizeFolders: 'Width of the folders',
  resizeColumn: (column) => `Width of column ${column}`,
  columns: {
    name: 'Name', size: 'Size', modified: 'Modified', kind: 'Kind', owner: 'Owner',
    mode: 'Permissions',
  },
  kinds: {
    folder: 'Folder', text: 'Text', code: 'Source code', image: 'Image', audio: 'Audio',
    video: 'Video', archive: 'Archive', document: 'Document', sheet: 'Spreadsheet',
    pdf: 'Document', disk: 'Disk image', database: 'Database', font: 'Font',
    program: 'Program', config: 'Settings', log: 'Log', key: 'Key',
    web: 'Web page', package: 'Package', link: 'Link', broken: 'Broken link', device: 'Device',
    pipe: 'Pipe', file: 'File', folderLink: 'Link to folder', blockDevice: 'Block device',
    characterDevice: 'Character device', socket: 'Socket', special: 'Special file',
    withExtension: (extension, kind) => extension === kind.toUpperCase() ? kind :
      `${extension} ${kind.toLowerCase()}`,
  },
  unknown: '—',
  opening: 'Opening the disk…',
  noFileSystem: 'This disk has no file system that can be shown.',
  cannotOpen: 'The disk cannot be opened',
  cannotRead: (name) => `“${name}” cannot be read`,
  retry: 'Try again',
  empty: 'This folder is empty',
  emptyWritable: 'Drop files here to add them',
  loading: 'Loading…',
  loadingItems: (n) => `Loading… ${n.toLocaleString('en')}`,
  items,
  folderCount: count('folder', 'folders'),
  fileCount: count('file', 'files'),
  selected: (n) => `${n.toLocaleString('en')} selected`,
  shown: (n, all) => `${n.toLocaleString('en')} of ${items(all)}`,
  opened: (name, n) => `${name}: ${items(n)}`,
  open: 'Open',
  download: 'Download',
  copyPath: 'Copy path',
  pathCopied: 'The path was copied to the clipboard',
  rename: 'Rename…',
  delete: 'Delete…',
  cut: 'Cut',
  paste: 'Paste',
  properties: 'Properties',
  selectAll: 'Select all',
  close: 'Close',
  cancel: 'Cancel',
  apply: 'Apply',
  dismiss: 'Dismiss',
  nameOf: (name) => `New name of ${name}`,
  nameEmpty: 'Enter a name',
  nameSlash: 'A name cannot contain “/”',
  nameDots: '“.” and “..” are reserved',
  nameLong: 'The name is longer than 255 bytes',
  nameTaken: (name) => `“${name}” already exists here`,
  renamed: (from, to) => `${from} is now ${to}`,
  created: (name) => `${name} was created`,
  deleteTitle: (n, name) => n === 1 ? `Delete “${name}”?` : `Delete ${items(n)}?`,
  deleteText: 'Folders are deleted with all their content.',
  deleting: (n) => `Deleting ${items(n)}`,
  deleted: (n) => `${items(n)} deleted`,
  cannotChange: (name) => `“${name}” could not be changed`,
  noSuchPath: (path) => `“${path}” does not exist`,
  brokenLink: (target) => `The target of this link does not exist: ${target}`,
  copying: (n) => `Adding ${items(n)}`,
  copied: (n) => `${items(n)} added`,
  moving: (n) => `Moving ${items(n)}`,
  moved: (n) => `${items(n)} moved`,
  scanning: 'Counting the files to add…',
  cancelled: 'Cancelled',
  failed: (n) => `${items(n)} failed`,
  progress: (done, all) => `${done} of ${all}`,
  existsTitle: (name) => `Replace “${name}”?`,
  existsText: (folder) => `“${folder}” already contains a file with this name.`,
  folderInTheWay: 'A folder and a file cannot replace each other.',
  replace: 'Replace',
  skip: 'Skip',
  keepBoth: 'Keep both',
  forAll: 'Do the same for all',
  downloading: (name) => `Downloading ${name}`,
  kind: 'Kind',
  size: 'Size',
  bytes: (n) => `${n.toLocaleString('en')} bytes`,
  onDisk: 'Size on disk',
  contents: 'Contents',
  folder: 'Location',
  target: 'Target',
  targetMissing: 'does not exist',
  modified: 'Modified',
  accessed: 'Accessed',
  changed: 'Attributes changed',
  created_: 'Created',
  owner: 'Owner',
  group: 'Group',
  permissions: 'Permissions',
  inode: 'Inode',
  links: 'Links',
  xattrs: 'Extended attributes',
  extents: 'Extents on the disk',
  extentOffset: 'Offset',
  extentLength: 'Bytes',
  extentPhysical: 'Stored at',
  none: 'None',
  moreRows: (n) => `${n.toLocaleString('en')} more`,
  who: { user: 'Owner', group: 'Group', other: 'Others' },
  rights: { read: 'Read', write: 'Write', execute: 'Execute' },
  setuid: 'Runs as its owner (setuid)',
  setgid: 'Group of the folder (setgid)',
  sticky: 'Only owners delete (sticky)',
  octal: 'Octal',
  permissionsSaved: 'The permissions were changed',
};

/** Some of the texts; those that are missing stay English. */
export type StringsInput = {
  [K in keyof Strings]?: Strings[K] extends (...args: never[]) => string ? Strings[K] :
    Strings[K] extends string ? string : Partial<Strings[K]>;
};

export function stringsWith(input: StringsInput | undefined): Strings {
  if (!input)
    return english;
  const all = { ...english, ...input } as Strings;
  for (const group of ['columns', 'kinds', 'who', 'rights'] as const)
    Object.assign(all, { [group]: { ...english[group], ...input[group] } });
  return all;
}
