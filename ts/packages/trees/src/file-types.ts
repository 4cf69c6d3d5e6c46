// SPDX-License-Identifier: GPL-2.0
/*
 * file-types.ts - the type of a file, from its name and attributes
 */
import { type Stat, splitExt } from '@anyfs/core';

import type { FileItem } from './item.js';
import type { Strings } from './strings.js';

/** Categories of files; each has an icon. */
export type FileCategory =
  'folder' | 'text' | 'code' | 'image' | 'audio' | 'video' | 'archive' | 'document' | 'sheet' |
  'pdf' | 'disk' | 'database' | 'font' | 'program' | 'config' | 'log' | 'key' | 'web' | 'package' |
  'link' | 'broken' | 'device' | 'pipe' | 'file';

const EXTENSIONS: Partial<Record<FileCategory, string>> = {
  text: 'txt md rst text readme nfo adoc tex',
  code: 'c h cc cpp cxx hpp hh cs java kt go rs py rb pl pm php lua swift m mm js mjs cjs ts tsx ' +
    'jsx sh bash zsh fish bat ps1 sql asm s r scala hs el lisp vim cmake mk awk sed patch diff',
  image: 'png jpg jpeg gif webp avif bmp tif tiff ico svg heic heif jxl psd xcf raw cr2 nef pnm ppm',
  audio: 'mp3 flac ogg oga opus wav aac m4a wma aiff mid midi',
  video: 'mp4 mkv webm avi mov m4v mpg mpeg wmv flv ogv 3gp',
  archive: 'zip tar gz tgz bz2 tbz xz txz zst 7z rar cpio lz lz4 lzma z jar war ar cab',
  document: 'doc docx odt rtf pages epub mobi ppt pptx odp',
  sheet: 'xls xlsx ods csv tsv numbers',
  pdf: 'pdf ps eps djvu xps',
  disk: 'img iso qcow2 vmdk vdi vhd vhdx dmg e01 wim squashfs snap',
  database: 'db sqlite sqlite3 db3 mdb accdb ldb myd ibd frm',
  font: 'ttf otf woff woff2 pfb bdf pcf',
  program: 'exe dll so o a ko bin elf com msi sys efi wasm class pyc',
  config: 'conf cfg ini json yaml yml toml xml plist reg properties env service socket timer ' +
    'target mount desktop rules list sources repo lock',
  log: 'log journal out err',
  key: 'pem crt cer der pub gpg asc p12 pfx jks',
  web: 'html htm xhtml css scss less',
  package: 'deb rpm apk pkg appimage flatpak',
};

const CATEGORIES = new Map(Object.entries(EXTENSIONS).flatMap(([category, list]) =>
  list.split(' ').map((extension) => [extension, category as FileCategory] as const)));

/** Complete names that determine the type better than their extension. */
const NAMES: Record<string, FileCategory> = {
  makefile: 'code', dockerfile: 'code', readme: 'text', license: 'text', copying: 'text',
  authors: 'text', changelog: 'text', fstab: 'config', hosts: 'config', passwd: 'config',
  group: 'config', shadow: 'config', hostname: 'config', syslog: 'log', dmesg: 'log',
  vmlinuz: 'program', 'initrd.img': 'archive',
};

/** The extension in lower case, such as "gz"; "": the name has none. */
export function extensionOf(name: string): string {
  return splitExt(name)[1].slice(1).toLowerCase();
}

export function categoryOf(item: FileItem, followSymlinks = true): FileCategory {
  if (item.kind === 'link') {
    if (!item.link)
      return 'link';
    if (!item.link.stat)
      return 'broken';
    return followSymlinks ? categoryOfKind(item.name, item.link.stat.kind, item.link.stat) : 'link';
  }
  return categoryOfKind(item.name, item.kind, item.stat);
}

function categoryOfKind(name: string, kind: FileItem['kind'], stat: Stat | undefined): FileCategory {
  if (kind === 'dir')
    return 'folder';
  if (kind === 'other')
    return isDevice(stat) ? 'device' : 'pipe';
  const lower = name.toLowerCase();
  const known = NAMES[lower] ?? CATEGORIES.get(extensionOf(name)) ??
    // Names with a number at the end: "syslog.1", "libc.so.6", "messages.2.old".
    CATEGORIES.get(extensionOf(lower.replace(/(\.\d+)+$/, '')));

  return known ?? (stat && stat.mode & 0o111 ? 'program' : 'file');
}

export function isDevice(stat: Stat | undefined): boolean {
  return [0o020000, 0o060000].includes((stat?.mode ?? 0) & 0o170000);
}

/** "PNG image", "Folder", "Block device" ... */
export function kindLabelOf(item: FileItem, strings: Strings, followSymlinks = true): string {
  const { kinds } = strings;
  const category = categoryOf(item, followSymlinks);

  if (item.kind === 'link')
    return category === 'broken' ? kinds.broken :
      item.link?.stat?.kind === 'dir' ? kinds.folderLink : kinds.link;
  if (item.kind === 'other')
    return specialLabel(item.stat, strings);
  const extension = extensionOf(item.name);
  const named = CATEGORIES.get(extension) === category && extension.length <= 5;
  return named ? kinds.withExtension(extension.toUpperCase(), kinds[category]) : kinds[category];
}

function specialLabel(stat: Stat | undefined, { kinds }: Strings): string {
  switch ((stat?.mode ?? 0) & 0o170000) {
    case 0o060000:
      return kinds.blockDevice;
    case 0o020000:
      return kinds.characterDevice;
    case 0o140000:
      return kinds.socket;
    case 0o010000:
      return kinds.pipe;
    default:
      return kinds.special;
  }
}
