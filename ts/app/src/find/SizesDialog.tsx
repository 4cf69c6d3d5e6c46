// SPDX-License-Identifier: GPL-2.0
/*
 * SizesDialog.tsx - the space that the content of a directory takes, as boxes; a click shows the
 * content of a box
 */
import type { Disk } from '@anyfs/core';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';

import { useFmtBytes } from '../text/size.js';
import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { type Task, useWork } from '../ui/use-work.js';
import './find.css';
import { type Node, boxesOf, measure } from './sizes.js';

const TONES = ['#2f73dd', '#16858a', '#7b5cc9', '#2f8a4d', '#c26a1c', '#a87a00', '#b8477a', '#6b7683'];
/** Maximum number of boxes that are shown. */
const BOXES = 150;
/** Pixels below which a box has no text. */
const TEXT = { width: 44, height: 20 };

export function SizesDialog({ disk, root, onClose }: { disk: Disk; root: string; onClose(): void }) {
  const say = useSay();
  const fmtBytes = useFmtBytes();
  const { value: { tree, count }, running, error } = useSizes(disk, root);
  const [trail, setTrail] = useState<Node[]>([]);
  const ref = useRef<HTMLDivElement>(null);
  const [area, setArea] = useState({ width: 0, height: 0 });
  const shown = trail.at(-1) ?? tree;

  useLayoutEffect(() => {
    const element = ref.current!;
    const measureArea = () => setArea({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measureArea);
    observer.observe(element);
    measureArea();
    return () => observer.disconnect();
  }, []);
  return (
    <Dialog large title={say('sizes.title', { path: root })} onClose={onClose}>
      <p className="muted" role="status">
        {say(running ? 'sizes.running' : 'sizes.done', { count, size: fmtBytes(tree?.bytes ?? 0) })}
      </p>
      <nav className="sizes-crumbs" aria-label={say('sizes.way')}>
        {tree && [tree, ...trail].map((node, i) => (
          <button key={node.path} className="button plain" disabled={node === shown} onClick={() => setTrail(trail.slice(0, i))}>
            {node.name} <span className="muted">{fmtBytes(node.bytes)}</span>
          </button>
        ))}
      </nav>
      {error && <p className="note danger" role="alert">{error.message}</p>}
      <div className="sizes" ref={ref}>
        {shown && boxesOf(shown.children, area.width, area.height, BOXES).map(({ node, x, y, width, height }, i) => {
          const style = { left: x, top: y, width, height, '--tone': TONES[i % TONES.length] };
          const label = `${node.name}, ${fmtBytes(node.bytes)}`;
          const text = width > TEXT.width && height > TEXT.height && <><span>{node.name}</span><span className="muted">{fmtBytes(node.bytes)}</span></>;
          return node.directory ? (
            <button key={node.path} className="sizes-box" style={style} title={label} aria-label={label}
              onClick={() => setTrail([...trail, node])}>{text}</button>
          ) : <div key={node.path} className="sizes-box" style={style} title={label}>{text}</div>;
        })}
      </div>
    </Dialog>
  );
}

interface State {
  tree: Node | null;
  count: number;
}

function useSizes(disk: Disk, root: string) {
  const task = useCallback<Task<State>>(async (signal, show) => {
    let count = 0;
    const tree = await measure(disk, root, signal, (growing, now) => {
      count = now;
      show(() => ({ tree: { ...growing }, count }));
    });
    return { tree, count };
  }, [disk, root]);

  return useWork<State>({ tree: null, count: 0 }, task);
}
