// SPDX-License-Identifier: GPL-2.0
/*
 * context.tsx - the changes of the open image, for components
 */
import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';

import { Drafts } from './drafts.js';
import { type Change, ChangeLog } from './log.js';

export const ChangesContext = createContext<ChangeLog>(new ChangeLog());
export const DraftsContext = createContext<Drafts>(new Drafts());

export function useChangeLog(): ChangeLog {
  return useContext(ChangesContext);
}

export function useChanges(): readonly Change[] {
  const log = useChangeLog();
  return useSyncExternalStore(log.subscribe, log.list);
}

/** Texts that are being edited, by path, and their store. */
export function useDrafts(): [texts: ReadonlyMap<string, string>, drafts: Drafts] {
  const drafts = useContext(DraftsContext);
  return [useSyncExternalStore(drafts.subscribe, drafts.all), drafts];
}

/** Let the browser ask before it closes a tab with unsaved changes. */
export function useQuestionAtEnd(log: ChangeLog, drafts: Drafts): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (log.unsaved || drafts.all().size)
        event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [log, drafts]);
}
