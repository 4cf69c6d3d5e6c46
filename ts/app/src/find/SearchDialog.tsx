// SPDX-License-Identifier: GPL-2.0
/*
 * SearchDialog.tsx - search a folder and all below it
 */
import { type Disk, baseName } from '@anyfs/core';
import { type FormEvent, useMemo, useState } from 'react';

import { useFmtBytes } from '../text/size.js';
import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { type Show, type Task, useWork } from '../ui/use-work.js';
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
}

const ROW_HEIGHT = 44;
const START: State = { found: [], progress: { looked: 0, path: '' } };

export function SearchDialog({ disk, root, onClose, onOpen }: SearchDialogProps) {
  const say = useSay();
  const [query, setQuery] = useState<Query | null>(null);
  const task = useMemo<Task<State> | null>(() => query && ((signal, show) => run(disk, query, signal, show)), [disk, query]);
  const { value: state, running, error, stop } = useWork(START, task);
  const fmtBytes = useFmtBytes();
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
        {query && running ? <button type="button" className="button" onClick={stop}>{say('search.stop')}</button> :
          <button className="button primary">{say('search.start')}</button>}
      </form>
      {query && (
        <p className="muted ellipsis" role="status">
          {say(running ? 'search.running' : 'search.done',
            { found: state.found.length, looked: state.progress.looked })}
          {running && ` ${state.progress.path}`}
        </p>
      )}
      {error && <p className="note danger" role="alert">{error.message}</p>}
      {query && (
        <VirtualRows className="search-results" label={say('search.results')} rowHeight={ROW_HEIGHT} count={state.found.length}>
          {(first, count) => state.found.slice(first, first + count).map(({ path, stat, line }) => (
            <button key={path} className="search-row" onClick={() => onOpen(path)} disabled={stat?.kind === 'dir'}>
              <span className="row"><strong className="ellipsis">{baseName(path)}</strong>
                <span className="grow" /><span className="muted">{stat?.kind === 'file' ? fmtBytes(stat.size) : ''}</span></span>
              <span className="muted ellipsis">{line || path}</span>
            </button>
          ))}
        </VirtualRows>
      )}
    </Dialog>
  );
}

/** Stopping a search keeps the files found so far. */
async function run(disk: Disk, query: Query, signal: AbortSignal, show: Show<State>): Promise<State> {
  const found: Found[] = [];
  let progress = START.progress;
  const state = () => ({ found: [...found], progress });

  try {
    for await (const one of search(disk, query, signal, (now) => {
      progress = now;
      show(state);
    }))
      found.push(one);
  } catch (error) {
    if (!signal.aborted)
      throw error;
  }
  return state();
}
