// SPDX-License-Identifier: GPL-2.0
/*
 * WorkDialog.tsx - a task that takes a while: its progress and result, and a button to cancel it
 */
import { useEffect } from 'react';

import { wholeMessage } from '../image/explain.js';
import { useFmtBytes } from '../text/size.js';
import { useSay } from '../text/text.js';
import { Dialog } from './Dialog.js';
import { type Task, useWork } from './use-work.js';

export interface Work {
  title: string;
  /** Total bytes; null: not known. */
  total: number | null;
  /** Returns the number of bytes done. */
  run: Task<number>;
  /** Shown after the end of the task; absent: the dialog closes. */
  done?: string;
}

export function WorkDialog({ work, onClose }: { work: Work; onClose(): void }) {
  const say = useSay();
  const { title, total, done } = work;
  const { value, running, error } = useWork(0, work.run);
  // The browser's own dialogs end with this error when the user closes them.
  const closes = !running && (error?.name === 'AbortError' || (!error && !done));

  useEffect(() => {
    if (closes)
      onClose();
  }, [closes]);
  return (
    <Dialog title={title} onClose={onClose} footer={
      <button className="button" onClick={onClose}>{say(running ? 'cancel' : 'close')}</button>}>
      {running && <Progress title={title} done={value} total={total} />}
      {!running && !error && <p role="status">{done}</p>}
      {error && !closes && <p className="note danger" role="alert">{wholeMessage(error)}</p>}
    </Dialog>
  );
}

/** The bytes done, as a bar and as a text. */
export function Progress({ title, done, total }: { title: string; done: number; total: number | null }) {
  const say = useSay();
  const fmtBytes = useFmtBytes();

  return (
    <>
      <progress aria-label={title} {...(total ? { value: Math.min(done, total), max: total } : {})} />
      <p className="muted" role="status">
        {total ? say('work.of', { done: fmtBytes(done), total: fmtBytes(total) }) : fmtBytes(done)}
      </p>
    </>
  );
}
