// SPDX-License-Identifier: GPL-2.0
/*
 * exporting.ts - save a changed disk: as a whole image, as a file of the changes, or in the image
 * itself
 *
 * All functions have the parameter @settled, a function that returns the disk in a state in which
 * the journals of its file systems are empty; for an overlay, a snapshot of that state.
 */
import { errno, FsError } from './errno.js';
import { FormatSource } from './formats.js';
import { Overlay } from './overlay.js';
import { qcow2 } from './qcow2.js';
import type { Source } from './source.js';

type Settled = () => Promise<Source>;

/** Bytes of one part of an exported image. */
const PART = 1 << 20;

/** @param check throws when the disk can no longer be read */
export async function* wholeImage(settled: Settled, check: () => void): AsyncGenerator<Uint8Array> {
  const from = await settled();

  for (let offset = 0; offset < from.size; offset += PART) {
    check();
    const part = new Uint8Array(Math.min(PART, from.size - offset));
    await from.read(part, offset);
    yield part;
  }
}

/** A qcow2 image whose backing file is @backing, by default the name of the image. */
export async function* changedImage(settled: Settled, backing?: string): AsyncGenerator<Uint8Array> {
  const changed = await settled();

  if (!(changed instanceof Overlay))
    throw new FsError(errno.EINVAL, 'exportChanges', changed.name,
      'the disk was opened without an overlay');
  const { base, name, size } = changed;
  yield* qcow2(size, changed.changedBlocks(), {
    name: backing ?? name.replace(/^.*\//, ''),
    format: base instanceof FormatSource ? base.format : 'raw',
  }, (block) => changed.changedBlock(block));
}

/**
 * Write the changes of @disk to the image.
 *
 * @param target writes to the image; by default the source below the overlay
 */
export async function* commitChanges(disk: Source, settled: Settled,
  target?: Pick<Source, 'write' | 'flush'>): AsyncGenerator<number> {
  if (!(disk instanceof Overlay))
    throw new FsError(errno.EROFS, 'commit', disk.name, 'the disk was opened without an overlay');
  const { base } = disk;
  if (!(target ?? base).write || base instanceof FormatSource)
    throw new FsError(errno.EROFS, 'commit', disk.name,
      'the image was not opened for writing, or is in a format that can only be read');
  yield* disk.commit(await settled() as Overlay, target ?? base);
}
