// SPDX-License-Identifier: GPL-2.0
/*
 * images.ts - images that the user has chosen, and the processes that open them
 */
import { MessageChannelMain, type UtilityProcess, type WebContents, utilityProcess } from 'electron';
import { randomUUID } from 'node:crypto';
import { open, realpath } from 'node:fs/promises';
import { basename } from 'node:path';

import type { DesktopImage } from './bridge.js';
import { deviceSize } from './devices.js';
import type { ToUtility } from './utility-messages.js';

interface Opened {
  contents: number;
  image: DesktopImage;
  process: UtilityProcess;
}

export class Images {
  private readonly granted = new Map<string, DesktopImage>();
  /** Key: see keyOf(). */
  private readonly opened = new Map<string, Opened>();

  /**
   * @param program path of the program that the processes that open images run
   * @param kernel "native" or "wasm"; "": the native one where it runs
   */
  constructor(private readonly program: string, private readonly kernel: string) {}

  /** Let the page open @path.  Throws if it cannot be read. */
  async grant(path: string): Promise<DesktopImage> {
    const real = await realpath(path);
    const size = await sizeOf(real);

    for (const image of this.granted.values())
      if (image.path === real && image.size === size)
        return image;
    const image = { id: randomUUID(), name: basename(real), path: real, size };
    this.granted.set(image.id, image);
    return image;
  }

  get(id: unknown): DesktopImage {
    const image = typeof id === 'string' ? this.granted.get(id) : undefined;

    if (!image)
      throw new Error('there is no such image');
    return image;
  }

  /** Start a process that opens the image, and send the page the port to it. */
  connect(contents: WebContents, id: unknown, request: unknown): void {
    const image = this.get(id);
    const key = keyOf(contents.id, request);

    if (this.opened.has(key))
      throw new Error('this connection exists');
    const { port1, port2 } = new MessageChannelMain();
    const process = utilityProcess.fork(this.program, [`--kernel=${this.kernel}`], { serviceName: `anyfs: ${image.name}`, stdio: 'inherit' });
    this.opened.set(key, { contents: contents.id, image, process });
    process.on('exit', () => {
      this.opened.delete(key);
      // Not every version of Chromium reports to the page that its port was closed.
      if (!contents.isDestroyed())
        contents.send('closed', request);
    });
    process.postMessage({ kind: 'open', path: image.path, size: image.size } satisfies ToUtility, [port1]);
    contents.postMessage('port', request, [port2]);
  }

  /** The image that a connection has open. */
  imageOf(contents: number, id: unknown, request: unknown): DesktopImage {
    const opened = this.opened.get(keyOf(contents, request));

    if (!opened || opened.image.id !== id)
      throw new Error('this image is not open');
    return opened.image;
  }

  /** The user has agreed that the changes are written to the image. */
  allowWriting(contents: number, request: unknown): void {
    this.opened.get(keyOf(contents, request))?.process.postMessage({ kind: 'allow-writing' } satisfies ToUtility);
  }

  inUse(contents: number): boolean {
    return [...this.opened.values()].some((one) => one.contents === contents);
  }

  /** The window was closed: the processes close their disks, and end. */
  closeAll(contents: number): void {
    for (const one of this.opened.values())
      if (one.contents === contents)
        one.process.postMessage({ kind: 'close' } satisfies ToUtility);
  }
}

/** @param request the number that the page, whose id is @contents, gave the connection */
function keyOf(contents: number, request: unknown): string {
  if (!Number.isSafeInteger(request))
    throw new TypeError('the request has no number');
  return `${contents} ${request as number}`;
}

/** Open the file, so that a missing permission is an error here, and return its bytes. */
async function sizeOf(path: string): Promise<number> {
  const file = await open(path, 'r');

  try {
    const stat = await file.stat();
    if (stat.isBlockDevice())
      return await deviceSize(path);
    if (!stat.isFile())
      throw new Error(`${path}: not a file`);
    return stat.size;
  } finally {
    await file.close();
  }
}
