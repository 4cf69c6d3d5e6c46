// SPDX-License-Identifier: GPL-2.0
/*
 * route.ts - the part of the address after "#": "" is the map of the disk, "#/p1/etc" a path
 */
import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  window.addEventListener('popstate', listener);
  return () => {
    window.removeEventListener('hashchange', listener);
    window.removeEventListener('popstate', listener);
  };
}

/** The path that the address shows; null: the map. */
export function useRoute(): string | null {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return hash.startsWith('#/') ? decode(hash.slice(1)) : null;
}

/** @param path null: the map of the disk */
export function goTo(path: string | null): void {
  location.hash = path === null ? '' : hashOf(path);
}

/** Like goTo(), but without a new entry in the history. */
export function replaceRoute(path: string | null): void {
  const url = new URL(location.href);
  url.hash = path === null ? '' : hashOf(path);
  history.replaceState(null, '', url);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

function hashOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function decode(path: string): string {
  try {
    return path.split('/').map(decodeURIComponent).join('/');
  } catch {
    return '/';
  }
}
