// SPDX-License-Identifier: GPL-2.0
//
// mounted-disk.js - withMountedDisk(), the function of the package ext2fs

'use strict';

const { open } = require('@anyfs/native');

/**
 * Call fn(fs) with the file system at `offset` bytes of a disk of the package file-disk, and
 * return its result after the file system was unmounted.
 */
async function withMountedDisk(disk, offset, fn) {
  const capacity = await disk.getCapacity();
  const whole = async (result, length) => {
    const n = await result;
    const bytes = typeof n === 'number' ? n : n?.bytesRead ?? n?.bytesWritten ?? length;
    if (bytes !== length)
      throw new Error(`the disk transferred ${bytes} of ${length} bytes`);
  };
  const part = {
    name: 'disk',
    size: capacity - offset,
    read: (buffer, at) => whole(disk.read(buffer, 0, buffer.length, at + offset), buffer.length),
    write: (buffer, at) => whole(disk.write(buffer, 0, buffer.length, at + offset), buffer.length),
    flush: () => disk.flush?.(),
  };
  const opened = await open(part, { write: !disk.readOnly });
  try {
    return await fn(opened.fs);
  } finally {
    await opened.close();
  }
}

module.exports = { withMountedDisk };
