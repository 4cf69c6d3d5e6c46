// SPDX-License-Identifier: GPL-2.0
/*
 * context.tsx - the changes of the open image, for components
 */
import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';

import { type Change, ChangeLog } from './log.js';

export const ChangesContext = createContext<ChangeLog>(new ChangeLog());

export function useChangeLog(): ChangeLog {
  return useContext(ChangesContext);
}

export function useChanges(): readonly Change[] {
  const log = useChangeLog();
  return useSyncExternalStore(log.subscribe, log.list);
}

/** Let the browser ask before it closes a tab with unsaved changes. */
export function useQuestionAtEnd(log: ChangeLog): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (log.unsaved)
        event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [log]);
}
