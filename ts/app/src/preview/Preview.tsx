// SPDX-License-Identifier: GPL-2.0
/*
 * Preview.tsx - the content of a file: as text, picture, sound, film, PDF, archive, database, or its bytes
 */
import { baseName } from '@anyfs/core';
import { useAnyfsFiles } from '@anyfs/react';
import { type ReactNode, Suspense, lazy, useEffect, useState } from 'react';

import { useDrafts } from '../changes/context.js';
import { useFmtBytes } from '../text/size.js';
import { useSay } from '../text/text.js';
import { Icon } from '../ui/Icon.js';
import { Problem } from '../ui/Problem.js';
import { Waiting } from '../ui/Waiting.js';
import { type Content, contentOf } from './content.js';
import { encodingOf } from './encoding.js';
import './preview.css';
import type { Reader } from './reader.js';
import { useReader } from './use-reader.js';

const EditView = lazy(async () => ({ default: (await import('./EditView.js')).EditView }));
const HexView = lazy(async () => ({ default: (await import('./HexView.js')).HexView }));
const TextView = lazy(async () => ({ default: (await import('./TextView.js')).TextView }));
const ArchiveView = lazy(async () => ({ default: (await import('./archive/ArchiveView.js')).ArchiveView }));
const SqliteView = lazy(async () => ({ default: (await import('./sqlite/SqliteView.js')).SqliteView }));
const MediaView = lazy(async () => ({ default: (await import('./MediaView.js')).MediaView }));

/** Bytes that decide how a file is shown. */
const HEAD = 16 << 10;
type View = 'content' | 'text' | 'hex' | 'edit';
/** Larger texts cannot be edited: 2 MiB. */
const EDIT_LIMIT = 2 << 20;

interface PreviewProps {
  path: string;
  /** Called by the button to close; absent: another component has that button. */
  onClose?: (() => void) | undefined;
  /** The text may be changed. */
  editable?: boolean;
  /** false: the name is shown elsewhere. */
  titled?: boolean;
  /** Buttons for this file. */
  actions?: ReactNode;
}

export function Preview({ path, onClose, editable = false, titled = true, actions }: PreviewProps) {
  const say = useSay();
  const [version, setVersion] = useState(0);
  const { onChange } = useAnyfsFiles();
  const fmtBytes = useFmtBytes();
  const { reader, error } = useReader(path, version);
  const head = useHead(reader);
  const name = baseName(path);

  useEffect(() => onChange((changed) => {
    if (changed === path)
      setVersion((last) => last + 1);
  }), [onChange, path]);
  return (
    <section className="preview" aria-label={say('preview.of', { name })}>
      <header className="preview-head row">
        {titled && <Icon name="file" />}
        <div className="grow">{titled && <h2 className="ellipsis" title={path}>{name}</h2>}</div>
        {reader && <span className="muted">{fmtBytes(reader.size)}</span>}
        {actions}
        {onClose && (
          <button className="button plain square" onClick={onClose} aria-label={say('preview.close')} title={say('preview.close')}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {error ?? head.error ? <Problem error={(error ?? head.error)!} /> :
        reader && head.data ? <Views key={`${path} ${version}`} path={path} name={name} reader={reader} head={head.data} editable={editable} /> :
          <Waiting text={say('preview.loading')} />}
    </section>
  );
}

interface ViewsProps {
  path: string;
  name: string;
  reader: Reader;
  head: Uint8Array;
  editable: boolean;
}

function Views({ path, name, reader, head, editable }: ViewsProps) {
  const say = useSay();
  const content = contentOf(name, head);
  const [texts] = useDrafts();
  const edits = editable && content.view === 'text' && reader.size <= EDIT_LIMIT;
  const [view, setView] = useState<View>(content.view === 'binary' ? 'hex' : edits && texts.has(path) ? 'edit' : 'content');
  const tabs: [View, string][] = [
    ...(content.view === 'text' || content.view === 'binary' ? [] : [['content', say(content.view === 'sqlite' ? 'view.tables' : 'view.content')] as [View, string]]),
    [content.view === 'text' ? 'content' : 'text', say('view.text')],
    ['hex', say('view.hex')],
    ...(edits ? [['edit', say('view.edit')] as [View, string]] : []),
  ];

  if (!reader.size && !editable)
    return <p className="waiting">{say('preview.empty')}</p>;
  return (
    <>
      <div className="preview-tabs" role="group" aria-label={say('view.label')}>
        {tabs.map(([value, label]) => (
          <button key={value} className="button plain" aria-pressed={view === value} onClick={() => setView(value)}>{label}</button>
        ))}
      </div>
      <div className="preview-content">
        <Suspense fallback={<Waiting text={say('preview.loading')} />}>
          {view === 'edit' && content.view === 'text' ?
            <EditView path={path} reader={reader} encoding={content.encoding}
              onSaved={() => setView('content')} onCancel={() => setView('content')} /> :
            <Shown view={view} content={content} path={path} name={name} reader={reader} head={head} />}
        </Suspense>
      </div>
    </>
  );
}

function Shown({ view, content, path, name, reader, head }: {
  view: View; content: Content; path: string; name: string; reader: Reader; head: Uint8Array;
}) {
  if (view === 'hex' || (view === 'content' && content.view === 'binary'))
    return <HexView reader={reader} />;
  if (view === 'text' || content.view === 'text')
    return <TextView reader={reader} head={head}
      encoding={content.view === 'text' ? content.encoding : encodingOf('windows-1252', head)} />;
  if (content.view === 'binary')
    return null;
  if (content.view === 'archive')
    return <ArchiveView reader={reader} type={content.type} />;
  if (content.view === 'sqlite')
    return <SqliteView path={path} reader={reader} />;
  return <MediaView view={content.view} type={content.type} path={path} name={name} size={reader.size} />;
}

function useHead(reader: Reader | null) {
  const [state, setState] = useState<{ reader: Reader | null; data: Uint8Array | null; error: Error | null }>(
    { reader: null, data: null, error: null });

  useEffect(() => {
    if (!reader)
      return;
    let current = true;
    reader.read(0, HEAD).then(
      (data) => current && setState({ reader, data, error: null }),
      (error: unknown) => current && setState({ reader, data: null, error: error as Error }));
    return () => { current = false; };
  }, [reader]);
  return state.reader === reader ? state : { data: null, error: null };
}
