// SPDX-License-Identifier: GPL-2.0
/*
 * settings.ts - choices of the user that this browser keeps: the language, the theme ...
 *
 * Only what the user has set is stored.  Browsers that allow no storage forget it.
 */
type Setting = 'language' | 'theme' | 'recent';

/** Choices that the browser did not store. */
const own = new Map<Setting, string | null>();

export function stored(name: Setting): string | null {
  const kept = own.get(name);
  if (kept !== undefined)
    return kept;
  try {
    return localStorage.getItem(`anyfs.${name}`);
  } catch {
    return null;
  }
}

/** @param value null: as if it was never set */
export function store(name: Setting, value: string | null): void {
  try {
    if (value === null)
      localStorage.removeItem(`anyfs.${name}`);
    else
      localStorage.setItem(`anyfs.${name}`, value);
    own.delete(name);
  } catch {
    // The choice holds until the page is closed.
    own.set(name, value);
  }
}
