// SPDX-License-Identifier: GPL-2.0
/*
 * commit.ts - write the changes of a disk to its image, if that is allowed
 */
import type { Source } from '@anyfs/core';
import { commitChanges } from '@anyfs/core/node';

/** Opens the image for writing.  Throws if the user has not allowed that. */
export type OpenTarget = () => Promise<Source>;

/**
 * Commit the changes in the overlay @source, like Disk.commit().
 *
 * @param settled gives the bytes of the disk while its file systems are frozen
 * @param openTarget absent: @source itself decides whether it can be written
 */
export async function* commitTo(openTarget: OpenTarget | undefined, source: Source,
  settled: () => Promise<Source>): AsyncGenerator<number> {
  const target = await openTarget?.();

  try {
    yield* commitChanges(source, settled, target);
  } finally {
    await target?.close?.();
  }
}
