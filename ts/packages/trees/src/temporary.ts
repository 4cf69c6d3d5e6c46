// SPDX-License-Identifier: GPL-2.0
/*
 * temporary.ts - names that files have only during an operation
 */
import { baseName, joinPath, parentPath } from '@anyfs/core';

/** A file that is being uploaded. */
export const PARTIAL = '.anyfs-partial';
/** A file that is being renamed to a name that differs only in case. */
export const RENAMED = '.anyfs-rename';

let lastNumber = 0;

/** A new temporary path beside @path.  The time differs from that of earlier visits of the page. */
export function temporaryBeside(path: string, kind: typeof PARTIAL | typeof RENAMED): string {
  const unique = [Date.now(), ++lastNumber].map((number) => number.toString(36)).join('-');
  return joinPath(parentPath(path), `${kind}-${unique}`);
}

/** Whether @path has a temporary name. */
export function isTemporary(path: string): boolean {
  const name = baseName(path);
  return name.startsWith(`${PARTIAL}-`) || name.startsWith(`${RENAMED}-`);
}
