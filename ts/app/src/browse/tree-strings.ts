// SPDX-License-Identifier: GPL-2.0
/*
 * tree-strings.ts - the texts of @anyfs/trees in the languages of the application
 */
import type { StringsInput } from '@anyfs/trees';

/** undefined: English, which the package has itself. */
export async function loadTreeStrings(language: string): Promise<StringsInput | undefined> {
  return language === 'de' ? (await import('../text/trees-de.js')).german : undefined;
}
