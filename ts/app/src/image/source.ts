// SPDX-License-Identifier: GPL-2.0
/*
 * source.ts - an image that the user has chosen
 */
import type { DesktopImage } from '../desktop/desktop.js';

export type ImageSource =
  | {
    kind: 'file';
    name: string;
    file: File;
    /** Used to open the image again later, and to change the file in place. */
    handle?: FileSystemFileHandle;
  }
  | { kind: 'url'; name: string; url: string }
  /** The image in the desktop program, which opens images by path. */
  | { kind: 'desktop'; name: string; image: DesktopImage };

export function fromFile(file: File): ImageSource {
  return { kind: 'file', name: file.name, file };
}

export async function fromHandle(handle: FileSystemFileHandle): Promise<ImageSource> {
  return { kind: 'file', name: handle.name, file: await handle.getFile(), handle };
}

export function fromDesktop(image: DesktopImage): ImageSource {
  return { kind: 'desktop', name: image.name, image };
}

export function fromUrl(url: string): ImageSource {
  const { pathname } = new URL(url, document.baseURI);
  const last = pathname.split('/').pop() ?? '';

  return { kind: 'url', url, name: safeDecode(last) || url };
}

/** A name may contain a "%" that does not begin an escape. */
function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address in "?image=ADDRESS", for links to an image. */
export function imageOfAddress(): ImageSource | null {
  const url = new URLSearchParams(location.search).get('image');
  return url && URL.canParse(url, document.baseURI) ? fromUrl(url) : null;
}

/** Change the page's own address to one that opens @source again, if that is possible. */
export function showInAddress(source: ImageSource | null): void {
  const url = new URL(location.href);

  url.hash = '';
  url.search = '';
  if (source?.kind === 'url')
    url.searchParams.set('image', source.url);
  history.replaceState(null, '', url);
}
