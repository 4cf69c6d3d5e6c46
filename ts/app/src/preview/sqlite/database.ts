// SPDX-License-Identifier: GPL-2.0
/*
 * database.ts - a database in a worker
 */
import type { Reader } from '../reader.js';
import type { Answer, Page, Request, Table, Tables } from './protocol.js';

/** Bytes of a database that are copied into memory: 256 MiB. */
export const MAX_DATABASE = 256 << 20;
/** Milliseconds that a query may take. */
const PATIENCE = 60_000;
/** The limit for counting rows, shorter because the rows on the screen may have to wait for it. */
const COUNT_PATIENCE = 15_000;
const CHUNK = 1 << 20;

/** SQLite cannot read the database: it is damaged, or needs something that is not available. */
export class DatabaseError extends Error {}
/** A query took too long and was stopped. */
export class SlowError extends Error {}

export class Database {
  private worker: Worker | null = null;
  /** The last request; the next one waits for it. */
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;
  private stop = () => {};

  constructor(private readonly reader: Reader) {}

  tables(): Promise<Tables> {
    return this.queue(async () => {
      this.end();
      return this.open();
    });
  }

  count(table: Table): Promise<number> {
    return this.query<number>({ do: 'count', table });
  }

  rows(name: string, first: number): Promise<Page> {
    return this.query<Page>({ do: 'rows', name, first });
  }

  close(): void {
    this.closed = true;
    this.stop();
    this.end();
  }

  /** After a query that took too long, the database is opened again. */
  private query<T>(request: Request): Promise<T> {
    return this.queue(async () => {
      if (!this.worker)
        await this.open();
      return this.ask<T>(request);
    });
  }

  private queue<T>(run: () => Promise<T>): Promise<T> {
    const result = this.last.then(() => {
      if (this.closed)
        throw new DatabaseError('the database is closed');
      return run();
    });
    this.last = result.catch(() => {});
    return result;
  }

  private async open(): Promise<Tables> {
    const data = new Uint8Array(this.reader.size);

    for (let at = 0; at < data.length && !this.closed; at += CHUNK)
      data.set(await this.reader.read(at, Math.min(CHUNK, data.length - at)), at);
    if (this.closed)
      throw new DatabaseError('the database is closed');
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'sqlite' });
    return this.ask<Tables>({ do: 'open', data }, [data.buffer]);
  }

  private ask<T>(request: Request, transfer: Transferable[] = []): Promise<T> {
    const worker = this.worker!;

    return new Promise<T>((resolve, reject) => {
      const fail = (error: Error) => {
        this.end();
        reject(error);
      };
      const timer = setTimeout(() => fail(new SlowError('the query takes too long')),
        request.do === 'count' ? COUNT_PATIENCE : PATIENCE);
      this.stop = () => {
        clearTimeout(timer);
        reject(new DatabaseError('the database is closed'));
      };
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        clearTimeout(timer);
        if ('error' in data)
          reject(new DatabaseError(data.error));
        else
          resolve(data.result as T);
      };
      worker.onerror = ({ message }) => {
        clearTimeout(timer);
        fail(new DatabaseError(message || 'the worker of SQLite does not start'));
      };
      worker.postMessage(request, transfer);
    });
  }

  private end(): void {
    this.worker?.terminate();
    this.worker = null;
  }
}
