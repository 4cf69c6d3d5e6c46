// SPDX-License-Identifier: GPL-2.0
/*
 * App.tsx - the start page, or the image that was opened
 */
import { Suspense, lazy, useCallback, useEffect, useState } from 'react';

import { desktop } from './desktop/desktop.js';
import { type ImageSource, fromDesktop, imageOfAddress, showInAddress } from './image/source.js';
import { remember } from './start/recent.js';
import { StartPage } from './start/StartPage.js';
import { useDrop } from './start/use-drop.js';
import { useSay } from './text/text.js';
import { Bar } from './ui/Bar.js';
import { Waiting } from './ui/Waiting.js';

// The code that opens images is fetched after the first screen is shown.
const loadImagePage = () => import('./image/ImagePage.js');
const ImagePage = lazy(loadImagePage);

/** Milliseconds after which the first screen is complete. */
const IDLE = 1000;

export function App() {
  const say = useSay();
  const [source, setSource] = useState<ImageSource | null>(imageOfAddress);
  const open = useCallback((next: ImageSource) => {
    showInAddress(next);
    setSource(next);
    void remember(next);
  }, []);
  const close = useCallback(() => {
    showInAddress(null);
    setSource(null);
  }, []);
  useEffect(() => {
    // Images that the system asks to open, such as by a double click.
    desktop?.onImage((image) => open(fromDesktop(image)));
    void desktop?.firstImage().then((image) => { if (image) open(fromDesktop(image)); });
  }, [open]);
  useEffect(() => {
    // Ignore the error here: opening an image reports it again.
    const timer = setTimeout(() => loadImagePage().catch(() => {}), IDLE);
    return () => clearTimeout(timer);
  }, []);
  const dragging = useDrop(source ? null : open);

  useEffect(() => {
    document.title = source ? `${source.name} - anyfs` : say('app.title');
  }, [source, say]);
  if (!source)
    return <StartPage onOpen={open} dragging={dragging} />;
  return (
    <Suspense fallback={<><Bar title={source.name} /><Waiting text={say('opening.kernel')} /></>}>
      <ImagePage source={source} onClose={close} onReplace={setSource} />
    </Suspense>
  );
}
