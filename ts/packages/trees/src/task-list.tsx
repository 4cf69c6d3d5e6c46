// SPDX-License-Identifier: GPL-2.0
/*
 * task-list.tsx - the list of running and failed tasks, at the lower edge
 */
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';

import { useBrowser } from './context.js';
import { Icon } from './icons.js';
import type { Task } from './tasks.js';

/** Milliseconds after which a successful task is removed. */
const SHOWN = 4000;
/** Maximum number of errors that are shown for a task. */
const ERRORS = 4;

export function TaskList(): ReactNode {
  const { tasks } = useBrowser();
  const list = useSyncExternalStore(tasks.subscribe, tasks.get, tasks.get);

  if (!list.length)
    return null;
  return (
    <div className="anyfs-tasks">
      {list.map((task) => <TaskCard key={task.id} task={task} state={task.state} />)}
    </div>
  );
}

function TaskCard({ task, state }: { task: Task; state: Task['state'] }): ReactNode {
  const { tasks, strings } = useBrowser();
  const running = state === 'running';

  useEffect(() => {
    if (state !== 'done' && state !== 'cancelled')
      return;
    const timer = setTimeout(() => tasks.dismiss(task.id), SHOWN);
    return () => clearTimeout(timer);
  }, [state, task.id, tasks]);
  return (
    <section className="anyfs-task" data-state={state} aria-label={task.title}>
      <div className="anyfs-task-line">
        <strong>{task.title}</strong>
        <button type="button" className="anyfs-button anyfs-plain anyfs-small"
          onClick={() => running ? task.controller.abort() : tasks.dismiss(task.id)}
          aria-label={running ? strings.cancel : strings.dismiss}
          title={running ? strings.cancel : strings.dismiss}><Icon name="close" /></button>
      </div>
      {running && <Progress task={task} />}
      <div className="anyfs-task-detail"><Detail task={task} /></div>
      {task.errors.length > 0 &&
        <ul className="anyfs-task-errors" role="alert">
          {task.errors.slice(0, ERRORS).map((error, i) => <li key={i}>{error}</li>)}
          {task.errors.length > ERRORS && <li>{strings.failed(task.errors.length)}</li>}
        </ul>}
    </section>
  );
}

function Progress({ task }: { task: Task }): ReactNode {
  const known = task.total > 0;

  return (
    <progress className="anyfs-progress" aria-label={task.title} max={1}
      {...(known ? { value: Math.min(1, task.done / task.total) } : {})} />
  );
}

function Detail({ task }: { task: Task }): ReactNode {
  const { formats, strings } = useBrowser();
  const amount = (n: number) => task.unit === 'bytes' ? formats.size(n) : strings.items(n);

  if (task.state === 'cancelled')
    return strings.cancelled;
  if (task.state !== 'running')
    return '';
  const progress = task.total ? strings.progress(amount(task.done), amount(task.total)) :
    task.done ? amount(task.done) : '';
  return [progress, task.detail].filter(Boolean).join(' · ');
}
