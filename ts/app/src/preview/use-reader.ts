// SPDX-License-Identifier: GPL-2.0
/*
 * use-reader.ts - a Reader of a file while a component shows it, and ranges of it
 */
import { useAnyfsDisk } from '@anyfs/react';
import { useEffect, useState } from 'react';

import { Reader } from './reader.js';

export interface ReaderState {
  reader: Reader | null;
  error: Error | null;
}

/** @param version another one opens the file anew, after a change */
export function useReader(path: string, version = 0): ReaderState {
  const { disk } = useAnyfsDisk();
  const [state, setState] = useState<ReaderState & { path: string }>({ path, reader: null, error: null });

  useEffect(() => {
    if (!disk)
      return;
    let current = true;
    let reader: Reader | null = null;
    Reader.open(disk, path).then((opened) => {
      reader = opened;
      if (current)
        setState({ path, reader, error: null });
      else
        void reader.close().catch(() => {});
    }, (error: unknown) => current && setState({ path, reader: null, error: error as Error }));
    return () => {
      current = false;
      void reader?.close().catch(() => {});
    };
  }, [disk, path, version]);
  // In the render before the effect the state is still that of the last file.
  return state.path === path ? state : { reader: null, error: null };
}

/** The bytes of a range; those of the last range until they are there. */
export function useBytes(reader: Reader, offset: number, length: number) {
  const [state, setState] = useState<{ offset: number; data: Uint8Array; error: Error | null }>(
    { offset: 0, data: new Uint8Array(), error: null });
  const cached = reader.cached(offset, length);

  useEffect(() => {
    if (reader.cached(offset, length))
      return;
    let current = true;
    reader.read(offset, length).then(
      (data) => current && setState({ offset, data, error: null }),
      (error: unknown) => current && setState({ offset, data: new Uint8Array(), error: error as Error }));
    return () => { current = false; };
  }, [reader, offset, length]);
  return cached ? { offset, data: cached, error: null } : state;
}
