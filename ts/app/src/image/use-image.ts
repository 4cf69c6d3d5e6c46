// SPDX-License-Identifier: GPL-2.0
/*
 * use-image.ts - open an image while a component shows it
 *
 * All changes stay in an overlay in memory until the user saves them.
 */
import type { Disk, Partition } from '@anyfs/core';
import { useCallback, useEffect, useRef, useState } from 'react';

import { Drafts } from '../changes/drafts.js';
import { ChangeLog } from '../changes/log.js';
import { recorded } from '../changes/recorder.js';
import { kernelCached } from '../offline.js';
import { openSource } from './open-source.js';
import type { ImageSource } from './source.js';

export interface OpenImage {
  disk: Disk;
  partitions: Partition[];
  /** Type of the partition table; "": none. */
  table: string;
  /** The changes that were made with @disk. */
  log: ChangeLog;
  /** Texts that were typed and are not in @disk yet. */
  drafts: Drafts;
}

export type ImageState =
  | { status: 'opening'; step: 'kernel' | 'partitions' }
  | { status: 'open'; image: OpenImage }
  | { status: 'failed'; error: Error }
  /** The kernel has crashed; the image itself is unchanged. */
  | { status: 'died'; error: Error };

/** MiB of memory of the kernel. */
const MEMORY = 96;

export function useImage(source: ImageSource) {
  const [state, setState] = useState<ImageState>({ status: 'opening', step: 'kernel' });
  const [round, setRound] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    const tell = (next: ImageState) => {
      if (!controller.signal.aborted)
        setState(next);
    };
    let disk: Disk | null = null;
    tell({ status: 'opening', step: 'kernel' });
    const opening = openImage(source, controller.signal, tell)
      .then((image) => {
        disk = image.disk;
        tell({ status: 'open', image });
      }, (error: unknown) => tell({ status: 'failed', error: error as Error }));
    return () => {
      controller.abort(new DOMException('the image was closed', 'AbortError'));
      // close() writes to the overlay, which is dropped here: its errors do not matter.
      void opening.then(() => disk?.close()).catch(() => {});
    };
  }, [source, round]);
  const reopen = useCallback(() => setRound((last) => last + 1), []);
  const disk = state.status === 'open' ? state.image.disk : null;
  const lastRefresh = useRef(0);
  /** List the partitions again, after a volume was unlocked. */
  const refresh = useCallback(async () => {
    const number = ++lastRefresh.current;
    const partitions = await disk?.partitions();
    // An earlier request may deliver its list after a later one, or after the image was closed.
    setState((now) => partitions && now.status === 'open' && now.image.disk === disk &&
      number === lastRefresh.current ? { status: 'open', image: { ...now.image, partitions } } : now);
  }, [disk]);

  return { state, reopen, refresh };
}

async function openImage(source: ImageSource, signal: AbortSignal,
  tell: (state: ImageState) => void): Promise<OpenImage> {
  if (source.kind !== 'desktop')
    await kernelCached(signal);
  const opened = await openSource(source, {
    overlay: true, memory: MEMORY, signal, onDeath: (error) => tell({ status: 'died', error }),
  });
  const log = new ChangeLog();
  const disk = recorded(opened, log);

  try {
    tell({ status: 'opening', step: 'partitions' });
    return { disk, log, drafts: new Drafts(), partitions: await disk.partitions(), table: await disk.tableType() };
  } catch (error) {
    await opened.close().catch(() => {});
    throw error;
  }
}
