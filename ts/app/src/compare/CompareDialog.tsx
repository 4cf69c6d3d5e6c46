// SPDX-License-Identifier: GPL-2.0
/*
 * CompareDialog.tsx - compare a file system of the open image with one of another image
 */
import { useCallback, useEffect, useState } from 'react';

import { ChooseImage } from '../image/ChooseImage.js';
import { openSource } from '../image/open-source.js';
import type { ImageSource } from '../image/source.js';
import type { OpenImage } from '../image/use-image.js';
import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { Problem } from '../ui/Problem.js';
import { type Task, useWork } from '../ui/use-work.js';
import { VirtualRows } from '../ui/VirtualRows.js';
import { Waiting } from '../ui/Waiting.js';
import { type Difference, type Side, compare } from './compare.js';
import './compare.css';
import { type Other, Roots } from './Roots.js';

interface CompareDialogProps {
  image: OpenImage;
  name: string;
  onClose(): void;
}

export function CompareDialog({ image, name, onClose }: CompareDialogProps) {
  const say = useSay();
  const [source, setSource] = useState<ImageSource | null>(null);
  const [same, setSame] = useState(false);
  const { other, error } = useOther(source);
  const [roots, setRoots] = useState<{ old: string; now: string } | null>(null);
  const shown = same ? { name, disk: image.disk, partitions: image.partitions } : other;

  return (
    <Dialog large title={say('compare.title')} onClose={onClose}>
      <p>{say('compare.explain', { name })}</p>
      {(!source || error) && !same && (
        <div className="row wrap">
          <ChooseImage id="compare-file" label={say('compare.choose')} onChoose={setSource} />
          <button className="button" onClick={() => setSame(true)}>{say('compare.sameImage')}</button>
        </div>
      )}
      {source && !other && !error && <Waiting text={say('opening.kernel')} />}
      {error && <Problem error={error} opening />}
      {shown && !roots && (
        <Roots image={image} name={name} other={shown} onStart={(old, now) => setRoots({ old, now })} />
      )}
      {shown && roots && <Results old={{ disk: shown.disk, root: roots.old }} now={{ disk: image.disk, root: roots.now }} />}
    </Dialog>
  );
}

/** Open the other image, and close it at the end. */
function useOther(source: ImageSource | null): { other: Other | null; error: Error | null } {
  const [state, setState] = useState<{ other: Other | null; error: Error | null }>({ other: null, error: null });

  useEffect(() => {
    if (!source)
      return;
    const controller = new AbortController();
    const { signal } = controller;
    setState({ other: null, error: null });
    const opening = openSource(source, { signal });
    opening.then(async (disk) => {
      const partitions = await disk.partitions();
      if (!signal.aborted)
        setState({ other: { name: source.name, disk, partitions }, error: null });
    }).catch((error: unknown) => { if (!signal.aborted) setState({ other: null, error: error as Error }); });
    return () => {
      controller.abort(new DOMException('the image was closed', 'AbortError'));
      void opening.then((disk) => disk.close()).catch(() => {});
    };
  }, [source]);
  return state;
}

interface State {
  differences: Difference[];
  count: number;
}

function Results({ old, now }: { old: Side; now: Side }) {
  const say = useSay();
  const task = useCallback<Task<State>>(async (signal, show) => {
    const differences: Difference[] = [];
    let count = 0;
    for await (const one of compare(old, now, signal, (looked) => {
      count = looked;
      show(() => ({ differences: [...differences], count }));
    }))
      differences.push(one);
    return { differences, count };
  }, [old.disk, old.root, now.disk, now.root]);
  const { value: { differences, count }, running, error } = useWork<State>({ differences: [], count: 0 }, task);

  return (
    <>
      {!error && (
        <p className="muted" role="status">
          {say(running ? 'compare.running' : differences.length ? 'compare.done' : 'compare.same',
            { found: differences.length, count })}
        </p>
      )}
      {error && <p className="note danger" role="alert">{error.message}</p>}
      <VirtualRows className="compare-rows" label={say('compare.results')} rowHeight={32} count={differences.length}>
        {(first, rows) => differences.slice(first, first + rows).map((one) => (
          <div key={one.path} className="compare-row">
            <span className={`compare-kind ${one.kind}`}>{say(`compare.${one.kind}`)}</span>
            <span className="grow ellipsis" title={one.path}>{one.path}</span>
            {one.kind === 'changed' && (
              <span className="muted">{one.reasons.map((reason) => say(`compare.reason.${reason}`)).join(', ')}</span>
            )}
          </div>
        ))}
      </VirtualRows>
    </>
  );
}
