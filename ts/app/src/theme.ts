// SPDX-License-Identifier: GPL-2.0
/*
 * theme.ts - light or dark: the setting of the system, or the user's choice on this page
 */
import { stored, store } from './settings.js';

export type Theme = 'system' | 'light' | 'dark';

export function chosenTheme(): Theme {
  const theme = stored('theme');
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function chooseTheme(theme: Theme): void {
  store('theme', theme === 'system' ? null : theme);
  applyTheme();
}

const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

export function isDark(): boolean {
  const theme = chosenTheme();
  return theme === 'system' ? dark.matches : theme === 'dark';
}

/** For useSyncExternalStore. */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}

export function applyTheme(): void {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
  listeners.forEach((listener) => listener());
}

dark.addEventListener('change', applyTheme);
