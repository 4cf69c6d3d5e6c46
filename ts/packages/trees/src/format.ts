// SPDX-License-Identifier: GPL-2.0
/*
 * format.ts - times, sizes and modes as texts in the user's language
 */
import { type Stat, fmtBytes } from '@anyfs/core';

export interface Formats {
  /** A short form for the table. */
  time(seconds: number): string;
  /** With seconds and the time zone. */
  longTime(seconds: number): string;
  size(bytes: number): string;
}

/** Formats for @locale; undefined: the locale of the web browser. */
export function formatsOf(locale: string | undefined): Formats {
  const short = new Intl.DateTimeFormat(locale, {
    year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit',
  });
  const long = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' });
  const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1 }).format(0.5)[1] ?? '.';

  return {
    time: (seconds) => dateText(short, seconds),
    longTime: (seconds) => dateText(long, seconds),
    size: (bytes) => fmtBytes(bytes).replace('.', decimal),
  };
}

/** File systems can store times that a Date cannot represent. */
function dateText(format: Intl.DateTimeFormat, seconds: number): string {
  const date = new Date(seconds * 1000);

  return Number.isNaN(date.getTime()) ? String(seconds) : format.format(date);
}

/** "0644" */
export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

/** Lists of partitions have no times. */
export function hasTimes(stat: Stat | undefined): stat is Stat {
  return stat !== undefined && (stat.ino !== 0 || stat.mtime !== 0);
}
