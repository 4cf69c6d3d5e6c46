// SPDX-License-Identifier: GPL-2.0
/*
 * index.ts - the package's interface
 */
import { Disk, type DiskOptions } from './disk.js';
import { loadModule } from './module.js';
import { BlobSource, type Source } from './source.js';

export type { DirEntry, Stat } from './attributes.js';
export { Disk, type DiskOptions, type OpenMode } from './disk.js';
export { FsError } from './errno.js';
export { FileHandle } from './file.js';
export { Kernel, KernelDied, type KernelOptions } from './kernel.js';
export { OpfsFile } from './opfs.js';
export { BlobSource, type Source } from './source.js';
export type { Partition } from './volumes.js';

/** A File or Blob, the path of a file (Node), or a source of your own. */
export type Image = Blob | string | Source;

export interface OpenOptions extends DiskOptions {
  /** Write changes to the image; false: not one byte of it changes. */
  write?: boolean;
  /** kernel.wasm, compiled, or its address; by default the one of this package. */
  module?: WebAssembly.Module | URL | string;
}

/** Open a disk image.  Nothing of it is read that is not needed. */
export async function open(image: Image, options: OpenOptions = {}): Promise<Disk> {
  if (!('Suspending' in WebAssembly))
    throw new Error('WebAssembly cannot be suspended here (JSPI): use Chromium 137, Node.js 24.21 or a later version');
  const source = await sourceOf(image, options.write ?? false);
  try {
    return await Disk.open(await loadModule(options.module), source, options);
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

async function sourceOf(image: Image, write: boolean): Promise<Source> {
  if (typeof image === 'string')
    return new (await import('./node-file.js')).NodeFile(image, write);
  const source: Source = image instanceof Blob ? new BlobSource(image) : image;
  if (write && !source.write)
    throw new Error(`${source.name}: it cannot be written`);
  return write ? source : readOnly(source);
}

/** The same source without its operation to write. */
function readOnly(source: Source): Source {
  return {
    size: source.size, name: source.name,
    read: (into, offset) => source.read(into, offset),
    close: () => source.close?.(),
  };
}
