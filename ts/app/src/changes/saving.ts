// SPDX-License-Identifier: GPL-2.0
/*
 * saving.ts - store a changed image: as a new file, as its changes alone, or in place
 */
import type { Disk } from '@anyfs/core';

import { saveDesktopImage } from '../desktop/desktop-image.js';
import { type ImageSource, fromHandle } from '../image/source.js';
import { download, writeTo } from '../stream/save.js';
import type { Say } from '../text/text.js';
import type { Work } from '../ui/WorkDialog.js';

type FileImage = Extract<ImageSource, { kind: 'file' }> & { handle: FileSystemFileHandle };
type WritableImage = FileImage | Extract<ImageSource, { kind: 'desktop' }>;

/** Only raw images can be written in place: their file is as large as the disk. */
export function canSaveInPlace(source: ImageSource, disk: Disk): source is WritableImage {
  if (source.kind === 'desktop')
    return source.image.size === disk.size;
  return source.kind === 'file' && source.handle !== undefined && source.file.size === disk.size;
}

/** null: the user has closed the dialog for the file. */
export async function saveImage(disk: Disk, source: ImageSource, say: Say): Promise<Work | null> {
  const name = `${source.name.replace(/\.(qcow2?|vmdk|vdi|vhdx?|img|raw|iso|dmg|bin)$/i, '')}-${say('save.changed')}.img`;

  return toFile(name, disk.size, () => disk.export(), { title: say('save.saving'), done: say('save.done') });
}

export async function saveChanges(disk: Disk, source: ImageSource, say: Say): Promise<Work | null> {
  const name = `${source.name}.${say('save.changes')}.qcow2`;

  return toFile(name, null, () => disk.exportChanges(source.name),
    { title: say('save.saving'), done: say('save.changesDone', { name: source.name }) });
}

/** A task that writes the stream from @open to a file that the user chooses, or downloads it. */
async function toFile(name: string, size: number | null, open: () => ReadableStream<Uint8Array>,
  texts: Pick<Work, 'title' | 'done'>): Promise<Work | null> {
  const { showSaveFilePicker } = window;
  let handle: FileSystemFileHandle | null = null;

  try {
    handle = await showSaveFilePicker?.({ id: 'save', suggestedName: name }) ?? null;
  } catch (error) {
    if ((error as Error).name === 'AbortError')
      return null;
    throw error;
  }
  return {
    ...texts, total: size,
    run: (signal, show) => {
      const stream = open().pipeThrough(new TransformStream(), { signal });
      return handle ? writeTo(handle, stream, show) : download({ name, size, stream }, show);
    },
  };
}

/**
 * Write the image to the file that it comes from.  The browser writes a copy and replaces
 * the file at the end, so an interruption damages nothing.  The desktop program writes the
 * changed blocks, and continues with the same disk.
 *
 * @param reopen opens the new file, because the old one can no longer be read
 */
export async function saveInPlace(disk: Disk, source: WritableImage, say: Say,
  reopen: (source: ImageSource) => void): Promise<Work | null> {
  if (source.kind === 'desktop')
    return saveDesktopImage(disk, source.image, say);
  const { handle } = source;

  if (await handle.requestPermission?.({ mode: 'readwrite' }) === 'denied')
    return null;
  return {
    title: say('save.saving'), total: disk.size,
    run: async (signal, show) => {
      const stream = disk.export().pipeThrough(new TransformStream(), { signal });
      const written = await writeTo(handle, stream, show);
      reopen(await fromHandle(handle));
      return written;
    },
  };
}
