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

/** @param version a new value makes the hook open the file again, after a change */
export function useReader(path: string, version = 0): ReaderState {
  const { disk } = useAnyfsDisk();
  const [state, setState] = useState<ReaderState & { of: string | null }>({ of: null, reader: null, error: null });
  const wanted = `${version} ${path}`;

  useEffect(() => {
    if (!disk)
      return;
    let current = true;
    let reader: Reader | null = null;
    Reader.open(disk, path).then((opened) => {
      reader = opened;
      if (current)
        setState({ of: wanted, reader, error: null });
      else
        void reader.close().catch(() => {});
    }, (error: unknown) => current && setState({ of: wanted, reader: null, error: error as Error }));
    return () => {
      current = false;
      void reader?.close().catch(() => {});
    };
  }, [disk, path, version]);
  // Until the effect has run, the state is that of the last file, or of its last version.
  return state.of === wanted ? state : { reader: null, error: null };
}

interface Bytes {
  offset: number;
  data: Uint8Array;
  error: Error | null;
}

const NONE: Bytes = { offset: 0, data: new Uint8Array(), error: null };

/** The bytes of a range; until they are read, those of the last range. */
export function useBytes(reader: Reader, offset: number, length: number): Bytes {
  const [state, setState] = useState<Bytes & { reader: Reader }>({ reader, ...NONE });
  const cached = reader.cached(offset, length);

  useEffect(() => {
    if (reader.cached(offset, length))
      return;
    let current = true;
    reader.read(offset, length).then(
      (data) => current && setState({ reader, offset, data, error: null }),
      (error: unknown) => current && setState({ reader, ...NONE, error: error as Error }));
    return () => { current = false; };
  }, [reader, offset, length]);
  if (cached)
    return { offset, data: cached, error: null };
  return state.reader === reader ? state : NONE;
}
