// SPDX-License-Identifier: GPL-2.0
/*
 * keyboard.ts - the keys of the table, like in desktop file managers
 */
import { type KeyboardEvent, useRef } from 'react';

import type { FileItem } from './item.js';
import { type Selection, all, indexOf, only, rangeTo, toggled, typedAhead } from './selection.js';

/**
 * Commands that keys run.  Arrows and letters, which move the selection, are handled in this file.
 */
export interface KeyCommands {
  open(): void;
  back(): void;
  forward(): void;
  up(): void;
  rename(): void;
  remove(): void;
  properties(): void;
  newFolder(): void;
  editLocation(): void;
  filter(): void;
  refresh(): void;
  cut(): void;
  paste(): void;
  menu(): void;
  clear(): void;
}

interface KeyOptions {
  items: readonly FileItem[];
  selection: Selection;
  select(selection: Selection): void;
  /** Rows that fit on the screen. */
  page: number;
  commands: KeyCommands;
}

/** Milliseconds without a key after which a letter starts a new search. */
const PAUSE = 900;

export function useTableKeys(options: KeyOptions): (event: KeyboardEvent) => void {
  const typed = useRef({ text: '', at: 0 });

  return (event) => {
    const { commands } = options;
    const command = commandOf(event, commands);
    // While the user types a name, a space belongs to the name.
    const typing = typed.current.text !== '' && event.timeStamp - typed.current.at < PAUSE;
    if (command || (!(typing && event.key === ' ') && moveFocus(event, options))) {
      event.preventDefault();
      typed.current.text = '';
      command?.();
    } else if (typeAhead(event, options, typed.current)) {
      event.preventDefault();
    }
  };
}

function commandOf(event: KeyboardEvent, commands: KeyCommands): (() => void) | undefined {
  const { altKey, shiftKey } = event;
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const name = `${control ? 'Control+' : ''}${altKey ? 'Alt+' : ''}${shiftKey ? 'Shift+' : ''}${key}`;

  return {
    'Enter': commands.open, 'Alt+Enter': commands.properties, 'Backspace': commands.up,
    'Alt+ArrowUp': commands.up, 'Alt+ArrowLeft': commands.back, 'Alt+ArrowRight': commands.forward,
    'F2': commands.rename, 'Delete': commands.remove, 'Control+Shift+n': commands.newFolder,
    'Control+l': commands.editLocation, 'Control+f': commands.filter, 'F5': commands.refresh,
    'Control+i': commands.properties, 'Control+x': commands.cut, 'Control+v': commands.paste,
    'ContextMenu': commands.menu, 'Shift+F10': commands.menu, 'Escape': commands.clear,
  }[name];
}

/** Move the selection for an arrow key, Home, End ...; false: @event is another key. */
function moveFocus(event: KeyboardEvent, { items, selection, select, page }: KeyOptions): boolean {
  const control = event.ctrlKey || event.metaKey;
  const at = indexOf(items, selection.focus);
  const to = {
    ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, PageDown: Math.max(at, 0) + page,
    PageUp: at - page, Home: 0, End: items.length - 1,
  }[event.key];

  if (event.altKey || !items.length)
    return false;
  if (control && event.key.toLowerCase() === 'a') {
    select(all(items, selection.focus ?? items[0]!.name));
    return true;
  }
  if (event.key === ' ' && at >= 0) {
    select(control ? toggled(selection, items[at]!.name) : only(items[at]!.name));
    return true;
  }
  if (to === undefined)
    return false;
  const { name } = items[Math.max(0, Math.min(to, items.length - 1))]!;
  if (event.shiftKey)
    select(rangeTo(selection, name, items, control));
  else
    select(control ? { ...selection, focus: name } : only(name));
  return true;
}

/**
 * Select the next name that begins with the typed letters.  The same letter again selects the next
 * name with that letter.
 */
function typeAhead(event: KeyboardEvent, { items, selection, select }: KeyOptions,
  typed: { text: string; at: number }): boolean {
  const { key } = event;

  if (key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey)
    return false;
  if (event.timeStamp - typed.at > PAUSE)
    typed.text = '';
  typed.at = event.timeStamp;
  const again = typed.text !== '' && [...typed.text].every((letter) => letter === key);
  typed.text += key;
  const at = indexOf(items, selection.focus);
  const found = again && !typedAhead(items, at, typed.text) ? typedAhead(items, at + 1, key) :
    typedAhead(items, typed.text.length === 1 ? at + 1 : at, typed.text);
  if (found)
    select(only(found.name));
  return true;
}
