// SPDX-License-Identifier: GPL-2.0
/*
 * DiscardDialog.tsx - ask before discarding a text that the user has typed
 */
import { baseName } from '@anyfs/core';

import { useDrafts } from '../changes/context.js';
import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';

interface DiscardProps {
  path: string;
  /** Continue editing. */
  onClose(): void;
  /** Discard the text. */
  onDiscard(): void;
}

export function DiscardDialog({ path, onClose, onDiscard }: DiscardProps) {
  const say = useSay();
  const [, drafts] = useDrafts();

  return (
    <Dialog title={say('edit.discardTitle')} onClose={onClose} footer={<>
      <button className="button" onClick={onClose}>{say('edit.continue')}</button>
      <button className="button danger" onClick={() => { drafts.remove(path); onClose(); onDiscard(); }}>
        {say('edit.discard')}
      </button>
    </>}>
      <p>{say('edit.discardMore', { name: baseName(path) })}</p>
    </Dialog>
  );
}
