// SPDX-License-Identifier: GPL-2.0
/*
 * SqliteView.tsx - the tables and views of an SQLite database, and the rows of one
 */
import { baseName } from '@anyfs/core';
import { useState } from 'react';

import { useFmtBytes } from '../../text/size.js';
import { useSay, useTexts } from '../../text/text.js';
import { Problem } from '../../ui/Problem.js';
import { Waiting } from '../../ui/Waiting.js';
import type { Reader } from '../reader.js';
import { DatabaseError, MAX_DATABASE, SlowError } from './database.js';
import { type Cell, PAGE_ROWS, type Page, type Tables } from './protocol.js';
import './sqlite.css';
import { useDatabase, useJournalFile, usePage } from './use-database.js';

export function SqliteView({ path, reader }: { path: string; reader: Reader }) {
  const say = useSay();
  const fmtBytes = useFmtBytes();

  if (reader.size > MAX_DATABASE)
    return <p className="waiting">{say('sqlite.large', { size: fmtBytes(reader.size), limit: fmtBytes(MAX_DATABASE) })}</p>;
  return <DatabaseView path={path} reader={reader} />;
}

function DatabaseView({ path, reader }: { path: string; reader: Reader }) {
  const say = useSay();
  const { database, tables, counts, error } = useDatabase(reader);
  const [chosen, setChosen] = useState<string | null>(null);
  const [first, setFirst] = useState(0);
  const name = chosen ?? tables?.tables[0]?.name ?? null;
  const { page, error: pageError } = usePage(database, name, first);

  if (error)
    return <DatabaseProblem error={error} />;
  if (!tables)
    return <Waiting text={say('preview.loading')} />;
  return (
    <>
      <JournalNote path={path} />
      {!tables.tables.length && <p className="waiting">{say('sqlite.none')}</p>}
      <div className="sqlite">
        <TableList tables={tables} counts={counts} chosen={name} onChoose={(next) => {
          setChosen(next);
          setFirst(0);
        }} />
        {name !== null && (
          <div className="sqlite-page">
            <Pager first={first} page={page} count={counts.get(name) ?? null} onFirst={setFirst} />
            {pageError ? <DatabaseProblem error={pageError} /> :
              page ? <Rows name={name} page={page} first={first} /> : <Waiting text={say('preview.loading')} />}
          </div>
        )}
      </div>
    </>
  );
}

/** If there is a log or journal beside the database, say that its rows are not shown. */
function JournalNote({ path }: { path: string }) {
  const say = useSay();
  const { suffix, error } = useJournalFile(path);

  if (error)
    return <p className="note danger" role="alert">{error.message}</p>;
  return suffix && (
    <p className="note warn" role="status">
      {say(suffix === '-wal' ? 'sqlite.wal' : 'sqlite.journal', { name: baseName(path) + suffix })}
    </p>
  );
}

function DatabaseProblem({ error }: { error: Error }) {
  const say = useSay();

  if (!(error instanceof DatabaseError || error instanceof SlowError))
    return <Problem error={error} />;
  return (
    <p className="note danger" role="alert">
      {say(error instanceof SlowError ? 'sqlite.slow' : 'sqlite.damaged', { message: error.message })}
    </p>
  );
}

function TableList({ tables: { tables, hidden }, counts, chosen, onChoose }: {
  tables: Tables; counts: ReadonlyMap<string, number | null>; chosen: string | null; onChoose(name: string): void;
}) {
  const { say, language } = useTexts();
  const shown = (name: string) => {
    const count = counts.get(name);
    return count === undefined ? '…' : count === null ? '?' : count.toLocaleString(language);
  };

  return (
    <ul className="sqlite-tables" aria-label={say('sqlite.tables')}>
      {tables.map(({ name, view }) => (
        <li key={name}>
          <button className="button plain sqlite-table" aria-pressed={name === chosen} title={name} onClick={() => onChoose(name)}>
            <span className="ellipsis grow">{name}</span>
            {view && <span className="muted">{say('sqlite.view')}</span>}
            <span className="muted">{shown(name)}</span>
          </button>
        </li>
      ))}
      {hidden > 0 && <li className="muted sqlite-more">{say('sqlite.hiddenTables', { count: hidden })}</li>}
    </ul>
  );
}

function Pager({ first, page, count, onFirst }: {
  first: number; page: Page | null; count: number | null; onFirst(first: number): void;
}) {
  const say = useSay();
  const last = first + (page?.rows.length ?? 0);

  return (
    <div className="preview-tools row wrap">
      <button className="button" disabled={!first} onClick={() => onFirst(first - PAGE_ROWS)}>{say('sqlite.back')}</button>
      <button className="button" disabled={!page?.more} onClick={() => onFirst(first + PAGE_ROWS)}>{say('sqlite.next')}</button>
      <span className="muted" role="status">
        {page && (!last ? say('sqlite.noRows') : count === null ? say('sqlite.range', { first: first + 1, last }) :
          say('sqlite.rangeOf', { first: first + 1, last, count }))}
      </span>
      {page && page.hidden > 0 && <span className="muted">{say('sqlite.hiddenColumns', { count: page.hidden })}</span>}
    </div>
  );
}

function Rows({ name, page, first }: { name: string; page: Page; first: number }) {
  return (
    <div className="sqlite-rows" tabIndex={0} role="group" aria-label={name} key={`${first} ${name}`}>
      <table>
        <thead>
          <tr>
            {page.columns.map((column, i) => <th key={i} scope="col" className="ellipsis" title={column}>{column}</th>)}
          </tr>
        </thead>
        <tbody>
          {page.rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <CellView key={j} cell={cell} />)}</tr>)}
        </tbody>
      </table>
    </div>
  );
}

function CellView({ cell }: { cell: Cell }) {
  const fmtBytes = useFmtBytes();

  if (cell.kind === 'null')
    return <td className="sqlite-null">NULL</td>;
  if (cell.kind === 'blob')
    return <td className="ellipsis"><span className="muted">{fmtBytes(cell.size)}</span> <span className="mono">{cell.hex}{cell.cut && ' …'}</span></td>;
  return <td className={`ellipsis sqlite-${cell.kind}`} title={cell.text}>{cell.text}{cell.cut && '…'}</td>;
}
