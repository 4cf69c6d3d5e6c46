// SPDX-License-Identifier: GPL-2.0
/*
 * sql-js.d.ts - the functions of sql.js that worker.ts calls
 */
declare module 'sql.js/dist/sql-wasm-browser.js' {
  export type SqlValue = number | bigint | string | Uint8Array | null;

  export interface Statement {
    bind(values: SqlValue[]): boolean;
    step(): boolean;
    get(params: null, config: { useBigInt: boolean }): SqlValue[];
    getColumnNames(): string[];
    free(): boolean;
  }
  export interface SqlDatabase {
    run(sql: string): SqlDatabase;
    prepare(sql: string): Statement;
  }
  interface SqlJs {
    Database: new (data: Uint8Array) => SqlDatabase;
  }
  export default function init(config: { locateFile(name: string): string }): Promise<SqlJs>;
}
