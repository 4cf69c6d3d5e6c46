// SPDX-License-Identifier: GPL-2.0
/*
 * HexView.tsx - the bytes of a file of any size
 */
import { type FormEvent, useCallback, useState } from 'react';

import { useSay } from '../text/text.js';
import { Problem } from '../ui/Problem.js';
import { VirtualRows } from '../ui/VirtualRows.js';
import type { Reader } from './reader.js';
import { useBytes } from './use-reader.js';

const ROW_HEIGHT = 20;
/** Pixels that sixteen bytes in a row need. */
const WIDE = 640;

export function HexView({ reader }: { reader: Reader }) {
  const say = useSay();
  const [width, setWidth] = useState(0);
  const perRow = width < WIDE ? 8 : 16;
  const digits = Math.max(8, (reader.size - 1).toString(16).length);
  const [range, setRange] = useState({ first: 0, count: 64 });
  const [target, setTarget] = useState<{ row: number; version: number }>();
  const onRange = useCallback((first: number, count: number) => setRange({ first, count }), []);
  const { offset, data, error } = useBytes(reader, range.first * perRow, range.count * perRow);
  const goTo = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('offset')).trim();
    const at = /^(0x)?[0-9a-f]+$/i.test(text) ? parseInt(text, 16) : NaN;
    if (at >= 0)
      setTarget({ row: Math.floor(Math.min(at, reader.size - 1) / perRow), version: (target?.version ?? 0) + 1 });
  };

  if (error)
    return <Problem error={error} />;
  return (
    <>
      <form className="preview-tools row" onSubmit={goTo}>
        <label className="row">{say('hex.goto')}
          <input className="field mono hex-goto" name="offset" spellCheck={false} autoComplete="off" />
        </label>
      </form>
      <VirtualRows className="hex mono" label={say('hex.label')} rowHeight={ROW_HEIGHT} target={target} onWidth={setWidth}
        count={Math.ceil(reader.size / perRow)} onRange={onRange}>
        {(first, count) => Array.from({ length: count }, (_, i) => (
          <HexRow key={first + i} at={(first + i) * perRow} perRow={perRow} digits={digits}
            bytes={data.subarray(Math.max(0, (first + i) * perRow - offset), Math.max(0, (first + i + 1) * perRow - offset))} />
        ))}
      </VirtualRows>
    </>
  );
}

function HexRow({ at, perRow, digits, bytes }: { at: number; perRow: number; digits: number; bytes: Uint8Array }) {
  const cells = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const half = perRow / 2;
  const text = Array.from(bytes, (byte) => byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·').join('');

  return (
    <div className="hex-row">
      <span className="muted">{at.toString(16).padStart(digits, '0')}</span>
      <span>{`${cells.slice(0, half).join(' ')}  ${cells.slice(half).join(' ')}`.padEnd(perRow * 3)}</span>
      <span className="hex-text">{text}</span>
    </div>
  );
}
