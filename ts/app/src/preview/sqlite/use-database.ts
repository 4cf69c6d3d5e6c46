// SPDX-License-Identifier: GPL-2.0
/*
 * use-database.ts - the tables of a database, how many rows they have, and rows of one
 */
import type { Disk } from '@anyfs/core';
import { useAnyfsDisk } from '@anyfs/react';
import { useEffect, useState } from 'react';

import { codeOf } from '../../image/attributes.js';
import type { Reader } from '../reader.js';
import { Database } from './database.js';
import type { Page, Tables } from './protocol.js';

interface DatabaseState {
  database: Database | null;
  tables: Tables | null;
  /** By name; null: the rows cannot be counted. */
  counts: ReadonlyMap<string, number | null>;
  error: Error | null;
}

const NONE: DatabaseState = { database: null, tables: null, counts: new Map(), error: null };

export function useDatabase(reader: Reader): DatabaseState {
  const [state, setState] = useState(NONE);

  useEffect(() => {
    const database = new Database(reader);
    let current = true;
    const run = async () => {
      const tables = await database.tables();
      if (current)
        setState({ ...NONE, database, tables });
      for (const table of tables.tables) {
        // Request the rows on the screen first.
        await new Promise((done) => setTimeout(done));
        const count = current ? await database.count(table).catch(() => null) : null;
        if (!current)
          return;
        setState((last) => ({ ...last, counts: new Map(last.counts).set(table.name, count) }));
      }
    };
    run().catch((error: unknown) => current && setState({ ...NONE, error: error as Error }));
    return () => {
      current = false;
      database.close();
      setState(NONE);
    };
  }, [reader]);
  return state;
}

interface PageState {
  page: Page | null;
  error: Error | null;
}

export function usePage(database: Database | null, name: string | null, first: number): PageState {
  const [state, setState] = useState<PageState & { of: string }>({ of: '', page: null, error: null });
  const wanted = `${first} ${name}`;

  useEffect(() => {
    if (!database || name === null)
      return;
    let current = true;
    database.rows(name, first).then(
      (page) => current && setState({ of: wanted, page, error: null }),
      (error: unknown) => current && setState({ of: wanted, page: null, error: error as Error }));
    return () => { current = false; };
  }, [database, name, first]);
  return state.of === wanted ? state : { page: null, error: null };
}

/**
 * Whether the file has a first byte that is not 0: SQLite sets the byte to 0 when it no longer
 * needs the file.
 */
async function begins(disk: Disk, path: string): Promise<boolean> {
  try {
    const file = await disk.open(path);
    return Boolean((await file.read(0, 1).finally(() => file.close()))[0]);
  } catch (error) {
    if (codeOf(error) === 'ENOENT')
      return false;
    throw error;
  }
}

/**
 * The suffix of the file beside the database that has rows of the database: "-wal" or "-journal";
 * "" if there is no such file.
 */
export function useJournalFile(path: string): { suffix: '' | '-wal' | '-journal'; error: Error | null } {
  const { disk } = useAnyfsDisk();
  const [state, setState] = useState<ReturnType<typeof useJournalFile>>({ suffix: '', error: null });

  useEffect(() => {
    if (!disk)
      return;
    let current = true;
    const run = async () => {
      for (const suffix of ['-wal', '-journal'] as const)
        if (await begins(disk, path + suffix))
          return suffix;
      return '';
    };
    run().then((suffix) => current && setState({ suffix, error: null }),
      (error: unknown) => current && setState({ suffix: '', error: error as Error }));
    return () => { current = false; };
  }, [disk, path]);
  return state;
}
