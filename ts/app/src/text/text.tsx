// SPDX-License-Identifier: GPL-2.0
/*
 * text.tsx - the texts of the page in the language of the user
 *
 * A language is a file like de.ts and a line of LANGUAGES.  English is part of the program, so
 * that the first screen need not wait; other languages are fetched.
 */
import {
  type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useState,
} from 'react';

import { store, stored } from '../settings.js';
import { en } from './en.js';

export type TextKey = keyof typeof en;
export type Texts = Record<TextKey, string>;
/**
 * The text @key, with each {name} replaced, and {count|file|files} by the number and the word for
 * it.  Numbers are written in the form of the language.
 */
export type Say = (key: TextKey, values?: Record<string, string | number>) => string;

export const LANGUAGES: Record<string, { name: string; load: () => Promise<Texts> }> = {
  en: { name: 'English', load: async () => en },
  de: { name: 'Deutsch', load: async () => (await import('./de.js')).de },
};

interface TextState {
  language: string;
  say: Say;
  choose(language: string): void;
}

const TextContext = createContext<TextState | null>(null);

function preferredLanguage(): string {
  const wanted = [stored('language') ?? '', ...navigator.languages];
  return wanted.map((tag) => tag.split('-', 1)[0]!).find((tag) => tag in LANGUAGES) ?? 'en';
}

export function TextProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(preferredLanguage);
  const [texts, setTexts] = useState<Texts | null>(language === 'en' ? en : null);

  useEffect(() => {
    let current = true;
    LANGUAGES[language]!.load().catch(() => en)
      .then((loaded) => { if (current) setTexts(loaded); });
    document.documentElement.lang = language;
    return () => { current = false; };
  }, [language]);
  const format = useMemo(() => new Intl.NumberFormat(language), [language]);
  const say = useCallback<Say>((key, values) => fillIn((texts ?? en)[key], format, values), [texts, format]);
  const choose = useCallback((next: string) => {
    store('language', next);
    setLanguage(next);
  }, []);
  const state = useMemo(() => ({ language, say, choose }), [language, say, choose]);
  // Wait: a text that changes its length after it is shown would move everything below.
  return texts && <TextContext.Provider value={state}>{children}</TextContext.Provider>;
}

function fillIn(text: string, format: Intl.NumberFormat, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (all, name: string, one?: string, many?: string) => {
    const value = values[name] ?? all;
    const shown = typeof value === 'number' ? format.format(value) : value;
    return one === undefined ? shown : `${shown} ${value === 1 ? one : many}`;
  });
}

export function useTexts(): TextState {
  const state = useContext(TextContext);

  if (!state)
    throw new Error('there is no TextProvider above this component');
  return state;
}

export function useSay(): Say {
  return useTexts().say;
}
