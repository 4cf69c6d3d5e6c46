// SPDX-License-Identifier: GPL-2.0
/*
 * ImagePage.tsx - the screens of an image: being opened, its map, its files, errors
 */
import { AnyfsProvider } from '@anyfs/react';
import { useEffect, useState } from 'react';

import { FilesPage } from '../browse/FilesPage.js';
import { ChangesContext, DraftsContext, useQuestionAtEnd } from '../changes/context.js';
import { SaveMenu } from '../changes/SaveMenu.js';
import { CompareDialog } from '../compare/CompareDialog.js';
import { DiskPage } from '../map/DiskPage.js';
import { useFmtBytes } from '../text/size.js';
import { useSay } from '../text/text.js';
import { Bar } from '../ui/Bar.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon } from '../ui/Icon.js';
import { Problem } from '../ui/Problem.js';
import { Waiting } from '../ui/Waiting.js';
import './image.css';
import { replaceRoute, useRoute } from './route.js';
import type { ImageSource } from './source.js';
import { type OpenImage, useImage } from './use-image.js';

interface ImagePageProps {
  source: ImageSource;
  onClose(): void;
  /** The image was saved in place: open the saved file instead. */
  onReplace(source: ImageSource): void;
}

export default function ImagePage({ source, onClose, onReplace }: ImagePageProps) {
  const say = useSay();
  const { state, reopen, refresh } = useImage(source);

  if (state.status === 'open')
    return (
      <AnyfsProvider disk={state.image.disk} mountPath="/">
        <ChangesContext value={state.image.log}>
          <DraftsContext value={state.image.drafts}>
            <Opened source={source} image={state.image} onClose={onClose} onChange={refresh}
              onDiscard={reopen} onReplace={onReplace} />
          </DraftsContext>
        </ChangesContext>
      </AnyfsProvider>
    );
  return (
    <div className="image">
      <Bar title={source.name} onHome={onClose} />
      <main>
        {state.status === 'opening' ?
          <Waiting text={say(state.step === 'kernel' ? 'opening.kernel' : 'opening.partitions')} /> : (
            <Problem error={state.error} opening>
              <button className="button primary" onClick={reopen}>
                {say(state.status === 'died' ? 'died.reopen' : 'error.again')}
              </button>
              <button className="button" onClick={onClose}>{say('error.other.image')}</button>
            </Problem>
          )}
      </main>
    </div>
  );
}

interface OpenedProps extends ImagePageProps {
  image: OpenImage;
  /** Called when the partitions have changed. */
  onChange(): Promise<void>;
  /** Discard all changes. */
  onDiscard(): void;
}

function Opened({ source, image, onClose, onChange, onDiscard, onReplace }: OpenedProps) {
  const say = useSay();
  const fmtBytes = useFmtBytes();
  const route = useRoute();
  const { disk, partitions, log, drafts } = image;
  const [shown, setShown] = useState<'compare' | 'leave' | null>(null);

  useQuestionAtEnd(log, drafts);
  useEffect(() => {
    // A disk without partitions needs no map.
    const only = partitions.length === 1 ? partitions[0] : undefined;
    if (only?.path === '/' && only.fstype && route === null)
      replaceRoute('/');
  }, [image]);
  const leave = () => log.unsaved || drafts.all().size ? setShown('leave') : onClose();
  return (
    <div className="image">
      <Bar title={source.name} detail={fmtBytes(disk.size)} onHome={leave}>
        <button className="button plain" onClick={() => setShown('compare')} aria-label={say('compare.button')}>
          <Icon name="compare" /><span>{say('compare.button')}</span>
        </button>
        <SaveMenu source={source} onDiscard={onDiscard} onReplace={onReplace} />
      </Bar>
      {route === null ?
        <DiskPage source={source} image={image} onChange={onChange} onClose={leave} /> :
        <FilesPage image={image} name={source.name} />}
      {shown === 'compare' && <CompareDialog image={image} name={source.name} onClose={() => setShown(null)} />}
      {shown === 'leave' && (
        <Dialog title={say('leave.title')} onClose={() => setShown(null)} footer={<>
          <button className="button" onClick={() => setShown(null)}>{say('cancel')}</button>
          <button className="button danger" onClick={onClose}>{say('leave.discard')}</button>
        </>}>
          <p>{say('leave.more', { count: log.unsaved + drafts.all().size })}</p>
        </Dialog>
      )}
    </div>
  );
}
