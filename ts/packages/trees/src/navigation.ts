// SPDX-License-Identifier: GPL-2.0
/*
 * navigation.ts - the folder that is shown, the way to it, and location.hash
 */
import { normalizePath, parentPath } from '@anyfs/core';
import { useCallback, useEffect, useRef, useState } from 'react';

import { hashOf, pathOfHash } from './paths.js';

interface Trail {
  paths: string[];
  index: number;
}

export interface Navigation {
  path: string;
  /** The folder that was shown before the last step; null: there was no step. */
  from: string | null;
  navigate(path: string): void;
  back(): void;
  forward(): void;
  up(): void;
  canBack: boolean;
  canForward: boolean;
}

export interface NavigationOptions {
  path: string | undefined;
  defaultPath: string;
  onPathChange: ((path: string) => void) | undefined;
  /** Mirror the path in location.hash. */
  hash: boolean;
}

export function useNavigation(options: NavigationOptions): Navigation {
  const { path: wanted, defaultPath, onPathChange, hash } = options;
  const [trail, setTrail] = useState<Trail>(() => ({
    paths: [wanted ?? ((hash && pathOfHash(location.hash)) || normalizePath(defaultPath))], index: 0,
  }));
  const current = useRef(trail);
  const from = useRef<string | null>(null);
  const path = trail.paths[trail.index]!;
  const show = useCallback((next: Trail) => {
    from.current = current.current.paths[current.current.index]!;
    current.current = next;
    setTrail(next);
  }, []);
  const navigate = useCallback((to: string) => {
    const { paths, index } = current.current;
    const next = normalizePath(to, paths[index]);
    if (next === paths[index])
      return;
    show({ paths: [...paths.slice(0, index + 1), next], index: index + 1 });
    if (hash)
      history.pushState({ ...history.state as object, anyfs: index + 1 }, '', hashOf(next));
  }, [hash, show]);
  const step = useCallback((by: 1 | -1) => {
    const { paths, index } = current.current;
    if (paths[index + by] === undefined)
      return;
    // Keep the history of the web browser in step with ours.
    if (hash)
      history.go(by);
    else
      show({ paths, index: index + by });
  }, [hash, show]);

  useHash(hash, path, current, show);
  useEffect(() => { if (wanted !== undefined) navigate(wanted); }, [wanted, navigate]);
  const tell = useRef(onPathChange);
  tell.current = onPathChange;
  useEffect(() => { tell.current?.(path); }, [path]);
  return {
    path, from: from.current, navigate,
    back: useCallback(() => step(-1), [step]), forward: useCallback(() => step(1), [step]),
    up: useCallback(() => navigate(parentPath(current.current.paths[current.current.index]!)), [navigate]),
    canBack: trail.index > 0, canForward: trail.index < trail.paths.length - 1,
  };
}

/** Follow location.hash, which the user and the buttons of the web browser change. */
function useHash(enabled: boolean, path: string, current: { current: Trail },
  show: (trail: Trail) => void): void {
  useEffect(() => {
    if (!enabled)
      return;
    const { index } = current.current;
    history.replaceState({ ...history.state as object, anyfs: index }, '', hashOf(path));
    const follow = () => {
      const { paths, index: at } = current.current;
      const next = pathOfHash(location.hash);
      const known = (history.state as { anyfs?: number } | null)?.anyfs;
      if (next === null || next === paths[at] && (known === undefined || known === at))
        return;
      if (known !== undefined && paths[known] === next)
        return show({ paths, index: known });
      show({ paths: [...paths.slice(0, at + 1), next], index: at + 1 });
      history.replaceState({ ...history.state as object, anyfs: at + 1 }, '');
    };
    addEventListener('popstate', follow);
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('popstate', follow);
      removeEventListener('hashchange', follow);
    };
  }, [enabled]);
}
