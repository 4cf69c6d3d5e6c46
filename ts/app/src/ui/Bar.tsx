// SPDX-License-Identifier: GPL-2.0
/*
 * Bar.tsx - the bar at the top of each screen
 */
import { type ReactNode, useSyncExternalStore } from 'react';

import { LANGUAGES, useTexts } from '../text/text.js';
import { type Theme, chooseTheme, chosenTheme, onThemeChange } from '../theme.js';
import './bar.css';
import { Menu } from './Menu.js';

interface BarProps {
  title?: string;
  /** Shown beside the title. */
  detail?: string;
  onHome?(): void;
  /** Buttons. */
  children?: ReactNode;
}

export function Bar({ title, detail, onHome, children }: BarProps) {
  const { say } = useTexts();

  return (
    <header className="bar">
      {onHome ? (
        <button className="bar-logo" onClick={onHome} aria-label={say('bar.home')} title={say('bar.home')}>
          <img src="./icon.svg" alt="" width="24" height="24" />
        </button>
      ) : <span className="bar-logo"><img src="./icon.svg" alt="" width="24" height="24" /></span>}
      <div className="bar-title ellipsis">
        <strong>{title ?? 'anyfs'}</strong>
        {detail && <span className="muted"> {detail}</span>}
      </div>
      <div className="bar-buttons">
        {children}
        <Preferences />
      </div>
    </header>
  );
}

function Preferences() {
  const { say, language, choose } = useTexts();
  const chosen = useSyncExternalStore(onThemeChange, chosenTheme);
  const theme = (name: Theme, label: string) => ({
    label, checked: chosen === name, action: () => chooseTheme(name),
  });

  return (
    <Menu label={say('bar.preferences')} icon="menu" compact className="button plain square" items={[
      theme('system', say('theme.system')),
      theme('light', say('theme.light')),
      theme('dark', say('theme.dark')),
      ...Object.entries(LANGUAGES).map(([tag, { name }], i) => ({
        label: name, checked: tag === language, separated: i === 0, action: () => choose(tag),
      })),
    ]} />
  );
}
