// SPDX-License-Identifier: GPL-2.0
/*
 * SaveMenu.tsx - the buttons for changes: how many there are, and ways to save them
 */
import { fmtBytes } from '@anyfs/core';
import { useAnyfsDisk } from '@anyfs/react';
import { useState } from 'react';

import type { ImageSource } from '../image/source.js';
import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon } from '../ui/Icon.js';
import { Menu } from '../ui/Menu.js';
import { type Work, WorkDialog } from '../ui/WorkDialog.js';
import { ChangesDialog } from './ChangesDialog.js';
import { useChangeLog, useChanges } from './context.js';
import { canSaveInPlace, saveChanges, saveImage, saveInPlace } from './saving.js';

interface SaveMenuProps {
  source: ImageSource;
  onDiscard(): void;
  onReplace(source: ImageSource): void;
}

export function SaveMenu({ source, onDiscard, onReplace }: SaveMenuProps) {
  const say = useSay();
  const log = useChangeLog();
  const { disk } = useAnyfsDisk();
  const changes = useChanges();
  const [shown, setShown] = useState<'changes' | 'inPlace' | null>(null);
  const [work, setWork] = useState<Work | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const marked = async (saving: Promise<void>) => {
    // Changes that are made from now on may be in the file or not.
    const ids = log.ids();
    await saving;
    log.saved(ids);
  };
  const begin = (made: Promise<Work | null>) => {
    setShown(null);
    made.then((next) => setWork(next && { ...next, run: (...args) => marked(next.run(...args)) }), setError);
  };

  if (!disk)
    return null;
  return (
    <>
      {changes.length > 0 && (
        <button className="button plain" onClick={() => setShown('changes')} aria-label={say('changes.count', { count: changes.length })}>
          <Icon name="history" /><span>{say('changes.count', { count: changes.length })}</span>
          {log.unsaved > 0 && <i className="bar-dot" />}
        </button>
      )}
      <Menu label={say('save.menu')} icon="save" className={log.unsaved ? 'button primary' : 'button'} items={[
        { label: say('save.image'), icon: 'save', action: () => begin(saveImage(disk, source, say)) },
        {
          label: say('save.changesOnly'), icon: 'history', disabled: !changes.length && !log.unsaved,
          action: () => begin(saveChanges(disk, source, say)),
        },
        ...(canSaveInPlace(source, disk) ? [{
          label: say('save.inPlace'), icon: 'edit' as const, disabled: !log.unsaved, action: () => setShown('inPlace'),
        }] : []),
      ]} />
      {shown === 'changes' && <ChangesDialog onClose={() => setShown(null)} onDiscard={onDiscard} />}
      {shown === 'inPlace' && canSaveInPlace(source, disk) && (
        <Dialog title={say('save.inPlaceTitle', { name: source.name })} onClose={() => setShown(null)} footer={<>
          <button className="button" onClick={() => setShown(null)}>{say('cancel')}</button>
          <button className="button primary" onClick={() => begin(saveInPlace(disk, source, say, onReplace))}>
            {say('save.inPlaceYes')}
          </button>
        </>}>
          <p>{say('save.inPlaceMore', { count: log.unsaved, size: fmtBytes(disk.size) })}</p>
        </Dialog>
      )}
      {work && <WorkDialog work={work} onClose={() => setWork(null)} />}
      {error && <Dialog title={say('error.other')} onClose={() => setError(null)}><p>{error.message}</p></Dialog>}
    </>
  );
}
