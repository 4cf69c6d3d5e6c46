// SPDX-License-Identifier: GPL-2.0
/*
 * kernels.ts - the kernel that opens images: @anyfs/native, or kernel.wasm where that is not built
 */
import { LocalDisk, type Disk, type Source } from '@anyfs/core';
import { commitChanges } from '@anyfs/core/node';
import { loadModule } from '@anyfs/core/serve';
import { createRequire } from 'node:module';

import { NativeDisk, type NativeOptions } from './native-disk.js';

export type OpenSource = (source: Source, options: NativeOptions) => Promise<Disk>;

export interface Kernel {
  name: 'native' | 'wasm';
  /** Why it is not the native one; "": it is. */
  reason: string;
  open: OpenSource;
}

/** @param wanted "native" or "wasm"; other: the native one where it runs */
export function chooseKernel(wanted: string): Kernel {
  if (wanted === 'wasm')
    return { name: 'wasm', reason: 'it was asked for', open: openWasm };
  try {
    const { open } = createRequire(import.meta.url)('@anyfs/native') as typeof import('@anyfs/native');
    return { name: 'native', reason: '', open: (source, options) => NativeDisk.open(open, source, options) };
  } catch (error) {
    if (wanted === 'native')
      throw error;
    return { name: 'wasm', reason: (error as Error).message, open: openWasm };
  }
}

/** The disk whose changes are written with the permission that @options has. */
async function openWasm(source: Source, { memory, target }: NativeOptions): Promise<Disk> {
  const disk = await LocalDisk.open(await loadModule(undefined, 'kernel'), source,
    memory === undefined ? {} : { memory });

  disk.commit = async function* () {
    const to = await target?.();
    try {
      yield* commitChanges(source, () => disk.settled(), to);
    } finally {
      await to?.close?.();
    }
  };
  return disk;
}
