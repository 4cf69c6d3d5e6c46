// SPDX-License-Identifier: GPL-2.0
/*
 * splitter.tsx - the line between two panes, which moves by mouse, touch and arrow keys
 */
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';

interface SplitterProps {
  label: string;
  /** Id of the pane. */
  controls: string;
  width: number;
  setWidth(width: number): void;
  min: number;
  max: number;
  /** Width that a double click sets. */
  standard: number;
  /** The pane is to the right of the line. */
  end?: boolean;
}

/** Pixels that an arrow key moves the line. */
const STEP = 16;

export function Splitter(props: SplitterProps): ReactNode {
  const { label, controls, width, setWidth, min, max, standard, end } = props;
  const sign = end ? -1 : 1;
  const set = (next: number) => setWidth(Math.round(Math.max(min, Math.min(next, max))));
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const element = event.currentTarget;
    const start = event.clientX;
    const move = (next: globalThis.PointerEvent) => set(width + sign * (next.clientX - start));
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    element.addEventListener('pointermove', move);
    element.addEventListener('lostpointercapture',
      () => element.removeEventListener('pointermove', move), { once: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = {
      ArrowLeft: width - sign * STEP, ArrowRight: width + sign * STEP, Home: min, End: max,
    }[event.key];
    if (to === undefined)
      return;
    event.preventDefault();
    event.stopPropagation();
    set(to);
  };

  return (
    <div className="anyfs-splitter" role="separator" tabIndex={0} aria-orientation="vertical"
      aria-label={label} aria-controls={controls} aria-valuenow={width} aria-valuemin={min}
      aria-valuemax={max} onPointerDown={onPointerDown} onKeyDown={onKeyDown}
      onDoubleClick={() => setWidth(standard)} />
  );
}
