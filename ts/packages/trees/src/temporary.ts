// SPDX-License-Identifier: GPL-2.0
/*
 * temporary.ts - names that files have for the time of one operation
 */
import { baseName } from '@anyfs/core';

/** A file that is being uploaded. */
export const PARTIAL = '.anyfs-partial';
/** A file whose name changes its case. */
export const RENAMED = '.anyfs-rename';

/** Whether @path has such a name. */
export function isTemporary(path: string): boolean {
  const name = baseName(path);
  return name.startsWith(`${PARTIAL}-`) || name.startsWith(`${RENAMED}-`);
}
