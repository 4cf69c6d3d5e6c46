// SPDX-License-Identifier: GPL-2.0
/*
 * Menu.tsx - a button that opens a menu; arrow keys move in it
 */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';

import { Icon, type IconName } from './Icon.js';
import './menu.css';

export interface MenuItem {
  label: string;
  icon?: IconName;
  /** One of several choices, of which one is checked. */
  checked?: boolean;
  disabled?: boolean;
  /** Draw a line above the entry. */
  separated?: boolean;
  action(): void;
}

interface MenuProps {
  label: string;
  icon?: IconName;
  /** Show the icon alone; the label is the accessible name. */
  compact?: boolean;
  className?: string;
  items: readonly MenuItem[];
}

export function Menu({ label, icon, compact = false, className = 'button', items }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open)
      return;
    const first = root.current!.querySelector<HTMLElement>('[aria-checked=true]:not(:disabled)') ??
      root.current!.querySelector<HTMLElement>('[role^=menuitem]:not(:disabled)');
    first?.focus();
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node))
        setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...root.current!.querySelectorAll<HTMLElement>('[role^=menuitem]:not(:disabled)')];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = {
      ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1,
    }[event.key];

    if (event.key === 'Escape' && open) {
      setOpen(false);
      button.current!.focus();
    } else if (open && next !== undefined) {
      all[next % all.length]?.focus();
    } else if (!open && event.key === 'ArrowDown') {
      setOpen(true);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="menu" ref={root} onKeyDown={onKeyDown}>
      <button ref={button} className={className} aria-haspopup="menu" aria-expanded={open}
        aria-controls={open ? id : undefined} aria-label={label}
        title={compact ? label : undefined} onClick={() => setOpen(!open)}>
        {icon && <Icon name={icon} />}
        {!compact && <span>{label}</span>}
      </button>
      {open && (
        <div className="menu-items" role="menu" id={id} aria-label={label}>
          {items.map((item) => (
            <button key={item.label} role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.checked} disabled={item.disabled} tabIndex={-1}
              className={item.separated ? 'separated' : undefined}
              onClick={() => {
                setOpen(false);
                button.current!.focus();
                item.action();
              }}>
              {item.icon && <Icon name={item.icon} />}
              <span className="grow">{item.label}</span>
              {item.checked && <Icon name="check" />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
