// SPDX-License-Identifier: GPL-2.0
/*
 * kernels.ts - the kernel that opens images: @anyfs/native or, where that is not built, kernel.wasm
 */
import { LocalDisk, type Disk, type Source } from '@anyfs/core';
import { loadModule } from '@anyfs/core/serve';
import { createRequire } from 'node:module';

import { commitTo } from './commit.js';
import { NativeDisk, type NativeOptions } from './native-disk.js';

export type OpenSource = (source: Source, options: NativeOptions) => Promise<Disk>;

export interface Kernel {
  name: 'native' | 'wasm';
  /** Why the kernel is not the native one; "" if it is. */
  reason: string;
  open: OpenSource;
}

/** @param wanted "native" or "wasm"; any other value: native, or wasm if native cannot be loaded */
export function chooseKernel(wanted: string): Kernel {
  if (wanted === 'wasm')
    return { name: 'wasm', reason: 'it was requested', open: openWasm };
  try {
    const { open } = createRequire(import.meta.url)('@anyfs/native') as typeof import('@anyfs/native');
    return { name: 'native', reason: '', open: (source, options) => NativeDisk.open(open, source, options) };
  } catch (error) {
    if (wanted === 'native')
      throw error;
    return { name: 'wasm', reason: (error as Error).message, open: openWasm };
  }
}

/** Open the disk in @source with kernel.wasm; commit() writes to the source that @target opens. */
async function openWasm(source: Source, { memory, target }: NativeOptions): Promise<Disk> {
  const disk = await LocalDisk.open(await loadModule(undefined, 'kernel'), source,
    memory === undefined ? {} : { memory });

  disk.commit = () => commitTo(target, source, async () => (await disk.settled())[0]!);
  return disk;
}
