// SPDX-License-Identifier: GPL-2.0
/*
 * owner-fields.tsx - the owner and group of a file: shown, and changed on a writable disk
 */
import type { Disk, Stat } from '@anyfs/core';
import { type ReactNode, useState, useSyncExternalStore } from 'react';

import { useBrowser } from './context.js';
import type { FileItem } from './item.js';
import { absolute } from './paths.js';

/** Names by number, from Owners. */
type Names = ReadonlyMap<number, string>;

/** The largest user or group number; the next number, 2^32 - 1, means "no change" to chown(). */
const MAX_ID = 2 ** 32 - 2;

export function OwnerFields({ item, stat }: { item: FileItem; stat: Stat }): ReactNode {
  const { strings, owners, disk } = useBrowser();
  const { users, groups } = useSyncExternalStore(owners.subscribe, owners.get, owners.get);

  // Like chmod(), chown() would change the target of a link.
  if (disk && item.kind !== 'link' && stat.ino !== 0)
    return <EditableOwner disk={disk} item={item} stat={stat} users={users} groups={groups} />;
  return (
    <>
      <div><dt>{strings.owner}</dt><dd><NamedId names={users} number={stat.uid} /></dd></div>
      <div><dt>{strings.group}</dt><dd><NamedId names={groups} number={stat.gid} /></dd></div>
    </>
  );
}

function NamedId({ names, number }: { names: Names; number: number }): ReactNode {
  const name = names.get(number);

  return name === undefined ? number : <>{name} <span className="anyfs-faint">({number})</span></>;
}

interface EditableOwnerProps {
  disk: Disk;
  item: FileItem;
  stat: Stat;
  users: Names;
  groups: Names;
}

function EditableOwner({ disk, item, stat, users, groups }: EditableOwnerProps): ReactNode {
  const { strings, mountPath, changed, announce } = useBrowser();
  const [saved, setSaved] = useState({ uid: stat.uid, gid: stat.gid });
  const [texts, setTexts] = useState<{ owner?: string; group?: string }>({});
  const [error, setError] = useState('');
  const uid = texts.owner === undefined ? saved.uid : numberOf(texts.owner, users);
  const gid = texts.group === undefined ? saved.gid : numberOf(texts.group, groups);
  const apply = async () => {
    if (uid === null || gid === null)
      return;
    try {
      await changeOwner(disk, absolute(mountPath, item.path), uid, gid);
      setSaved({ uid, gid });
      setTexts({});
      setError('');
      changed(item.path);
      announce(strings.permissionsSaved);
    } catch (failure) {
      setError((failure as Error).message);
    }
  };

  return (
    <>
      <IdField label={strings.owner} text={texts.owner ?? users.get(saved.uid) ?? String(saved.uid)}
        number={uid} onChange={(owner) => setTexts({ ...texts, owner })} />
      <IdField label={strings.group} text={texts.group ?? groups.get(saved.gid) ?? String(saved.gid)}
        number={gid} onChange={(group) => setTexts({ ...texts, group })}>
        {uid !== null && gid !== null && (uid !== saved.uid || gid !== saved.gid) &&
          <button type="button" className="anyfs-button anyfs-primary anyfs-owner-apply"
            onClick={() => void apply()}>{strings.apply}</button>}
        {error && <p className="anyfs-error" role="alert">{error}</p>}
      </IdField>
    </>
  );
}

interface IdFieldProps {
  label: string;
  text: string;
  /** The number in @text; null: @text is not a number. */
  number: number | null;
  onChange(text: string): void;
  children?: ReactNode;
}

function IdField({ label, text, number, onChange, children }: IdFieldProps): ReactNode {
  return (
    <div><dt>{label}</dt><dd>
      <input className="anyfs-owner-input" value={text} size={12} spellCheck={false} aria-label={label}
        autoCapitalize="off" autoComplete="off" aria-invalid={number === null}
        onChange={({ target }) => onChange(target.value)} />
      {number !== null && String(number) !== text && <span className="anyfs-faint"> ({number})</span>}
      {children}
    </dd></div>
  );
}

/** The number of the user or group @text, which is a name or a number; null: neither. */
function numberOf(text: string, names: Names): number | null {
  const word = text.trim();

  if (/^\d+$/.test(word))
    return Number(word) <= MAX_ID ? Number(word) : null;
  for (const [number, name] of names)
    if (name === word)
      return number;
  return null;
}

/** Change the owner, and restore the mode: the kernel clears setuid and setgid. */
async function changeOwner(disk: Disk, path: string, uid: number, gid: number): Promise<void> {
  const { kind, mode } = await disk.stat(path);

  await disk.chown(path, uid, gid);
  if (kind !== 'dir' && mode & 0o6000)
    await disk.chmod(path, mode & 0o7777);
}
