// SPDX-License-Identifier: GPL-2.0
/*
 * VirtualRows.tsx - a list of very many rows of equal height, of which only the visible ones are
 * elements
 *
 * Browsers limit the height of an element.  A list above MAX_HEIGHT is scaled: the scroll
 * bar gives the position, and the wheel and keys move by rows.
 */
import {
  type KeyboardEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState,
} from 'react';

import './rows.css';

/** Pixels. */
const MAX_HEIGHT = 5_000_000;
/** Rows above and below those that are visible. */
const MORE = 4;

interface VirtualRowsProps {
  count: number;
  rowHeight: number;
  label: string;
  className?: string;
  /** Scroll to this row; a new version scrolls to the same row again. */
  target?: { row: number; version: number } | undefined;
  /** Called with the range of rendered rows: the visible ones and some around them. */
  children(first: number, count: number): ReactNode;
  onRange?(first: number, count: number): void;
  onWidth?(pixels: number): void;
}

export function VirtualRows({ count, rowHeight, label, className = '', target, children, onRange, onWidth }: VirtualRowsProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  /** The first visible row, with a fraction. */
  const [top, setTop] = useState(0);
  const whole = count * rowHeight;
  const scaled = whole > MAX_HEIGHT;
  const visible = height / rowHeight;
  const lastTop = Math.max(0, count - visible);
  const own = useRef(-1);

  useLayoutEffect(() => {
    const element = ref.current!;
    const measure = () => {
      setHeight(element.clientHeight);
      onWidth?.(element.clientWidth);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  const place = useCallback((row: number) => {
    const element = ref.current!;
    const next = Math.min(Math.max(0, row), lastTop);
    setTop(next);
    const range = element.scrollHeight - element.clientHeight;
    element.scrollTop = scaled ? (lastTop ? next / lastTop * range : 0) : next * rowHeight;
    own.current = element.scrollTop;
  }, [lastTop, scaled, rowHeight]);

  useEffect(() => {
    if (target && height)
      place(target.row);
  }, [target?.row, target?.version, height > 0]);
  const first = Math.max(0, Math.floor(top) - MORE);
  const rows = Math.min(count - first, Math.ceil(visible) + 2 * MORE);
  useEffect(() => onRange?.(first, rows), [first, rows, onRange]);

  useEffect(() => {
    const element = ref.current!;
    if (!scaled)
      return;
    const wheel = (event: WheelEvent) => {
      if (event.ctrlKey || !event.deltaY)
        return;
      event.preventDefault();
      place(top + (event.deltaMode ? event.deltaY : event.deltaY / rowHeight));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [scaled, place, top, rowHeight]);

  const onScroll = () => {
    const element = ref.current!;
    // Keep the exact row, because the browser rounds the position.
    if (Math.abs(element.scrollTop - own.current) < 1)
      return;
    own.current = -1;
    const range = element.scrollHeight - element.clientHeight;
    setTop(scaled ? element.scrollTop / Math.max(1, range) * lastTop : element.scrollTop / rowHeight);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(visible) - 1);
    const next = {
      ArrowDown: top + 1, ArrowUp: top - 1, PageDown: top + page, PageUp: top - page,
      Home: 0, End: lastTop,
    }[event.key];
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey)
      return;
    event.preventDefault();
    place(next);
  };

  return (
    <div ref={ref} className={`rows ${className}`} tabIndex={0} role="group" aria-label={label}
      onScroll={onScroll} onKeyDown={onKeyDown}>
      <div className="rows-space" style={{ height: Math.min(whole, MAX_HEIGHT) }}>
        <div className="rows-view" style={{
          transform: `translateY(${scaled ? (ref.current?.scrollTop ?? 0) - (top - first) * rowHeight : first * rowHeight}px)`,
        }}>
          {rows > 0 && children(first, rows)}
        </div>
      </div>
    </div>
  );
}
