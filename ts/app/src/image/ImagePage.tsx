// SPDX-License-Identifier: GPL-2.0
/*
 * ImagePage.tsx - the screens of an image: being opened, its map, its files, errors
 */
import { fmtBytes } from '@anyfs/core';
import { AnyfsProvider } from '@anyfs/react';
import { useEffect } from 'react';

import { FilesPage } from '../browse/FilesPage.js';
import { DiskPage } from '../map/DiskPage.js';
import { useSay } from '../text/text.js';
import { Bar } from '../ui/Bar.js';
import { Problem } from '../ui/Problem.js';
import { Waiting } from '../ui/Waiting.js';
import './image.css';
import { replaceRoute, useRoute } from './route.js';
import type { ImageSource } from './source.js';
import { type OpenImage, useImage } from './use-image.js';

interface ImagePageProps {
  source: ImageSource;
  onClose(): void;
  onOpen(source: ImageSource): void;
}

export default function ImagePage({ source, onClose }: ImagePageProps) {
  const say = useSay();
  const { state, reopen, refresh } = useImage(source);

  switch (state.status) {
    case 'opening':
      return (
        <div className="image">
          <Bar title={source.name} onHome={onClose} />
          <main><Waiting text={say(state.step === 'kernel' ? 'opening.kernel' : 'opening.partitions')} /></main>
        </div>
      );
    case 'failed':
    case 'died':
      return (
        <div className="image">
          <Bar title={source.name} onHome={onClose} />
          <main>
            <Problem error={state.error}>
              <button className="button primary" onClick={reopen}>
                {say(state.status === 'died' ? 'died.reopen' : 'error.again')}
              </button>
              <button className="button" onClick={onClose}>{say('error.other.image')}</button>
            </Problem>
          </main>
        </div>
      );
    case 'open':
      return (
        <AnyfsProvider disk={state.image.disk} mountPath="/">
          <Opened source={source} image={state.image} onClose={onClose} onChange={refresh} />
        </AnyfsProvider>
      );
  }
}

interface OpenedProps extends Omit<ImagePageProps, 'onOpen'> {
  image: OpenImage;
  /** The partitions have changed. */
  onChange(): Promise<void>;
}

function Opened({ source, image, onClose, onChange }: OpenedProps) {
  const route = useRoute();
  const { disk, partitions } = image;

  useEffect(() => {
    // A disk without partitions needs no map.
    const only = partitions.length === 1 ? partitions[0] : undefined;
    if (only?.path === '/' && only.fstype && route === null)
      replaceRoute('/');
  }, [image]);
  return (
    <div className="image">
      <Bar title={source.name} detail={fmtBytes(disk.size)} onHome={onClose} />
      {route === null ? <DiskPage source={source} image={image} onChange={onChange} onClose={onClose} /> :
        <FilesPage image={image} path={route} name={source.name} />}
    </div>
  );
}
