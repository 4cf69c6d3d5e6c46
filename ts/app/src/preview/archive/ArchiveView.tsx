// SPDX-License-Identifier: GPL-2.0
/*
 * ArchiveView.tsx - an archive as a directory; its files can be downloaded
 */
import { useMemo, useState } from 'react';

import { download } from '../../stream/save.js';
import { useFmtBytes } from '../../text/size.js';
import { useTexts } from '../../text/text.js';
import { Icon } from '../../ui/Icon.js';
import { Problem } from '../../ui/Problem.js';
import { type Task, useWork } from '../../ui/use-work.js';
import { VirtualRows } from '../../ui/VirtualRows.js';
import { Waiting } from '../../ui/Waiting.js';
import { type Work, WorkDialog } from '../../ui/WorkDialog.js';
import type { Reader } from '../reader.js';
import './archive.css';
import type { ArchiveEntry } from './entry.js';
import { type Row, rowsIn } from './folders.js';
import { listTar } from './read-tar.js';
import { listZip } from './read-zip.js';

export type ArchiveType = 'zip' | 'tar' | 'tar.gz';

const ROW_HEIGHT = 36;

export function ArchiveView({ reader, type }: { reader: Reader; type: ArchiveType }) {
  const { say } = useTexts();
  const [folder, setFolder] = useState('');
  const [work, setWork] = useState<Work | null>(null);
  const task = useMemo<Task<readonly ArchiveEntry[]>>(() => (signal, show) => type === 'zip' ? listZip(reader) :
    listTar(reader, type === 'tar.gz', signal, (entries) => show(() => [...entries])), [reader, type]);
  const { value: entries, running, error } = useWork<readonly ArchiveEntry[]>([], task);
  const rows = useMemo(() => rowsIn(entries, folder), [entries, folder]);
  const crumbs = folder ? folder.split('/') : [];
  const extract = ({ name, entry }: Row) => entry && setWork({
    title: say('download.file', { name }), total: entry.size,
    run: (signal, show) => download({ name, size: entry.size, stream: entry.open(signal) }, show),
  });

  if (error && !entries.length)
    return <Problem error={error} />;
  if (running && !entries.length)
    return <Waiting text={say('preview.loading')} />;
  return (
    <>
      <nav className="preview-tools row wrap" aria-label={say('archive.way')}>
        <button className="button plain" disabled={!folder} onClick={() => setFolder('')}>{say('archive.top')}</button>
        {crumbs.map((name, i) => (
          <button key={i} className="button plain" disabled={i === crumbs.length - 1}
            onClick={() => setFolder(crumbs.slice(0, i + 1).join('/'))}>{name}</button>
        ))}
        <span className="grow" />
        <span className="muted" role="status">{say(running ? 'archive.running' : 'archive.count', { count: entries.length })}</span>
      </nav>
      {error && <p className="note danger" role="alert">{error.message}</p>}
      <VirtualRows key={folder} className="archive" label={say('archive.label')} rowHeight={ROW_HEIGHT} count={rows.length}>
        {(first, count) => rows.slice(first, first + count).map((row) => (
          <ArchiveRow key={row.name} row={row} onOpen={() => setFolder(folder ? `${folder}/${row.name}` : row.name)}
            onExtract={() => extract(row)} />
        ))}
      </VirtualRows>
      {work && <WorkDialog work={work} onClose={() => setWork(null)} />}
    </>
  );
}

function ArchiveRow({ row: { name, folder, entry }, onOpen, onExtract }: { row: Row; onOpen(): void; onExtract(): void }) {
  const { say, language } = useTexts();
  const fmtBytes = useFmtBytes();
  const label = say('archive.extract', { name });

  return (
    <div className="archive-row">
      <Icon name={folder ? 'folder' : 'file'} />
      {folder ? <button className="archive-name ellipsis" onClick={onOpen}>{name}</button> :
        <span className="archive-name ellipsis" title={name}>{name}</span>}
      {entry && <span className="muted archive-time">{new Date(1000 * entry.mtime).toLocaleDateString(language)}</span>}
      {!folder && entry && <span className="muted archive-size">{fmtBytes(entry.size)}</span>}
      {!folder && entry?.kind === 'file' && (
        <button className="button plain square" onClick={onExtract} aria-label={label} title={label}><Icon name="download" /></button>
      )}
    </div>
  );
}
