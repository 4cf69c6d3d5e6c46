// SPDX-License-Identifier: GPL-2.0
/*
 * tasks.ts - operations that take time, with progress, result and cancelling
 */
export interface Task {
  readonly id: number;
  title: string;
  /** The current step. */
  detail: string;
  done: number;
  /** 0: not known yet. */
  total: number;
  unit: 'bytes' | 'items';
  state: 'running' | 'done' | 'failed' | 'cancelled';
  /** Messages, of one line each. */
  errors: string[];
  controller: AbortController;
}

/** The interface for the function that does the work. */
export interface TaskControl {
  signal: AbortSignal;
  update(change: Partial<Pick<Task, 'title' | 'detail' | 'done' | 'total'>>): void;
  /** Report the failure of one item; the task continues. */
  fail(text: string): void;
  /** Stop the task, which the user can do as well. */
  cancel(): void;
}

/** Maximum number of errors of a task that are kept. */
const LISTED = 100;
/** Milliseconds between two updates of the progress. */
const INTERVAL = 80;

export class Tasks {
  private tasks: readonly Task[] = [];
  private lastId = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  readonly get = (): readonly Task[] => this.tasks;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  };

  /** Run @work as a task, and show it.  Resolves to the final state of the task; never rejects. */
  async run(title: string, unit: Task['unit'],
    work: (control: TaskControl) => Promise<string | void>): Promise<Task> {
    const task: Task = {
      id: ++this.lastId, title, detail: '', done: 0, total: 0, unit, state: 'running', errors: [],
      controller: new AbortController(),
    };
    const { signal } = task.controller;
    this.tasks = [...this.tasks, task];
    this.show();
    try {
      const title = await work({
        signal,
        update: (change) => { Object.assign(task, change); this.showSoon(); },
        fail: (text) => { if (task.errors.length < LISTED) task.errors.push(text); },
        cancel: () => task.controller.abort(),
      });
      if (title)
        task.title = title;
      task.state = signal.aborted ? 'cancelled' : task.errors.length ? 'failed' : 'done';
    } catch (error) {
      task.state = signal.aborted ? 'cancelled' : 'failed';
      if (!signal.aborted)
        task.errors.push(error instanceof Error ? error.message : String(error));
    }
    task.detail = '';
    this.show();
    return task;
  }

  dismiss(id: number): void {
    this.tasks = this.tasks.filter((task) => task.id !== id);
    this.show();
  }

  private showSoon(): void {
    this.timer ??= setTimeout(() => this.show(), INTERVAL);
  }

  private show(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    // Make new objects, so that components notice the change.
    this.tasks = [...this.tasks];
    for (const listener of this.listeners)
      listener();
  }
}
