// SPDX-License-Identifier: GPL-2.0
/*
 * SaveMenu.tsx - the buttons for changes: how many there are, and ways to save them
 */
import { useAnyfsDisk } from '@anyfs/react';
import { useState } from 'react';

import type { ImageSource } from '../image/source.js';
import { useFmtBytes } from '../text/size.js';
import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon } from '../ui/Icon.js';
import { Menu } from '../ui/Menu.js';
import { type Work, WorkDialog } from '../ui/WorkDialog.js';
import { ChangesDialog } from './ChangesDialog.js';
import { useChangeLog, useChanges, useDrafts } from './context.js';
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
  const fmtBytes = useFmtBytes();
  const [texts] = useDrafts();
  const [shown, setShown] = useState<'changes' | 'inPlace' | null>(null);
  /** The chosen way to save, while the user is asked about texts that are being edited. */
  const [waiting, setWaiting] = useState<(() => Promise<Work | null>) | null>(null);
  const [work, setWork] = useState<Work | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const marked = async (saving: Promise<number>) => {
    // It is undefined whether the file contains changes that are made from now on.
    const ids = log.ids();
    const bytes = await saving;
    log.saved(ids);
    return bytes;
  };
  const begin = (make: () => Promise<Work | null>) => {
    setShown(null);
    setWaiting(null);
    make().then((next) => setWork(next && { ...next, run: (...args) => marked(next.run(...args)) }), setError);
  };
  const ask = (make: () => Promise<Work | null>) => texts.size ? setWaiting(() => make) : begin(make);

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
      {texts.size > 0 && (
        <button className="button plain" onClick={() => setShown('changes')} aria-label={say('drafts.count', { count: texts.size })}>
          <Icon name="edit" /><span>{say('drafts.count', { count: texts.size })}</span>
        </button>
      )}
      <Menu label={say('save.menu')} icon="save" className={log.unsaved ? 'button primary' : 'button'} items={[
        { label: say('save.image'), icon: 'save', action: () => ask(() => saveImage(disk, source, say)) },
        {
          label: say('save.changesOnly'), icon: 'history', disabled: !changes.length && !log.unsaved,
          action: () => ask(() => saveChanges(disk, source, say)),
        },
        ...(canSaveInPlace(source, disk) ? [{
          label: say('save.inPlace'), icon: 'edit' as const, disabled: !log.unsaved, action: () => setShown('inPlace'),
        }] : []),
      ]} />
      {shown === 'changes' && <ChangesDialog onClose={() => setShown(null)} onDiscard={onDiscard} />}
      {shown === 'inPlace' && canSaveInPlace(source, disk) && (
        <Dialog title={say('save.inPlaceTitle', { name: source.name })} onClose={() => setShown(null)} footer={<>
          <button className="button" onClick={() => setShown(null)}>{say('cancel')}</button>
          <button className="button primary" onClick={() => ask(() => saveInPlace(disk, source, say, onReplace))}>
            {say('save.inPlaceYes')}
          </button>
        </>}>
          <p>{say('save.inPlaceMore', { count: log.unsaved, size: fmtBytes(disk.size) })}</p>
        </Dialog>
      )}
      {waiting && (
        <Dialog title={say('drafts.title')} onClose={() => setWaiting(null)} footer={<>
          <button className="button" onClick={() => setWaiting(null)}>{say('cancel')}</button>
          <button className="button primary" onClick={() => begin(waiting)}>{say('drafts.saveWithout')}</button>
        </>}>
          <p>{say('drafts.more', { count: texts.size })}</p>
        </Dialog>
      )}
      {work && <WorkDialog work={work} onClose={() => setWork(null)} />}
      {error && <Dialog title={say('error.other')} onClose={() => setError(null)}><p>{error.message}</p></Dialog>}
    </>
  );
}
