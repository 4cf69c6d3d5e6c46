// SPDX-License-Identifier: GPL-2.0
/*
 * use-work.ts - a task that takes a while: its progress, result and error, and a way to stop it
 */
import { useCallback, useEffect, useRef, useState } from 'react';

export interface Running<T> {
  /** The last result or progress that was shown. */
  value: T;
  running: boolean;
  error: Error | null;
  /** Stop the task, and keep the results so far. */
  stop(): void;
}

/** Show the progress that the function returns; it is called only as often as the screen needs it. */
export type Show<T> = (progress: () => T) => void;

/** @param signal ends the work */
export type Task<T> = (signal: AbortSignal, show: Show<T>) => Promise<T>;

/** Milliseconds between two updates of the screen. */
const UPDATE = 150;

/**
 * Run @task while the component is shown; a new task replaces the previous one.
 * @param task memoize it with useCallback or useMemo; null: no task yet
 */
export function useWork<T>(start: T, task: Task<T> | null): Running<T> {
  const [state, setState] = useState<Omit<Running<T>, 'stop'>>({ value: start, running: true, error: null });
  const controller = useRef<AbortController>(null);

  useEffect(() => {
    if (!task)
      return;
    const abort = new AbortController();
    let shown = -UPDATE;
    let over = false;
    const end = (change: Partial<Running<T>>) => {
      if (!over)
        setState((last) => ({ ...last, ...change, running: false }));
    };
    controller.current = abort;
    setState({ value: start, running: true, error: null });
    // StrictMode mounts a component twice: start the task only the second time.
    const timer = setTimeout(() => {
      task(abort.signal, (progress) => {
        if (over || performance.now() - shown < UPDATE)
          return;
        shown = performance.now();
        const value = progress();
        setState((last) => ({ ...last, value }));
      }).then((value) => end({ value }),
        (error: unknown) => end(abort.signal.aborted ? {} : { error: error as Error }));
    });
    return () => {
      over = true;
      clearTimeout(timer);
      abort.abort(new DOMException('the dialog was closed', 'AbortError'));
    };
  }, [task]);
  const stop = useCallback(() => controller.current?.abort(new DOMException('the user has stopped it', 'AbortError')), []);
  return { ...state, stop };
}
