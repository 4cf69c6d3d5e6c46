// SPDX-License-Identifier: GPL-2.0
/*
 * protocol.ts - messages between the page and the worker that reads a database
 */
export interface Table {
  name: string;
  view: boolean;
}

export interface Tables {
  tables: Table[];
  /**
   * Number of tables and views that are not in the list, because the list and names have limits.
   */
  hidden: number;
}

/** A text may be the beginning of a longer one; a number is in the form that SQLite prints. */
export type Cell =
  | { kind: 'null' }
  | { kind: 'number' | 'text'; text: string; cut: boolean }
  | { kind: 'blob'; size: number; hex: string; cut: boolean };

export interface Page {
  columns: string[];
  /** Number of columns that are not in @columns. */
  hidden: number;
  rows: Cell[][];
  /** There are more rows after these. */
  more: boolean;
}

export type Request =
  | { do: 'open'; data: Uint8Array<ArrayBuffer> }
  | { do: 'count'; table: Table }
  | { do: 'rows'; name: string; first: number };

export type Answer = { result: unknown } | { error: string };

export const PAGE_ROWS = 200;
