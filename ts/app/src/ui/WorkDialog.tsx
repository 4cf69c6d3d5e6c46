// SPDX-License-Identifier: GPL-2.0
/*
 * WorkDialog.tsx - something that takes a while: its progress, its end, a way to cancel it
 */
import { fmtBytes } from '@anyfs/core';
import { useEffect, useRef, useState } from 'react';

import { wholeMessage } from '../image/explain.js';
import { useSay } from '../text/text.js';
import { Dialog } from './Dialog.js';

export interface Work {
  title: string;
  /** Bytes in all; null: not known. */
  total: number | null;
  /** @param signal ends it @param progress bytes that are done */
  run(signal: AbortSignal, progress: (bytes: number) => void): Promise<void>;
  /** Shown after its end; absent: the dialog closes. */
  done?: string;
  onDone?(): void;
}

/** Milliseconds between two updates. */
const UPDATE = 100;

export function WorkDialog({ work, onClose }: { work: Work; onClose(): void }) {
  const say = useSay();
  const [bytes, setBytes] = useState(0);
  const [state, setState] = useState<'running' | 'done' | Error>('running');
  const controller = useRef<AbortController>(null);

  useEffect(() => {
    const abort = new AbortController();
    controller.current = abort;
    let shown = 0;
    // StrictMode mounts it twice: only the second one shall begin.
    const timer = setTimeout(() => {
      work.run(abort.signal, (now) => {
        if (performance.now() - shown < UPDATE)
          return;
        shown = performance.now();
        setBytes(now);
      }).then(() => {
        work.onDone?.();
        if (work.done)
          setState('done');
        else
          onClose();
      }, (error: unknown) => {
        if (abort.signal.aborted || (error as Error).name === 'AbortError')
          onClose();
        else
          setState(error as Error);
      });
    });
    return () => {
      clearTimeout(timer);
      abort.abort(new DOMException('the user has cancelled it', 'AbortError'));
    };
  }, [work]);
  const close = () => {
    controller.current?.abort(new DOMException('the user has cancelled it', 'AbortError'));
    onClose();
  };

  return (
    <Dialog title={work.title} onClose={close} footer={
      <button className="button" onClick={close}>{say(state === 'running' ? 'cancel' : 'close')}</button>}>
      {state === 'running' && <>
        <progress aria-label={work.title} {...(work.total ? { value: Math.min(bytes, work.total), max: work.total } : {})} />
        <p className="muted" role="status">
          {work.total ? say('work.of', { done: fmtBytes(bytes), total: fmtBytes(work.total) }) : fmtBytes(bytes)}
        </p>
      </>}
      {state === 'done' && <p role="status">{work.done}</p>}
      {state instanceof Error && <p className="note danger" role="alert">{wholeMessage(state)}</p>}
    </Dialog>
  );
}
