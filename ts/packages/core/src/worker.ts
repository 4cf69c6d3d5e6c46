// SPDX-License-Identifier: GPL-2.0
/*
 * worker.ts - the program of a worker: one disk, for the RemoteDisk of a page
 */
import type { FromWorker, ToWorker } from './messages.js';
import { loadModule } from './module.js';
import { type Image, openHere } from './open.js';
import { DiskServer } from './serve.js';

const scope = globalThis as unknown as {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

const server = new DiskServer((message, transfer) => scope.postMessage(message, transfer),
  ({ image, options, print, onDeath }) => openHere(image as Image | Image[], { ...options, print, onDeath }));

scope.onmessage = ({ data }) => server.receive(data);

// Every image needs formats.wasm: fetch it while the page compiles the kernel.  open() reports an
// error.
loadModule(undefined, 'formats').catch(() => {});
