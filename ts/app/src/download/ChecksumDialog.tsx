// SPDX-License-Identifier: GPL-2.0
/*
 * ChecksumDialog.tsx - SHA-256 and MD5 of a file
 */
import { type Disk, fmtBytes } from '@anyfs/core';
import { useEffect, useState } from 'react';

import { useSay } from '../text/text.js';
import { Dialog } from '../ui/Dialog.js';
import { Hasher } from './hash.js';
import { md5 } from './md5.js';
import { sha256 } from './sha256.js';

interface Sums {
  sha256: string;
  md5: string;
}

export function ChecksumDialog({ disk, path, onClose }: { disk: Disk; path: string; onClose(): void }) {
  const say = useSay();
  const [progress, setProgress] = useState({ done: 0, size: 0 });
  const [sums, setSums] = useState<Sums | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const name = path.split('/').pop()!;

  useEffect(() => {
    const controller = new AbortController();
    checksums(disk, path, controller.signal, (done, size) => setProgress({ done, size }))
      .then(setSums, (reason: unknown) => { if (!controller.signal.aborted) setError(reason as Error); });
    return () => controller.abort();
  }, [disk, path]);
  return (
    <Dialog title={say('sums.title', { name })} onClose={onClose}
      footer={<button className="button" onClick={onClose}>{say('close')}</button>}>
      {sums && Object.entries(sums).map(([kind, sum]) => (
        <label key={kind}>{kind === 'md5' ? 'MD5' : 'SHA-256'}
          <input className="field mono" readOnly value={sum as string} onFocus={(event) => event.target.select()} />
        </label>
      ))}
      {!sums && !error && <>
        <progress aria-label={say('sums.title', { name })} value={progress.done} max={progress.size || 1} />
        <p className="muted" role="status">{say('work.of', { done: fmtBytes(progress.done), total: fmtBytes(progress.size) })}</p>
      </>}
      {error && <p className="note danger" role="alert">{error.message}</p>}
    </Dialog>
  );
}

async function checksums(disk: Disk, path: string, signal: AbortSignal,
  progress: (done: number, size: number) => void): Promise<Sums> {
  const { size } = await disk.statFollow(path);
  const both = [new Hasher(sha256()), new Hasher(md5())] as const;
  let done = 0;

  for await (const part of disk.readStream(path, { signal })) {
    both.forEach((hasher) => hasher.update(part));
    progress(done += part.length, size);
  }
  return { sha256: both[0].digest(), md5: both[1].digest() };
}
