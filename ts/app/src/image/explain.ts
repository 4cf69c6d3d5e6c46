// SPDX-License-Identifier: GPL-2.0
/*
 * explain.ts - errors in words that say what the user can do
 */
import { KernelDied } from '@anyfs/core';

import type { TextKey } from '../text/text.js';

export interface Explanation {
  title: TextKey;
  advice: TextKey;
}

/** Patterns of messages of @anyfs/core and of browsers; the first one that fits. */
const table: readonly [pattern: RegExp, Explanation][] = [
  [/JSPI/, { title: 'error.browser', advice: 'start.browser' }],
  [/Failed to fetch|NetworkError when|Load failed/i, { title: 'error.cors', advice: 'error.corsMore' }],
  [/does not send ranges/, { title: 'error.ranges', advice: 'error.rangesMore' }],
  [/does not say how large/, { title: 'error.headers', advice: 'error.headersMore' }],
  [/the server answers (401|403)/, { title: 'error.refused', advice: 'error.refusedMore' }],
  [/the server answers/, { title: 'error.server', advice: 'error.serverMore' }],
  [/has changed on the server/, { title: 'error.changed', advice: 'error.changedUrl' }],
  [/has changed while|could not be read|become shorter|not be found at the time/i,
    { title: 'error.changed', advice: 'error.changedFile' }],
  [/quota|storage is full/i, { title: 'error.quota', advice: 'error.quotaMore' }],
  [/out of memory|Array buffer allocation|could not allocate/i, { title: 'error.memory', advice: 'error.memoryMore' }],
  [/is compressed|cannot be unpacked|EOPNOTSUPP/, { title: 'error.format', advice: 'error.formatMore' }],
  [/EINVAL.*, open '|is damaged|cut off/, { title: 'error.image', advice: 'error.imageMore' }],
  [/ENOSPC/, { title: 'error.full', advice: 'error.fullMore' }],
  [/EROFS/, { title: 'error.readonly', advice: 'error.readonlyMore' }],
  [/EEXIST/, { title: 'error.exists', advice: 'error.existsMore' }],
  [/EUCLEAN|EIO|EFSCORRUPTED|E74/, { title: 'error.damaged', advice: 'error.damagedMore' }],
];

export function explain(error: Error): Explanation {
  const text = wholeMessage(error);

  if (error instanceof KernelDied)
    return { title: 'error.died', advice: 'error.diedMore' };
  return table.find(([pattern]) => pattern.test(text))?.[1] ??
    { title: 'error.other', advice: 'error.otherMore' };
}

/** With the errors that caused it. */
export function wholeMessage(error: Error): string {
  const cause = error.cause instanceof Error ? `: ${wholeMessage(error.cause)}` : '';
  return `${error.message}${cause}`;
}
