// SPDX-License-Identifier: GPL-2.0
/*
 * menu.tsx - menus: at the pointer, or below a button
 */
import {
  type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState,
} from 'react';

import { Icon, type IconName } from './icons.js';

export type MenuEntry = 'separator' | {
  id: string;
  label: string;
  icon?: IconName | ReactNode;
  /** The keyboard shortcut of the entry. */
  keys?: string;
  disabled?: boolean;
  danger?: boolean;
  /** The entry is a check box with this state. */
  checked?: boolean;
  run(): void;
};

export interface MenuPlace {
  x: number;
  y: number;
  /** Align the right edge of the menu at x. */
  alignEnd?: boolean;
}

interface MenuProps {
  label: string;
  entries: MenuEntry[];
  place: MenuPlace;
  onClose(): void;
}

/** The menu takes the focus while it is open, and returns it afterwards. */
export function Menu({ label, entries, place, onClose }: MenuProps): ReactNode {
  const menu = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ left: number; top: number } | null>(null);

  useLayoutEffect(() => setAt(inside(menu.current!, place)), [place]);
  useFocusInside(menu, at !== null);
  const run = (entry: Exclude<MenuEntry, 'separator'>) => {
    if (entry.disabled)
      return;
    // Close before the entry runs: a dialog that the entry opens takes the focus.
    onClose();
    entry.run();
  };

  return (
    <div className="anyfs-menu-layer" onPointerDown={(event) => {
      if (event.target === event.currentTarget)
        onClose();
    }} onContextMenu={(event) => {
      event.preventDefault();
      if (event.target === event.currentTarget)
        onClose();
    }}>
      <div ref={menu} role="menu" aria-label={label} className="anyfs-menu" tabIndex={-1}
        style={at ?? { visibility: 'hidden' }} onKeyDown={(event) => onMenuKey(event, onClose)}>
        {entries.map((entry, i) => entry === 'separator' ?
          <div key={`separator-${i}`} role="separator" className="anyfs-menu-separator" /> :
          <button key={entry.id} type="button" tabIndex={-1} data-action={entry.id}
            role={entry.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
            aria-checked={entry.checked} aria-disabled={entry.disabled || undefined}
            className={`anyfs-menu-item${entry.danger ? ' anyfs-danger' : ''}`}
            onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
            onClick={() => run(entry)}>
            <span className="anyfs-menu-icon">{iconOf(entry)}</span>
            <span className="anyfs-menu-label">{entry.label}</span>
            {entry.keys && <kbd aria-hidden="true">{entry.keys}</kbd>}
          </button>)}
      </div>
    </div>
  );
}

function iconOf({ icon, checked }: Exclude<MenuEntry, 'separator'>): ReactNode {
  if (checked !== undefined)
    return checked && <Icon name="check" />;
  return typeof icon === 'string' ? <Icon name={icon as IconName} /> : icon;
}

/** Keep the menu inside the window, beside @place. */
function inside(menu: HTMLElement, { x, y, alignEnd }: MenuPlace) {
  const MARGIN = 8;
  const { width, height } = menu.getBoundingClientRect();
  const left = alignEnd ? x - width : x;

  return {
    left: Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN)),
    top: Math.max(MARGIN, Math.min(y, innerHeight - height - MARGIN)),
  };
}

function useFocusInside(menu: { current: HTMLElement | null }, ready: boolean): void {
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    return () => {
      // Something that the entry has opened may have the focus.
      if (document.activeElement === document.body || document.activeElement === null)
        before?.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    if (ready)
      itemsOf(menu.current!)[0]?.focus();
  }, [ready]);
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^=menuitem]')];
}

function onMenuKey(event: KeyboardEvent<HTMLElement>, onClose: () => void): void {
  const items = itemsOf(event.currentTarget);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = {
    ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0, End: items.length - 1,
  }[event.key];

  event.stopPropagation();
  if (to !== undefined) {
    event.preventDefault();
    items[to]?.focus();
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    event.preventDefault();
    onClose();
  } else if (event.key.length === 1 && /\S/.test(event.key)) {
    const rotated = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    rotated.find((item) => item.textContent!.trim().toLowerCase()
      .startsWith(event.key.toLowerCase()))?.focus();
  }
}
