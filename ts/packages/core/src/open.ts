// SPDX-License-Identifier: GPL-2.0
/*
 * open.ts - open a disk image: its source, its format, a kernel
 */
import { BlobSource } from './blob.js';
import { type DiskOptions, LocalDisk } from './disk.js';
import { FormatSource } from './formats.js';
import { loadModule } from './module.js';
import { OpfsFile } from './opfs.js';
import { Overlay } from './overlay.js';
import { type Source, closeAll } from './source.js';
import { newSuspension } from './suspend.js';
import { UrlSource, type UrlOptions } from './url.js';

/**
 * A File or Blob, an address, a file of the origin's own file system (in workers), the path
 * of a file (Node), or a source of your own.
 */
export type Image = Blob | URL | string | FileSystemFileHandle | Source;

export interface OpenOptions extends DiskOptions, UrlOptions {
  /**
   * true: write changes to the image; with @overlay only when Disk.commit() is called.  false:
   * not one byte of the image changes.
   */
  write?: boolean;
  /** Keep changes in memory; Disk.export() returns the changed image. */
  overlay?: boolean;
  /** Format of the image file: "qcow2", "raw" ...; by default detected from the content. */
  format?: string;
  /**
   * The compiled kernel, or its address: of kernel.wasm for the suspension "jspi", of
   * kernel-asyncify.wasm for "asyncify"; by default the file in this package.
   */
  module?: WebAssembly.Module | URL | string;
  /**
   * true: run the kernel in a worker, so that the page stays responsive; the default in pages.  A
   * Worker: one that the caller has made from worker.js.  A MessagePort: a DiskServer (serve.ts)
   * at the other end receives and opens the image.
   */
  worker?: boolean | Worker | MessagePort;
}

/** Open a disk image, or several, with a kernel on this thread. */
export async function openHere(image: Image | readonly Image[], options: OpenOptions = {}): Promise<LocalDisk> {
  const { suffix } = newSuspension(options.suspension);
  const images: readonly Image[] = Array.isArray(image) ? image : [image as Image];
  const files: Source[] = [];

  options.signal?.throwIfAborted();
  if (!images.length)
    throw new RangeError('open(): the list of images is empty');
  // Compile the kernel while the images are opened; an error of an image is reported first.
  const module = loadModule(options.module, `kernel${suffix}`);
  module.catch(() => {});
  try {
    const sources: Source[] = [];
    for (const one of images) {
      files.push(await fileOf(one, options));
      sources.push(await sourceOf(files.at(-1)!, options));
    }
    return await LocalDisk.open(await module, Array.isArray(image) ? sources : sources[0]!, options);
  } catch (error) {
    // Report the first error, not the error of closing.
    await closeAll(files).catch(() => {});
    throw error;
  }
}

/** The image file. */
async function fileOf(image: Image, options: OpenOptions): Promise<Source> {
  const { write = false } = options;

  if (image instanceof Blob)
    return new BlobSource(image);
  if (image instanceof URL || (typeof image === 'string' && isAddress(image)))
    return UrlSource.open(image instanceof URL ? image : addressOf(image), options);
  if (typeof image === 'string')
    return new (await import('./node-file.js')).NodeFile(image, write);
  return 'createSyncAccessHandle' in image ? OpfsFile.open(image) : image;
}

/**
 * In pages a string is an address; in Node it is an address if it begins with a scheme, else a
 * path.
 */
function isAddress(text: string): boolean {
  return /^(https?|blob|data):/i.test(text) || typeof location === 'object';
}

function addressOf(text: string): string {
  return typeof location === 'object' ? new URL(text, location.href).href : text;
}

/** The disk in the image file. */
async function sourceOf(file: Source, options: OpenOptions): Promise<Source> {
  const source = await FormatSource.open(file, options.format ?? null);

  if (options.overlay)
    return new Overlay(source);
  if (options.write && !source.write)
    throw new Error(source instanceof FormatSource ?
      `${source.name}: images in the format ${source.format} can only be read; use an overlay` :
      `${source.name}: the source cannot be written; use an overlay`);
  return options.write ? source : readOnly(source);
}

/** The same source without write(), so that the disk is read-only. */
function readOnly(source: Source): Source {
  return {
    size: source.size, name: source.name,
    read: (into, offset) => source.read(into, offset),
    close: () => source.close?.(),
  };
}
