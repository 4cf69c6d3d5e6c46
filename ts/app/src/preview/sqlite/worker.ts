// SPDX-License-Identifier: GPL-2.0
/*
 * worker.ts - reads a database with SQLite
 *
 * A view of a hostile database may take forever.  Then the page ends this worker.
 */
import init, { type SqlDatabase, type SqlValue } from 'sql.js/dist/sql-wasm-browser.js';
import wasm from 'sql.js/dist/sql-wasm-browser.wasm?url';

import { type Answer, type Cell, PAGE_ROWS, type Page, type Request, type Table, type Tables } from './protocol.js';

/** Tables and views that are listed. */
const MAX_TABLES = 1000;
/** Characters of a name; tables and views with longer names are not listed. */
const MAX_NAME = 500;
/** Rows of a view that are counted. */
const MAX_VIEW = 1_000_000;
/** Columns of a page, characters of a text and bytes of a blob that are shown. */
const MAX_COLUMNS = 100;
const MAX_TEXT = 300;
const MAX_BLOB = 16;
/**
 * Offset of two bytes of the header: the format versions for writing and for reading.  Version 2
 * needs a write-ahead log.
 */
const VERSIONS = 18;
const LISTED = `FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;

const scope = globalThis as unknown as {
  onmessage: (event: { data: Request }) => void;
  postMessage(answer: Answer): void;
};
let db: SqlDatabase | null = null;

scope.onmessage = ({ data: request }) => void answer(request).then(
  (result) => scope.postMessage({ result }),
  (error: unknown) => scope.postMessage({ error: error instanceof Error ? error.message : String(error) }));

async function answer(request: Request): Promise<Tables | Page | number> {
  if (request.do === 'open')
    return open(request.data);
  return request.do === 'count' ? countOf(request.table) : pageOf(request.name, request.first);
}

/** Only the copy in memory is opened, and statements cannot write to that copy either. */
async function open(data: Uint8Array): Promise<Tables> {
  const { Database } = await init({ locateFile: () => wasm });

  // Set the versions to 1: the copy has no write-ahead log, and SQLite in a page cannot open one.
  if (data[VERSIONS] === 2 && data[VERSIONS + 1] === 2)
    data.fill(1, VERSIONS, VERSIONS + 2);
  db = new Database(data);
  db.run('PRAGMA query_only = 1; PRAGMA trusted_schema = 0');
  const rows = all(`SELECT name, type ${LISTED} AND length(name) <= ${MAX_NAME} ORDER BY type, name LIMIT ${MAX_TABLES}`);
  const [[total] = [0]] = all(`SELECT count(*) ${LISTED}`);
  return {
    tables: rows.map(([name, type]) => ({ name: String(name), view: type === 'view' })),
    hidden: Number(total) - rows.length,
  };
}

/** A view may have an endless number of rows. */
function countOf({ name, view }: Table): number {
  const rows = view ? `(SELECT 1 FROM ${quoted(name)} LIMIT ${MAX_VIEW + 1})` : quoted(name);
  const count = Number(all(`SELECT count(*) FROM ${rows}`)[0]![0]);

  if (view && count > MAX_VIEW)
    throw new Error('the view has too many rows to count');
  return count;
}

/** SQLite cuts the values, so that a large one is not copied. */
function pageOf(name: string, first: number): Page {
  const names = columnsOf(name);
  const columns = names.slice(0, MAX_COLUMNS);
  const shown = columns.map((_, i) => `typeof(c${i}), length(c${i}), ${valueOf(`c${i}`)}`).join();
  const rows = all(`WITH page(${names.map((_, i) => `c${i}`).join()}) AS MATERIALIZED
    (SELECT * FROM ${quoted(name)} LIMIT ${PAGE_ROWS + 1} OFFSET ?) SELECT ${shown} FROM page`, [first]);

  return {
    columns: columns.map((column) => column.slice(0, MAX_NAME)),
    hidden: names.length - columns.length,
    rows: rows.slice(0, PAGE_ROWS).map((row) => columns.map((_, i) =>
      cellOf(String(row[3 * i]), Number(row[3 * i + 1]), row[3 * i + 2]!))),
    more: rows.length > PAGE_ROWS,
  };
}

function valueOf(column: string): string {
  return `CASE typeof(${column}) WHEN 'text' THEN substr(${column}, 1, ${MAX_TEXT})
    WHEN 'blob' THEN substr(${column}, 1, ${MAX_BLOB}) WHEN 'real' THEN CAST(${column} AS TEXT) ELSE ${column} END`;
}

function cellOf(type: string, size: number, value: SqlValue): Cell {
  if (type === 'null')
    return { kind: 'null' };
  if (type === 'blob') {
    const hex = Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return { kind: 'blob', size, hex, cut: size > MAX_BLOB };
  }
  return { kind: type === 'text' ? 'text' : 'number', text: String(value), cut: type === 'text' && size > MAX_TEXT };
}

function columnsOf(name: string): string[] {
  const statement = db!.prepare(`SELECT * FROM ${quoted(name)}`);

  try {
    return statement.getColumnNames();
  } finally {
    statement.free();
  }
}

function all(sql: string, values: SqlValue[] = []): SqlValue[][] {
  const statement = db!.prepare(sql);
  const rows: SqlValue[][] = [];

  try {
    statement.bind(values);
    while (statement.step())
      rows.push(statement.get(null, { useBigInt: true }));
    return rows;
  } finally {
    statement.free();
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
