// SPDX-License-Identifier: GPL-2.0
/*
 * settings.ts - choices of the user that this browser keeps: the language, the theme ...
 *
 * Only choices that the user has made are stored.  A browser that allows no storage forgets them.
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

/** @param value null: remove the choice */
export function store(name: Setting, value: string | null): void {
  try {
    if (value === null)
      localStorage.removeItem(`anyfs.${name}`);
    else
      localStorage.setItem(`anyfs.${name}`, value);
    own.delete(name);
  } catch {
    // The browser does not store the choice: keep it until the page is closed.
    own.set(name, value);
  }
}
