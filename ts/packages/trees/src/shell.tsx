// SPDX-License-Identifier: GPL-2.0
/*
 * shell.tsx - the outermost element, which sets the colours and measures the width
 */
import {
  type HTMLAttributes, type ReactNode, useLayoutEffect, useRef, useState, useSyncExternalStore,
} from 'react';

import type { AnyfsFileBrowserProps } from './props.js';

type ShellProps = Pick<AnyfsFileBrowserProps, 'darkMode' | 'className'> & {
  children: ReactNode;
  /** Called with the width in pixels. */
  onWidth?: (width: number) => void;
  attributes?: HTMLAttributes<HTMLDivElement>;
};

export function Shell({ darkMode, className, children, onWidth, attributes }: ShellProps): ReactNode {
  const root = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = root.current!;
    // Measure before the first paint, so that no other layout is shown for a moment.
    onWidth?.(element.clientWidth);
    const observer = new ResizeObserver(() => onWidth?.(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [onWidth]);
  return (
    <div {...attributes} ref={root} className={`anyfs-browser${className ? ` ${className}` : ''}`}
      data-theme={darkMode === undefined ? undefined : darkMode ? 'dark' : 'light'}>
      {children}
    </div>
  );
}

export interface Room {
  /** One column, and the folders in a drawer. */
  narrow: boolean;
  /** Room for a third pane. */
  wide: boolean;
  width: number;
}

export function useRoom(): [Room, (width: number) => void] {
  const [width, setWidth] = useState(1024);

  return [{ narrow: width < 640, wide: width >= 900, width }, setWidth];
}

const COARSE = '(pointer: coarse)';

/** Whether the main pointer is imprecise, such as a finger on a touch screen. */
export function useCoarsePointer(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(COARSE);
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => matchMedia(COARSE).matches, () => false);
}
