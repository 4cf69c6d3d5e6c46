// SPDX-License-Identifier: GPL-2.0
/*
 * resource.ts - a value that is loaded when components show it, and dropped afterwards
 *
 * Loading starts with the first subscriber.  It is aborted some time after the last subscriber has
 * left, not at once, since StrictMode unmounts and remounts each component.
 */

export interface Snapshot<T> {
  /** The last loaded value, kept during a reload. */
  value: T | undefined;
  loading: boolean;
  error: Error | null;
}

/** Milliseconds that a resource without subscribers is kept. */
const GRACE = 50;
/**
 * Milliseconds that a resource for a suspended component is kept: the component subscribes only
 * when it is shown.
 */
const SUSPENSE_GRACE = 10_000;

export class Resource<T> {
  private snapshot: Snapshot<T> = { value: undefined, loading: true, error: null };
  private readonly listeners = new Set<() => void>();
  private controller: AbortController | null = null;
  private loaded: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param load loads the value; it can call @part with an incomplete value, which is shown meanwhile
   * @param dispose is called with each value that is no longer used
   * @param ended called when the last subscriber has left and does not return
   */
  constructor(
    private readonly load: (signal: AbortSignal, part: (value: T) => void) => Promise<T>,
    private readonly dispose: (value: T) => void = () => {},
    private readonly ended: () => void = () => {}) {}

  readonly get = (): Snapshot<T> => this.snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    clearTimeout(this.timer);
    this.listeners.add(listener);
    this.start();
    return () => {
      this.listeners.delete(listener);
      if (!this.listeners.size)
        this.endAfter(GRACE);
    };
  };

  /** Load the value again; the old value is shown until then. */
  readonly refresh = (): void => {
    if (!this.controller)
      return;
    this.controller.abort();
    this.controller = null;
    this.start();
  };

  /** For Suspense: resolves when there is a value or an error. */
  wait(): Promise<void> {
    this.start();
    if (!this.listeners.size)
      this.endAfter(SUSPENSE_GRACE);
    return this.loaded!;
  }

  private start(): void {
    if (this.controller)
      return;
    const controller = new AbortController();
    this.controller = controller;
    const current = () => this.controller === controller;
    const show = (change: Partial<Snapshot<T>>) => {
      if (current())
        this.set(change);
    };

    if (!this.snapshot.loading)
      this.set({ loading: true });
    this.loaded = this.load(controller.signal, (value) => show({ value }))
      .then((value) => {
        if (current())
          this.set({ value, loading: false, error: null });
        else
          this.dispose(value);
      }, (error: unknown) => show({ loading: false, error: asError(error) }));
  }

  private set(change: Partial<Snapshot<T>>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.listeners)
      listener();
  }

  private endAfter(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { value, loading } = this.snapshot;
      this.controller?.abort(new DOMException('no component shows it any longer', 'AbortError'));
      this.controller = null;
      this.snapshot = { value: undefined, loading: true, error: null };
      if (!loading && value !== undefined)
        this.dispose(value);
      this.ended();
    }, delay);
  }
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

const NEVER = new Resource<unknown>(() => new Promise(() => {}));

/** A resource that never has a value, for hooks that have nothing to load. */
export function never<T>(): Resource<T> {
  return NEVER as Resource<T>;
}
