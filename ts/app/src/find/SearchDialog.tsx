// SPDX-License-Identifier: GPL-2.0
/*
 * SearchDialog.tsx - search a folder and all below it
 */
import { type Disk, fmtBytes } from '@anyfs/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';

import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { VirtualRows } from '../ui/VirtualRows.js';
import './find.css';
import { type Found, type Progress, type Query, search } from './search.js';

interface SearchDialogProps {
  disk: Disk;
  root: string;
  onClose(): void;
  onOpen(path: string): void;
}

interface State {
  found: Found[];
  progress: Progress;
  running: boolean;
  error: Error | null;
}

/** Milliseconds between two updates. */
const UPDATE = 150;
const ROW_HEIGHT = 44;
const START: State = { found: [], progress: { looked: 0, path: '' }, running: true, error: null };

export function SearchDialog({ disk, root, onClose, onOpen }: SearchDialogProps) {
  const say = useSay();
  const [query, setQuery] = useState<Query | null>(null);
  const [state, stop] = useSearch(disk, query);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setQuery({ root, name: String(form.get('name')).trim(), content: String(form.get('content')) });
  };

  return (
    <Dialog large title={say('search.title', { path: root })} onClose={onClose}>
      <form className="search-form" onSubmit={submit}>
        <label>{say('search.name')}<input className="field" name="name" autoFocus autoComplete="off" spellCheck={false} /></label>
        <label>{say('search.content')}<input className="field" name="content" autoComplete="off" spellCheck={false} /></label>
        {query && state.running ? <button type="button" className="button" onClick={stop}>{say('search.stop')}</button> :
          <button className="button primary">{say('search.start')}</button>}
      </form>
      {query && (
        <p className="muted ellipsis" role="status">
          {say(state.running ? 'search.running' : 'search.done',
            { found: state.found.length.toLocaleString(), looked: state.progress.looked.toLocaleString() })}
          {state.running && ` ${state.progress.path}`}
        </p>
      )}
      {state.error && <p className="note danger" role="alert">{state.error.message}</p>}
      {query && (
        <VirtualRows className="search-results" label={say('search.results')} rowHeight={ROW_HEIGHT} count={state.found.length}>
          {(first, count) => state.found.slice(first, first + count).map(({ path, stat, line }) => (
            <button key={path} className="search-row" onClick={() => onOpen(path)} disabled={stat?.kind === 'dir'}>
              <span className="row"><strong className="ellipsis">{path.split('/').pop()}</strong>
                <span className="grow" /><span className="muted">{stat?.kind === 'file' ? fmtBytes(stat.size) : ''}</span></span>
              <span className="muted ellipsis">{line || path}</span>
            </button>
          ))}
        </VirtualRows>
      )}
    </Dialog>
  );
}

function useSearch(disk: Disk, query: Query | null): [State, () => void] {
  const [state, setState] = useState<State>(START);
  const controller = useRef<AbortController>(null);

  useEffect(() => {
    if (!query)
      return;
    const abort = new AbortController();
    controller.current = abort;
    void run(disk, query, abort.signal, setState);
    return () => abort.abort();
  }, [disk, query]);
  return [state, () => controller.current?.abort()];
}

async function run(disk: Disk, query: Query, signal: AbortSignal, show: (state: State) => void): Promise<void> {
  const found: Found[] = [];
  let progress = START.progress;
  let shown = 0;
  const update = (running: boolean, error: Error | null = null) => {
    shown = performance.now();
    show({ found: [...found], progress, running, error });
  };

  update(true);
  try {
    for await (const one of search(disk, query, signal, (now) => {
      progress = now;
      if (performance.now() - shown > UPDATE)
        update(true);
    }))
      found.push(one);
    update(false);
  } catch (error) {
    update(false, signal.aborted ? null : error as Error);
  }
}
