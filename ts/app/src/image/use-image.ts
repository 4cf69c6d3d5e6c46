// SPDX-License-Identifier: GPL-2.0
/*
 * use-image.ts - open an image while a component shows it
 *
 * All changes stay in an overlay in memory until the user saves them.
 */
import { type Disk, type Partition, open } from '@anyfs/core';
import { useCallback, useEffect, useState } from 'react';

import { ChangeLog } from '../changes/log.js';
import { recorded } from '../changes/recorder.js';
import { guarded } from './guard.js';
import type { ImageSource } from './source.js';

export interface OpenImage {
  disk: Disk;
  partitions: Partition[];
  /** Type of the partition table; "": none. */
  table: string;
  /** What was changed with @disk. */
  log: ChangeLog;
}

export type ImageState =
  | { status: 'opening'; step: 'kernel' | 'partitions' }
  | { status: 'open'; image: OpenImage }
  | { status: 'failed'; error: Error }
  /** The kernel has crashed; the image itself is as it was. */
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
      // What closing writes back goes to the overlay, which nobody reads any more.
      void opening.then(() => disk?.close()).catch(() => {});
    };
  }, [source, round]);
  const reopen = useCallback(() => setRound((last) => last + 1), []);
  /** After a volume was unlocked. */
  const refresh = useCallback(async () => {
    if (state.status !== 'open')
      return;
    const { image } = state;
    setState({ status: 'open', image: { ...image, partitions: await image.disk.partitions() } });
  }, [state]);

  return { state, reopen, refresh };
}

async function openImage(source: ImageSource, signal: AbortSignal,
  tell: (state: ImageState) => void): Promise<OpenImage> {
  const image = source.kind === 'file' ? source.file : source.url;
  const opened = await open(image, { overlay: true, memory: MEMORY, signal });
  const log = new ChangeLog();
  const disk = recorded(guarded(opened, (error) => tell({ status: 'died', error })), log);

  try {
    tell({ status: 'opening', step: 'partitions' });
    return { disk, log, partitions: await disk.partitions(), table: await disk.tableType() };
  } catch (error) {
    await opened.close().catch(() => {});
    throw error;
  }
}
