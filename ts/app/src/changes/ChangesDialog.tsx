// SPDX-License-Identifier: GPL-2.0
/*
 * ChangesDialog.tsx - the changes of the image; undo the last change, or all
 */
import { parentPath } from '@anyfs/core';
import { useAnyfsMutation } from '@anyfs/react';
import { useState } from 'react';

import { goTo } from '../image/route.js';
import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon, type IconName } from '../ui/Icon.js';
import './changes.css';
import { useChangeLog, useChanges, useDrafts } from './context.js';
import type { Change, ChangeKind } from './log.js';

const ICONS: Record<ChangeKind, IconName> = {
  write: 'edit', create: 'plus', mkdir: 'folder', rename: 'edit', remove: 'trash', removePart: 'trash', chmod: 'lock',
  chown: 'lock', times: 'history', symlink: 'link', attribute: 'edit',
};

interface ChangesDialogProps {
  onClose(): void;
  /** Open the image again, without the changes. */
  onDiscard(): void;
}

export function ChangesDialog({ onClose, onDiscard }: ChangesDialogProps) {
  const say = useSay();
  const log = useChangeLog();
  const changes = useChanges();
  const [texts] = useDrafts();
  const { run, pending } = useAnyfsMutation();
  const [error, setError] = useState<Error | null>(null);
  const [sure, setSure] = useState(false);
  const last = changes.at(-1);
  const undo = async () => {
    setError(null);
    try {
      await run(() => log.undo(), ...pathsOf(last!));
    } catch (reason) {
      setError(reason as Error);
    }
  };

  return (
    <Dialog title={say('changes.title')} onClose={onClose} footer={sure ? <>
      <span className="grow">{say('changes.sure')}</span>
      <button className="button" onClick={() => setSure(false)}>{say('cancel')}</button>
      <button className="button danger" onClick={() => { onClose(); onDiscard(); }}>{say('changes.discard')}</button>
    </> : <>
      <button className="button danger" disabled={!changes.length} onClick={() => setSure(true)}>{say('changes.discardAll')}</button>
      <span className="grow" />
      <button className="button" disabled={!last?.undo || pending > 0} onClick={() => void undo()}>
        <Icon name="undo" />{say('changes.undo')}
      </button>
    </>}>
      {texts.size > 0 && (
        <ul className="changes" aria-label={say('drafts.count', { count: texts.size })}>
          {[...texts.keys()].map((path) => (
            <li key={path}>
              <Icon name="edit" />
              <span className="grow">{say('drafts.line', { path })}</span>
              <button className="button plain" onClick={() => { onClose(); goTo(parentPath(path)); }}>
                {say('drafts.show')}
              </button>
            </li>
          ))}
        </ul>
      )}
      {changes.length ? (
        <ol className="changes" tabIndex={0} aria-label={say('changes.title')}>
          {[...changes].reverse().map((change) => (
            <li key={change.id}>
              <Icon name={ICONS[change.kind]} />
              <span className="grow">{say(`change.${change.kind}`, { path: change.path, to: change.to ?? '' })}</span>
            </li>
          ))}
        </ol>
      ) : !texts.size && <p className="muted">{say('changes.none')}</p>}
      {last && !last.undo && <p className="muted">{say('changes.noUndo')}</p>}
      {error && <p className="note danger" role="alert">{error.message}</p>}
    </Dialog>
  );
}

function pathsOf({ path, to }: Change): string[] {
  return to === undefined ? [path] : [path, to];
}
