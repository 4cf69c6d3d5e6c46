// SPDX-License-Identifier: GPL-2.0
/*
 * open-source.ts - open the disk in an image that the user has chosen
 */
import { type Disk, type OpenOptions, open } from '@anyfs/core';

import { openDesktopImage } from '../desktop/desktop-image.js';
import type { ImageSource } from './source.js';

export function openSource(source: ImageSource, options: OpenOptions): Promise<Disk> {
  switch (source.kind) {
    case 'file':
      return open(source.file, options);
    case 'url':
      return open(source.url, options);
    case 'desktop':
      return openDesktopImage(source.image, options);
  }
}
