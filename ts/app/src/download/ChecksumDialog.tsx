// SPDX-License-Identifier: GPL-2.0
/*
 * ChecksumDialog.tsx - SHA-256 and MD5 of a file
 */
import { type Disk, baseName } from '@anyfs/core';
import { useCallback } from 'react';

import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { type Show, type Task, useWork } from '../ui/use-work.js';
import { Progress } from '../ui/WorkDialog.js';
import { Hasher } from './hash.js';
import { md5 } from './md5.js';
import { sha256 } from './sha256.js';

interface State {
  done: number;
  size: number;
  sums?: { sha256: string; md5: string };
}

export function ChecksumDialog({ disk, path, onClose }: { disk: Disk; path: string; onClose(): void }) {
  const say = useSay();
  const task = useCallback<Task<State>>((signal, show) => checksums(disk, path, signal, show), [disk, path]);
  const { value: { done, size, sums }, error } = useWork<State>({ done: 0, size: 0 }, task);
  const title = say('sums.title', { name: baseName(path) });

  return (
    <Dialog title={title} onClose={onClose} footer={<button className="button" onClick={onClose}>{say('close')}</button>}>
      {sums && Object.entries(sums).map(([kind, sum]) => (
        <label key={kind}>{kind === 'md5' ? 'MD5' : 'SHA-256'}
          <input className="field mono" readOnly value={sum} onFocus={(event) => event.target.select()} />
        </label>
      ))}
      {!sums && !error && <Progress title={title} done={done} total={size} />}
      {error && <p className="note danger" role="alert">{error.message}</p>}
    </Dialog>
  );
}

async function checksums(disk: Disk, path: string, signal: AbortSignal, show: Show<State>): Promise<State> {
  const { size } = await disk.statFollow(path);
  const both = [new Hasher(sha256()), new Hasher(md5())] as const;
  let done = 0;

  for await (const part of disk.readStream(path, { signal })) {
    both.forEach((hasher) => hasher.update(part));
    done += part.length;
    show(() => ({ done, size }));
  }
  return { done, size, sums: { sha256: both[0].digest(), md5: both[1].digest() } };
}
