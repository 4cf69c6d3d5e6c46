// SPDX-License-Identifier: GPL-2.0
/*
 * download.ts - download a single file without help of the application
 */
import type { BrowserContext } from './context.js';
import { type FileItem, shownStat } from './item.js';
import { absolute } from './paths.js';
import type { TaskControl } from './tasks.js';

/** Bytes of one read. */
const PART = 4 << 20;

/** Read @item, and pass it to the web browser as a download. */
export async function downloadFile({ files, mountPath }: BrowserContext, item: FileItem,
  { signal, update }: TaskControl): Promise<void> {
  const path = absolute(mountPath, item.path);
  const { size } = shownStat(item, true) ?? await files.statFollow(path);
  const parts: Blob[] = [];

  update({ total: size, detail: item.name });
  for (let at = 0; at < size;) {
    signal.throwIfAborted();
    const part = await files.read(path, at, Math.min(PART, size - at), signal);
    if (!part.length)
      break;
    // Collect the parts in Blobs, which the web browser may move from memory to disk.
    parts.push(new Blob([part as Uint8Array<ArrayBuffer>]));
    at += part.length;
    update({ done: at });
  }
  save(new Blob(parts), item.name);
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');

  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // After a minute the download has started and holds its own reference.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
