// SPDX-License-Identifier: GPL-2.0
/*
 * tasks.ts - work that takes time: its progress, its end, and how to stop it
 */
export interface Task {
  readonly id: number;
  title: string;
  /** What is done now. */
  detail: string;
  done: number;
  /** 0: not known yet. */
  total: number;
  unit: 'bytes' | 'items';
  state: 'running' | 'done' | 'failed' | 'cancelled';
  /** One line each. */
  errors: string[];
  controller: AbortController;
}

/** What the work itself may do. */
export interface TaskControl {
  signal: AbortSignal;
  update(change: Partial<Pick<Task, 'title' | 'detail' | 'done' | 'total'>>): void;
  /** Go on after a failure of one item. */
  fail(text: string): void;
  /** As the user would. */
  cancel(): void;
}

/** Errors that are listed; more are only counted. */
const LISTED = 100;
/** Milliseconds between two displays of progress. */
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

  /** Do @work, and show it.  Resolves to its state at the end; never rejects. */
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
    // New objects, so that components see that something has changed.
    this.tasks = [...this.tasks];
    for (const listener of this.listeners)
      listener();
  }
}
