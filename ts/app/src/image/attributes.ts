// SPDX-License-Identifier: GPL-2.0
/*
 * attributes.ts - read attributes that a file, or its file system, may not have
 */
import { type Disk, FsError, SourceError, type Stat } from '@anyfs/core';

/** null: there is no file with this name.  Other errors are thrown. */
export async function statOf(disk: Disk, path: string): Promise<Stat | null> {
  try {
    return await disk.stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT')
      return null;
    throw error;
  }
}

/** All extended attributes; empty if the file system does not support them. */
export async function xattrsOf(disk: Disk, path: string): Promise<Map<string, Uint8Array>> {
  const xattrs = new Map<string, Uint8Array>();

  try {
    for (const name of await disk.listXattrs(path))
      xattrs.set(name, await disk.getXattr(path, name));
  } catch (error) {
    if (codeOf(error) !== 'EOPNOTSUPP')
      throw error;
  }
  return xattrs;
}

/** The code of an error of @anyfs/core, such as "ENOENT"; for other errors, the name. */
export function codeOf(error: unknown): string {
  if (error instanceof FsError || error instanceof SourceError)
    return error.code;
  return error instanceof Error ? error.name : '';
}
