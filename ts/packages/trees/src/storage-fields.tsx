// SPDX-License-Identifier: GPL-2.0
/*
 * storage-fields.tsx - the extended attributes of a file and where it is stored, read when shown
 */
import { type ReactNode, useState } from 'react';

import { useBrowser } from './context.js';
import type { FileItem } from './item.js';
import { absolute } from './paths.js';

/** Maximum number of rows of one list. */
const SHOWN = 200;
/** Maximum number of bytes of a value that are shown. */
const VALUE = 256;

export function StorageFields({ item }: { item: FileItem }): ReactNode {
  const { strings, files, mountPath } = useBrowser();
  const path = absolute(mountPath, item.path);

  return (
    <>
      {files.xattrs && <Section title={strings.xattrs} read={async () =>
        (await files.xattrs!(path)).map(([name, value]) => [name, shownValue(value)])} />}
      {files.extents && item.kind === 'file' && <Section title={strings.extents}
        head={[strings.extentOffset, strings.extentLength, strings.extentPhysical]}
        read={async () => (await files.extents!(path)).map(({ offset, length, physical, flags }) =>
          [String(offset), String(length), [physical ?? '–', ...flags].join(' ')])} />}
    </>
  );
}

interface SectionProps {
  title: string;
  head?: readonly string[];
  read(): Promise<string[][]>;
}

/** A list that is read when the user opens it. */
function Section({ title, head, read }: SectionProps): ReactNode {
  const { strings } = useBrowser();
  const [rows, setRows] = useState<string[][] | null>(null);
  const [error, setError] = useState('');
  const show = (open: boolean) => {
    if (open && !rows && !error)
      read().then(setRows, (reason: Error) => setError(reason.message));
  };

  return (
    <details className="anyfs-section" onToggle={({ currentTarget }) => show(currentTarget.open)}>
      <summary>{title}</summary>
      {error && <p className="anyfs-error" role="alert">{error}</p>}
      {rows && !rows.length && <p className="anyfs-faint">{strings.none}</p>}
      {rows && rows.length > 0 && <table>
        {head && <thead><tr>{head.map((text) => <th key={text} scope="col">{text}</th>)}</tr></thead>}
        <tbody>{rows.slice(0, SHOWN).map((row, index) =>
          <tr key={index}>{row.map((text, column) => <td key={column}>{text}</td>)}</tr>)}</tbody>
      </table>}
      {rows && rows.length > SHOWN && <p className="anyfs-faint">{strings.moreRows(rows.length - SHOWN)}</p>}
    </details>
  );
}

/** A value as text, or as hexadecimal bytes if it is not UTF-8 text. */
function shownValue(value: Uint8Array): string {
  const some = value.subarray(0, VALUE);
  const end = value.length > VALUE ? '…' : '';

  try {
    // Programs end many values with a zero byte.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(some).replace(/\0$/, '');
    if (!/\p{Cc}/u.test(text))
      return text + end;
  } catch {
    // The value is not UTF-8.
  }
  return `0x${Array.from(some, (byte) => byte.toString(16).padStart(2, '0')).join('')}${end}`;
}
