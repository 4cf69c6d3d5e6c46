// SPDX-License-Identifier: GPL-2.0
/*
 * use-drop.ts - an image may be dropped anywhere on the page, or pasted as an address
 */
import { useEffect, useState } from 'react';

import { addressIn, imageIn } from '../image/pick.js';
import { type ImageSource, fromUrl } from '../image/source.js';

/** Prevent the browser from leaving the page to show a file that is dropped on it. */
function ignoreDrops(): () => void {
  const ignore = (event: DragEvent) => event.preventDefault();

  window.addEventListener('dragover', ignore);
  window.addEventListener('drop', ignore);
  return () => {
    window.removeEventListener('dragover', ignore);
    window.removeEventListener('drop', ignore);
  };
}

/**
 * @param onImage null: drops are for other parts of the page
 * @return whether something is dragged over the page
 */
export function useDrop(onImage: ((source: ImageSource) => void) | null): boolean {
  const [dragging, setDragging] = useState(false);

  useEffect(() => {
    if (!onImage)
      return ignoreDrops();
    let depth = 0;
    const enter = () => setDragging(++depth > 0);
    const leave = () => setDragging((depth = Math.max(0, depth - 1)) > 0);
    const over = (event: DragEvent) => event.preventDefault();
    const drop = async (event: DragEvent) => {
      event.preventDefault();
      depth = 0;
      setDragging(false);
      const image = event.dataTransfer && await imageIn(event.dataTransfer);
      if (image)
        onImage(image);
    };
    const paste = (event: ClipboardEvent) => {
      const address = addressIn(event.clipboardData?.getData('text/plain') ?? '');
      const file = event.clipboardData?.files[0];
      // Text that is pasted into a field belongs to the field.
      if (event.target instanceof HTMLInputElement || (!address && !file))
        return;
      event.preventDefault();
      onImage(file ? { kind: 'file', name: file.name, file } : fromUrl(address!));
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
      window.removeEventListener('paste', paste);
    };
  }, [onImage]);
  return dragging && onImage !== null;
}
