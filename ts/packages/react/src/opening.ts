// SPDX-License-Identifier: GPL-2.0
/*
 * opening.ts - open an image for the provider, step by step
 */
import {
  type AnyfsSession, type BrowserMountOpts, type Disk, NativeSession, type OpenOptions,
  NodeWasmSession, type SessionBackend, type SessionEnv, type SessionSource, type WasmCaps,
  WasmSession, createSession,
} from '@anyfs/core';

import { type Files, filesOfDisk, filesOfSession } from './files.js';
import { Store } from './store.js';

export type AnyfsDiskStatus =
  'idle' | 'booting' | 'booted' | 'attaching' | 'mounting' | 'ready' | 'error';

export interface OpeningOptions {
  /** Address of the worker's program, if the bundler does not find it by itself. */
  workerUrl?: string | URL | undefined;
  /** Directory of kernel.wasm; by default it is found beside @anyfs/core. */
  wasmBaseUrl?: string | undefined;
  wasmModuleName?: string | undefined;
  mountOpts?: BrowserMountOpts | undefined;
  /** Options of open(): write, overlay, format ... */
  openOptions?: OpenOptions | undefined;
  env?: SessionEnv | undefined;
  disableNative?: boolean | undefined;
  electronWasmCaps?: WasmCaps | undefined;
}

export interface Opened {
  session: AnyfsSession | null;
  disk: Disk | null;
  store: Store;
  /** Path of the first file system; null: the disk has none that can be mounted. */
  mountPath: string | null;
  /** Version of the kernel. */
  kernel: string;
  mode: SessionBackend;
}

/** The state while the image is being opened. */
export interface Step {
  status: AnyfsDiskStatus;
  step: string;
}

/** Open @source; @tell is called at each step. */
export async function openSource(source: SessionSource, options: OpeningOptions,
  tell: (step: Step) => void, signal: AbortSignal): Promise<Opened> {
  const { session, mode } = makeSession(options);
  const stop = session.onProgress((step) => tell(stepOf(step)));

  try {
    await attach(session, source);
    signal.throwIfAborted();
    const first = (await session.listParts()).find(({ fstype }) => fstype);
    // A locked or damaged volume must not prevent showing the rest of the disk.
    const mountPath = first ? await session.enter(first.slot_id).catch(() => null) : null;
    const disk = session instanceof WasmSession ? session.disk : null;
    const files: Files = disk ? filesOfDisk(disk) : filesOfSession(session);
    signal.throwIfAborted();
    return {
      session, disk, store: new Store(files, disk), mountPath, mode,
      kernel: (await session.readKernelFile('/proc/version')).trim(),
    };
  } catch (error) {
    await session.close().catch(() => {});
    throw error;
  } finally {
    stop();
  }
}

function makeSession(options: OpeningOptions) {
  const { env = 'web', disableNative, electronWasmCaps, mountOpts = {}, workerUrl } = options;
  const choice = createSession(env, {
    ...(disableNative === undefined ? {} : { disableNative }),
    ...(electronWasmCaps === undefined ? {} : { electronWasmCaps }),
  });
  const open: OpenOptions = { ...options.openOptions };

  if (choice.nativeBridge)
    return { session: new NativeSession(choice.nativeBridge, mountOpts), mode: choice.backend };
  if (env === 'node')
    return { session: new NodeWasmSession(mountOpts, open), mode: choice.backend };
  const worker = workerUrl ?? mountOpts.workerUrl;
  if (worker)
    open.worker = new Worker(worker, { type: 'module', name: 'anyfs' });
  const base = options.wasmBaseUrl ?? mountOpts.wasmBaseUrl;
  const name = options.wasmModuleName ?? mountOpts.wasmModuleName;
  if (base !== undefined || name !== undefined)
    open.module = new URL(`${base ?? '/wasm/'}${name ?? 'kernel.wasm'}`, document.baseURI);
  return { session: new WasmSession(mountOpts, open), mode: choice.backend };
}

function attach(session: AnyfsSession, source: SessionSource): Promise<void> {
  switch (source.kind) {
    case 'blob':
      return session.attachBlob(source.blob);
    case 'url':
      return session.attachUrl(source.url, source.name);
    case 'path':
      return session.attachPath(source.path);
  }
}

/** Show the step "attached" as the status "attaching"; other steps have the name of a status. */
function stepOf(step: string): Step {
  return { status: step === 'attached' ? 'attaching' : step as AnyfsDiskStatus, step };
}
