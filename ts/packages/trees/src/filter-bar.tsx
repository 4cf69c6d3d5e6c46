// SPDX-License-Identifier: GPL-2.0
/*
 * filter-bar.tsx - the text field that hides all files whose names do not contain the text
 */
import type { ReactNode } from 'react';

import { useBrowser } from './context.js';
import { Icon } from './icons.js';

interface FilterBarProps {
  text: string;
  setText(text: string | null): void;
  /** Move the focus to the table. */
  onDone(): void;
}

export function FilterBar({ text, setText, onDone }: FilterBarProps): ReactNode {
  const { strings } = useBrowser();

  return (
    <div className="anyfs-filter" role="search">
      <Icon name="search" />
      <input value={text} autoFocus placeholder={strings.filterPlaceholder} spellCheck={false}
        aria-label={strings.filter} onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape')
            setText(null);
          if (['Escape', 'Enter', 'ArrowDown'].includes(event.key)) {
            event.preventDefault();
            onDone();
          }
        }} />
      <button type="button" className="anyfs-button anyfs-plain anyfs-small" aria-label={strings.close}
        title={strings.close} onClick={() => { setText(null); onDone(); }}><Icon name="close" /></button>
    </div>
  );
}
