// SPDX-License-Identifier: GPL-2.0
/*
 * explain.ts - explain errors in words, with the action that the user can take
 */
import { KernelDied } from '@anyfs/core';

import type { TextKey } from '../text/text.js';
import { codeOf } from './attributes.js';

export interface Explanation {
  title: TextKey;
  advice: TextKey;
}

/**
 * Explanations by the code of an FsError or SourceError, or by the name of an error of the browser.
 */
const table: Readonly<Record<string, Explanation>> = {
  UNREACHABLE: { title: 'error.cors', advice: 'error.corsMore' },
  NORANGE: { title: 'error.ranges', advice: 'error.rangesMore' },
  NOSIZE: { title: 'error.headers', advice: 'error.headersMore' },
  DENIED: { title: 'error.refused', advice: 'error.refusedMore' },
  MISSING: { title: 'error.server', advice: 'error.serverMore' },
  SERVER: { title: 'error.serverFault', advice: 'error.serverFaultMore' },
  CHANGEDURL: { title: 'error.changed', advice: 'error.changedUrl' },
  CHANGEDFILE: { title: 'error.changed', advice: 'error.changedFile' },
  NotFoundError: { title: 'error.changed', advice: 'error.changedFile' },
  NotReadableError: { title: 'error.changed', advice: 'error.changedFile' },
  QuotaExceededError: { title: 'error.quota', advice: 'error.quotaMore' },
  RangeError: { title: 'error.memory', advice: 'error.memoryMore' },
  ENOMEM: { title: 'error.memory', advice: 'error.memoryMore' },
  ENOSPC: { title: 'error.full', advice: 'error.fullMore' },
  EDQUOT: { title: 'error.full', advice: 'error.fullMore' },
  EROFS: { title: 'error.readonly', advice: 'error.readonlyMore' },
  EEXIST: { title: 'error.exists', advice: 'error.existsMore' },
  EUCLEAN: { title: 'error.damaged', advice: 'error.damagedMore' },
  EIO: { title: 'error.damaged', advice: 'error.damagedMore' },
  EBADMSG: { title: 'error.damaged', advice: 'error.damagedMore' },
};

/** Explanations for errors of opening an image: formats.wasm reports them with these codes. */
const opening: Readonly<Record<string, Explanation>> = {
  EINVAL: { title: 'error.image', advice: 'error.imageMore' },
  EUCLEAN: { title: 'error.image', advice: 'error.imageMore' },
  EOPNOTSUPP: { title: 'error.format', advice: 'error.formatMore' },
};

/** @param open true: the error occurred while an image was opened */
export function explain(error: Error, open = false): Explanation {
  if (error instanceof KernelDied)
    return { title: 'error.died', advice: 'error.diedMore' };
  // Use the cause if there is one: the EIO of a file may come from the server of the image.
  const known = error.cause instanceof Error ? explain(error.cause, open) : null;
  if (known && known.title !== 'error.other')
    return known;
  const code = codeOf(error);
  return (open ? opening[code] : undefined) ?? table[code] ?? { title: 'error.other', advice: 'error.otherMore' };
}

/** The message with the messages of the errors that caused it. */
export function wholeMessage(error: Error): string {
  const cause = error.cause instanceof Error ? `: ${wholeMessage(error.cause)}` : '';
  return `${error.message}${cause}`;
}
