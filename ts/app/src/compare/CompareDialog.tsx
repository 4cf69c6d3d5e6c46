// SPDX-License-Identifier: GPL-2.0
/*
 * CompareDialog.tsx - compare a file system of the open image with one of another image
 */
import { type Disk, type Partition, open } from '@anyfs/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';

import { HAS_HANDLES, pickImage } from '../image/pick.js';
import { type ImageSource, fromFile } from '../image/source.js';
import type { OpenImage } from '../image/use-image.js';
import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { Problem } from '../ui/Problem.js';
import { VirtualRows } from '../ui/VirtualRows.js';
import { Waiting } from '../ui/Waiting.js';
import { type Difference, type Side, compare } from './compare.js';
import './compare.css';

interface CompareDialogProps {
  image: OpenImage;
  name: string;
  onClose(): void;
}

interface Other {
  name: string;
  disk: Disk;
  partitions: Partition[];
}

export function CompareDialog({ image, name, onClose }: CompareDialogProps) {
  const say = useSay();
  const [source, setSource] = useState<ImageSource | null>(null);
  const { other, error } = useOther(source);
  const [roots, setRoots] = useState<{ old: string; now: string } | null>(null);

  return (
    <Dialog large title={say('compare.title')} onClose={onClose}>
      <p>{say('compare.explain', { name })}</p>
      {!source && <Choose onChoose={setSource} />}
      {source && !other && !error && <Waiting text={say('opening.kernel')} />}
      {error && <Problem error={error} />}
      {other && !roots && (
        <Roots image={image} name={name} other={other} onStart={(old, now) => setRoots({ old, now })} />
      )}
      {other && roots && <Results old={{ disk: other.disk, root: roots.old }} now={{ disk: image.disk, root: roots.now }} />}
    </Dialog>
  );
}

function Choose({ onChoose }: { onChoose(source: ImageSource): void }): ReactNode {
  const say = useSay();
  const input = useRef<HTMLInputElement>(null);
  const choose = async () => {
    if (!HAS_HANDLES)
      return input.current!.click();
    const source = await pickImage();
    if (source)
      onChoose(source);
  };

  return (
    <div className="row">
      <button className="button primary" onClick={() => void choose()}>{say('compare.choose')}</button>
      <input ref={input} id="compare-file" type="file" hidden onChange={(event) => {
        const file = event.target.files?.[0];
        if (file)
          onChoose(fromFile(file));
      }} />
    </div>
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
    const opening = open(source.kind === 'file' ? source.file : source.url, { signal });
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

function Roots({ image, name, other, onStart }: {
  image: OpenImage; name: string; other: Other; onStart(old: string, now: string): void;
}) {
  const say = useSay();
  const choices = (partitions: readonly Partition[]) => partitions.filter(({ fstype }) => fstype);
  const select = (field: string, partitions: readonly Partition[]) => (
    <select className="field" name={field}>
      {choices(partitions).map(({ path, label, fstype }) => (
        <option key={path} value={path}>{`${path} ${label ? `${label}, ` : ''}${fstype}`}</option>
      ))}
    </select>
  );

  if (!choices(other.partitions).length || !choices(image.partitions).length)
    return <p className="note warn">{say('compare.nothing')}</p>;
  return (
    <form className="compare-form" onSubmit={(event) => {
      event.preventDefault();
      const form = new FormData(event.currentTarget);
      onStart(String(form.get('old')), String(form.get('now')));
    }}>
      <label>{say('compare.old', { name: other.name })}{select('old', other.partitions)}</label>
      <label>{say('compare.now', { name })}{select('now', image.partitions)}</label>
      <button className="button primary">{say('compare.start')}</button>
    </form>
  );
}

interface State {
  differences: Difference[];
  count: number;
  running: boolean;
  error: Error | null;
}

/** Milliseconds between two updates. */
const UPDATE = 200;

function Results({ old, now }: { old: Side; now: Side }) {
  const say = useSay();
  const { differences, count, running, error } = useComparison(old, now);

  return (
    <>
      <p className="muted" role="status">
        {say(running ? 'compare.running' : differences.length ? 'compare.done' : 'compare.same',
          { found: differences.length.toLocaleString(), count: count.toLocaleString() })}
      </p>
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

function useComparison(old: Side, now: Side): State {
  const [state, setState] = useState<State>({ differences: [], count: 0, running: true, error: null });

  useEffect(() => {
    const controller = new AbortController();
    const differences: Difference[] = [];
    let count = 0;
    let shown = 0;
    const show = (running: boolean, error: Error | null = null) => {
      shown = performance.now();
      setState({ differences: [...differences], count, running, error });
    };
    const run = async () => {
      for await (const one of compare(old, now, controller.signal, (looked) => {
        count = looked;
        if (performance.now() - shown > UPDATE)
          show(true);
      }))
        differences.push(one);
      show(false);
    };
    run().catch((error: unknown) => { if (!controller.signal.aborted) show(false, error as Error); });
    return () => controller.abort();
  }, [old.disk, old.root, now.disk, now.root]);
  return state;
}
