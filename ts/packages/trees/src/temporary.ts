// SPDX-License-Identifier: GPL-2.0
/*
 * temporary.ts - names that files have only during an operation
 */
import { baseName } from '@anyfs/core';

/** A file that is being uploaded. */
export const PARTIAL = '.anyfs-partial';
/** A file that is being renamed to a name that differs only in case. */
export const RENAMED = '.anyfs-rename';

/** Whether @path has such a name. */
export function isTemporary(path: string): boolean {
  const name = baseName(path);
  return name.startsWith(`${PARTIAL}-`) || name.startsWith(`${RENAMED}-`);
}
