// SPDX-License-Identifier: GPL-2.0
/*
 * permissions.tsx - the mode of a file: shown, and changed where the disk can be written
 */
import { type Stat, fmtMode } from '@anyfs/core';
import { type ReactNode, useState } from 'react';

import { useBrowser } from './context.js';
import { octal } from './format.js';
import type { FileItem } from './item.js';
import { absolute } from './paths.js';

const WHO = ['user', 'group', 'other'] as const;
const RIGHTS = [['read', 4], ['write', 2], ['execute', 1]] as const;
const SPECIAL = [['setuid', 0o4000], ['setgid', 0o2000], ['sticky', 0o1000]] as const;

export function Permissions({ item, stat }: { item: FileItem; stat: Stat }): ReactNode {
  const { strings, disk, mountPath, changed, announce, id } = useBrowser();
  const [saved, setSaved] = useState(stat.mode & 0o7777);
  const [mode, setMode] = useState(saved);
  const [error, setError] = useState('');
  // In Linux symbolic links have no permissions of their own, and chmod() would change the target.
  const editable = disk !== null && item.kind !== 'link';
  const apply = async () => {
    try {
      await disk!.chmod(absolute(mountPath, item.path), mode);
      setSaved(mode);
      changed(item.path);
      announce(strings.permissionsSaved);
    } catch (failure) {
      setError((failure as Error).message);
    }
  };

  return (
    <fieldset className="anyfs-permissions" disabled={!editable}>
      <legend>{strings.permissions}
        <code>{fmtMode((stat.mode & ~0o7777) | mode)}</code></legend>
      <ModeTable mode={mode} setMode={setMode} editable={editable} />
      <div className="anyfs-octal">
        <label htmlFor={`${id}-octal`}>{strings.octal}</label>
        <OctalInput mode={mode} setMode={setMode} />
        <span className="anyfs-spring" />
        {editable && mode !== saved &&
          <button type="button" className="anyfs-button anyfs-primary" onClick={() => void apply()}>
            {strings.apply}</button>}
      </div>
      {error && <p className="anyfs-error" role="alert">{error}</p>}
    </fieldset>
  );
}

interface ModeProps {
  mode: number;
  setMode(mode: number): void;
}

function ModeTable({ mode, setMode, editable }: ModeProps & { editable: boolean }): ReactNode {
  const { strings } = useBrowser();

  return (
    <>
      <table>
        <thead><tr><td />{RIGHTS.map(([right]) => <th key={right} scope="col">{strings.rights[right]}</th>)}</tr></thead>
        <tbody>{WHO.map((who, i) =>
          <tr key={who}><th scope="row">{strings.who[who]}</th>
            {RIGHTS.map(([right, bit]) => {
              const mask = bit << (6 - 3 * i);
              return <td key={right}><input type="checkbox" checked={(mode & mask) !== 0}
                aria-label={`${strings.who[who]}: ${strings.rights[right]}`}
                onChange={() => setMode(mode ^ mask)} /></td>;
            })}
          </tr>)}</tbody>
      </table>
      {SPECIAL.map(([name, bit]) => (editable || (mode & bit) !== 0) &&
        <label key={name} className="anyfs-check"><input type="checkbox" checked={(mode & bit) !== 0}
          onChange={() => setMode(mode ^ bit)} />{strings[name]}</label>)}
    </>
  );
}

/** Keeps the text that the user types until it is a valid mode. */
function OctalInput({ mode, setMode }: ModeProps): ReactNode {
  const { id } = useBrowser();
  const [text, setText] = useState<string | null>(null);

  return (
    <input id={`${id}-octal`} value={text ?? octal(mode)} size={5} maxLength={4} inputMode="numeric"
      aria-invalid={text !== null && !isMode(text)}
      onBlur={() => setText(null)}
      onChange={({ target: { value } }) => {
        setText(value);
        if (isMode(value))
          setMode(parseInt(value, 8));
      }} />
  );
}

function isMode(text: string): boolean {
  return /^[0-7]{3,4}$/.test(text);
}
