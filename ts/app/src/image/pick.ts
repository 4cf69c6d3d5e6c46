// SPDX-License-Identifier: GPL-2.0
/*
 * pick.ts - let the user choose an image: a dialog, or something dropped on the page
 */
import { desktop } from '../desktop/desktop.js';
import { type ImageSource, fromDesktop, fromFile, fromHandle, fromUrl } from './source.js';

/** Whether files can be opened so that the page may ask to write to them. */
export const HAS_HANDLES = 'showOpenFilePicker' in window || desktop !== null;

/** null: the user has closed the dialog. */
export async function pickImage(): Promise<ImageSource | null> {
  if (desktop) {
    const image = await desktop.chooseImage();
    return image && fromDesktop(image);
  }
  try {
    const [handle] = await window.showOpenFilePicker!({ id: 'image' });
    return handle ? await fromHandle(handle) : null;
  } catch (error) {
    if ((error as Error).name === 'AbortError')
      return null;
    throw error;
  }
}

/** The image that was dropped or pasted with @data; null: @data has none. */
export async function imageIn(data: DataTransfer): Promise<ImageSource | null> {
  // The items can only be used before the first await.
  const item = [...data.items].find(({ kind }) => kind === 'file');
  const file = item?.getAsFile();
  const handle = item && 'getAsFileSystemHandle' in item ?
    item.getAsFileSystemHandle!().catch(() => null) : null;
  const image = file && desktop ? desktop.imageOfFile(file).catch(() => null) : null;
  const text = data.getData('text/uri-list') || data.getData('text/plain');

  const chosen = await image;
  if (chosen)
    return fromDesktop(chosen);
  const found = await handle;
  if (found?.kind === 'file')
    return fromHandle(found as FileSystemFileHandle);
  // A directory appears as a file whose content cannot be read.
  if (file && found?.kind !== 'directory')
    return fromFile(file);
  const address = addressIn(text);
  return address ? fromUrl(address) : null;
}

/** @text as an http address; null: it is not one. */
export function addressIn(text: string): string | null {
  const trimmed = text.trim().split(/\s/, 1)[0]!;
  return /^https?:\/\/./i.test(trimmed) && URL.canParse(trimmed) ? new URL(trimmed).href : null;
}
