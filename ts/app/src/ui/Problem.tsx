// SPDX-License-Identifier: GPL-2.0
/*
 * Problem.tsx - an error: its meaning, what the user can do, and the message itself
 */
import type { ReactNode } from 'react';

import { explain, wholeMessage } from '../image/explain.js';
import { useSay } from '../text/text.js';
import { Icon } from './Icon.js';
import './problem.css';

interface ProblemProps {
  error: Error;
  /** The error occurred while opening an image. */
  opening?: boolean;
  children?: ReactNode;
}

export function Problem({ error, opening = false, children }: ProblemProps) {
  const say = useSay();
  const { title, advice } = explain(error, opening);

  return (
    <section className="problem" role="alert">
      <Icon name="warning" />
      <h2>{say(title)}</h2>
      <p>{say(advice)}</p>
      <p className="mono muted problem-message">{wholeMessage(error)}</p>
      {children && <div className="row wrap">{children}</div>}
    </section>
  );
}
