// SPDX-License-Identifier: GPL-2.0
/*
 * utility.ts - the program of the process that opens an image
 *
 * The process ends when the page has closed the image.  A crash of the process or of its kernel
 * does not affect other windows.
 */
import type { MessageEvent } from 'electron';

import { ImageServer } from './image-server.js';
import { chooseKernel } from './kernels.js';
import type { ToUtility } from './utility-messages.js';

const { parentPort } = process;
const wanted = process.argv.find((text) => text.startsWith('--kernel='))?.slice('--kernel='.length);
const kernel = chooseKernel(wanted ?? '');
let server: ImageServer | null = null;

if (kernel.reason)
  console.error(`anyfs: images are opened with the kernel for web pages: ${kernel.reason}`);
parentPort.on('message', ({ data, ports }: MessageEvent) => {
  const message = data as ToUtility;

  switch (message.kind) {
    case 'open':
      server ??= new ImageServer(message.path, message.size, ports[0]!, kernel.open, () => process.exit(0));
      break;
    case 'allow-writing':
      server?.allowWriting();
      break;
    case 'close':
      void (server ? server.close() : Promise.resolve()).finally(() => process.exit(0));
      break;
  }
});
