// SPDX-License-Identifier: GPL-2.0
/*
 * TextView.tsx - a text of any size; lines are found while it is shown
 */
import { useCallback, useEffect, useMemo, useState } from 'react';

import { useSay } from '../text/text.js';
import { Problem } from '../ui/Problem.js';
import { VirtualRows } from '../ui/VirtualRows.js';
import { type Encoding, LABELS, encodingOf } from './encoding.js';
import { Lines } from './lines.js';
import type { Reader } from './reader.js';

const ROW_HEIGHT = 20;
/** Files up to this size are scanned to their end at once: 32 MiB. */
const SCAN_LIMIT = 32 << 20;
/** Number of lines that are found ahead of the visible ones. */
const AHEAD = 5000;
/** Milliseconds between two updates of the scroll bar. */
const UPDATE = 200;

interface TextViewProps {
  reader: Reader;
  head: Uint8Array;
  encoding: Encoding;
}

export function TextView({ reader, head, encoding: guessed }: TextViewProps) {
  const say = useSay();
  const [label, setLabel] = useState(guessed.label);
  const lines = useMemo(() => new Lines(reader, encodingOf(label, head)), [reader, label, head]);
  const [range, setRange] = useState({ first: 0, count: 60 });
  const [toEnd, setToEnd] = useState(false);
  const found = useScan(lines, toEnd || reader.size <= SCAN_LIMIT ? Infinity : range.first + range.count + AHEAD);
  const { first, rows, error } = useRows(lines, range, found.count);
  const onRange = useCallback((from: number, count: number) => setRange({ first: from, count }), []);

  if (error ?? found.error)
    return <Problem error={(error ?? found.error)!} />;
  return (
    <>
      <div className="preview-tools row wrap">
        <label className="row">{say('text.encoding')}
          <select className="field" value={label} onChange={(event) => setLabel(event.target.value as Encoding['label'])}>
            {Object.entries(LABELS).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
          </select>
        </label>
        <span className="muted">
          {say(found.complete ? 'text.lines' : 'text.linesSoFar', { count: found.count })}
        </span>
        {!found.complete && reader.size > SCAN_LIMIT && !toEnd &&
          <button className="button" onClick={() => setToEnd(true)}>{say('text.toEnd')}</button>}
      </div>
      <VirtualRows key={label} className="text mono" label={say('text.label')} rowHeight={ROW_HEIGHT}
        count={found.count} onRange={onRange}>
        {(from, count) => Array.from({ length: count }, (_, i) => (
          <div key={from + i} className="text-row">{rows[from + i - first] ?? ''}</div>
        ))}
      </VirtualRows>
    </>
  );
}

/** Find rows until @wanted rows are known. */
function useScan(lines: Lines, wanted: number) {
  const [state, setState] = useState({ lines, count: 0, complete: false, error: null as Error | null });

  useEffect(() => {
    let current = true;
    const show = () => setState({ lines, count: lines.count, complete: lines.complete, error: null });
    const scan = async () => {
      let shown = 0;
      while (current && !lines.complete && lines.count < wanted) {
        await lines.scan();
        if (current && (!shown || performance.now() - shown > UPDATE)) {
          shown = performance.now();
          show();
        }
      }
      if (current)
        show();
    };
    scan().catch((error: unknown) => current && setState((last) => ({ ...last, lines, error: error as Error })));
    return () => { current = false; };
  }, [lines, wanted]);
  return state.lines === lines ? state : { count: 0, complete: false, error: null };
}

function useRows(lines: Lines, { first, count }: { first: number; count: number }, known: number) {
  const [state, setState] = useState({ lines, first: 0, rows: [] as string[], error: null as Error | null });

  useEffect(() => {
    let current = true;
    lines.rows(first, count).then(
      (rows) => current && setState({ lines, first, rows, error: null }),
      (error: unknown) => current && setState({ lines, first, rows: [], error: error as Error }));
    return () => { current = false; };
  }, [lines, first, count, known]);
  return state.lines === lines ? state : { first, rows: [], error: null };
}
