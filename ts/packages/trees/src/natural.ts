// SPDX-License-Identifier: GPL-2.0
/*
 * natural.ts - the natural order of names: "file 9" before "file 10", case ignored
 *
 * The key of each name is computed once, and keys are compared as plain strings: a million calls
 * of Intl.Collator would take several seconds.
 */

/** The key of @name: names are in natural order if their keys are in the order of strings. */
export function naturalKey(name: string): string {
  let key = name.toLowerCase();

  if (/[^\x00-\x7f]/.test(key))
    key = key.normalize('NFKD').replace(/\p{M}+/gu, '');
  // A number in a key begins with a character for its count of digits, so that longer numbers are
  // larger.
  return /\d/.test(key) ? key.replace(/0*(\d+)/g, numberKey) : key;
}

function numberKey(_match: string, digits: string): string {
  return `0${String.fromCharCode(0x30 + Math.min(digits.length, 0x7000))}${digits}`;
}

export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
