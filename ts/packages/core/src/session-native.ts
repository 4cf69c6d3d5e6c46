// SPDX-License-Identifier: GPL-2.0
/*
 * session-native.ts - sessions that use the native library, and the choice of a kind of session
 *
 * In Electron the preload script sets window.anyfsNative to the functions of
 * @anyfs/native.
 */
import type { DirEntry, Stat } from './attributes.js';
import { errno, FsError } from './errno.js';
import type { OpenOptions } from './open.js';
import {
  type AnyfsSession, AnyfsSessionBase, type DispatchResult, type LklFd, type SessionMeta,
  type SessionOpts, type SessionPartInfo, type SessionSource, WasmSession,
} from './session.js';
import { newSuspension } from './suspend.js';
import { applyUrlProxy } from './url-proxy.js';

/** Functions of @anyfs/native; a preload script may turn their results into promises. */
export interface AnyfsNativeBridge {
  kernelInit(memMb: number, loglevel: number): number | Promise<number>;
  kernelHalt(): void | Promise<void>;
  sessionOpen(path: string, flags: number): number | Promise<number>;
  sessionClose(handle: number): number | Promise<number>;
  sessionListJson(handle: number): string | Promise<string>;
  sessionMetaJson(handle: number): string | Promise<string>;
  sessionEnter(handle: number, part: number, flags: number): string | Promise<string>;
  readKernelFile(path: string): string | Promise<string>;
  readdirJson(path: string): string | Promise<string>;
  lstatJson(path: string): string | Promise<string>;
  statJson(path: string): string | Promise<string>;
  realpath(path: string): string | Promise<string>;
  readlink(path: string): string | Promise<string>;
  fileOpen(path: string, flags: number): number | Promise<number>;
  pread(fd: number, n: number, off: number): DispatchResult | Promise<DispatchResult>;
  fileClose(fd: number): number | Promise<number>;
}

export type SessionEnv = 'web' | 'electron' | 'node';
export type SessionBackend = 'native' | 'wasm' | 'node-wasm';

export interface WasmCaps {
  /** The engine has JSPI: promises can suspend WebAssembly. */
  jspi: boolean;
}

const READONLY = 1;

export function getAnyfsNative(): AnyfsNativeBridge | undefined {
  return (globalThis as { anyfsNative?: AnyfsNativeBridge }).anyfsNative;
}

export class NativeSession extends AnyfsSessionBase implements AnyfsSession {
  private handle: number | null = null;
  private attached = false;

  constructor(private readonly bridge: AnyfsNativeBridge, private readonly opts: SessionOpts = {}) {
    super();
  }

  attachBlob(_blob: Blob): Promise<void> {
    return Promise.reject(new Error('the native library cannot read a Blob: use attachPath()'));
  }

  attachUrl(url: string, _name?: string): Promise<void> {
    return this.attachPath(applyUrlProxy(url));
  }

  async attachPath(path: string): Promise<void> {
    if (this.attached)
      throw new Error('the session has an image already: close it, and make another session');
    this.attached = true;
    this.progress('booting');
    await this.bridge.kernelInit(this.opts.memMb ?? 64, this.opts.loglevel ?? 0);
    this.handle = checked(await this.bridge.sessionOpen(path, READONLY), 'open', path);
    this.progress('attached');
  }

  async close(): Promise<void> {
    if (this.handle !== null)
      checked(await this.bridge.sessionClose(this.handle), 'close');
    this.handle = null;
  }

  async enter(part: number, flags = 0): Promise<string> {
    this.progress('mounting');
    return this.bridge.sessionEnter(this.open(), part, flags);
  }

  async listParts(): Promise<SessionPartInfo[]> {
    return JSON.parse(await this.bridge.sessionListJson(this.open())) as SessionPartInfo[];
  }

  async meta(): Promise<SessionMeta> {
    return JSON.parse(await this.bridge.sessionMetaJson(this.open())) as SessionMeta;
  }

  async readdir(path: string): Promise<DirEntry[]> {
    return JSON.parse(await this.bridge.readdirJson(path)) as DirEntry[];
  }

  async stat(path: string): Promise<Stat> {
    return JSON.parse(await this.bridge.lstatJson(path)) as Stat;
  }

  async statFollow(path: string): Promise<Stat> {
    return JSON.parse(await this.bridge.statJson(path)) as Stat;
  }

  async readlink(path: string): Promise<string> {
    return this.bridge.readlink(path);
  }

  async realpath(path: string): Promise<string> {
    return this.bridge.realpath(path);
  }

  async readKernelFile(path: string, maxBytes?: number): Promise<string> {
    return (await this.bridge.readKernelFile(path)).slice(0, maxBytes);
  }

  async openFd(path: string): Promise<LklFd> {
    return checked(await this.bridge.fileOpen(path, 0), 'open', path);
  }

  async readFd(fd: LklFd, offset: number, length: number): Promise<Uint8Array> {
    const { rc, data } = await this.bridge.pread(fd, length, offset);

    checked(rc, 'read');
    return data;
  }

  async closeFd(fd: LklFd): Promise<void> {
    checked(await this.bridge.fileClose(fd), 'close');
  }

  private open(): number {
    if (this.handle === null)
      throw new FsError(errno.ENODEV, 'session');
    return this.handle;
  }
}

function checked(result: number, call: string, path?: string): number {
  if (result < 0)
    throw new FsError(-result, call, path);
  return result;
}

export interface SessionChoice {
  backend: SessionBackend;
  allowedKinds: Set<SessionSource['kind']>;
  nativeBridge?: AnyfsNativeBridge;
  wasmCaps?: WasmCaps;
}

/**
 * Choose the kind of session for the environment @env, and the kinds of sources that it can open.
 */
export function createSession(env: SessionEnv,
  options: { disableNative?: boolean; electronWasmCaps?: WasmCaps } = {}): SessionChoice {
  const bridge = options.disableNative ? undefined : getAnyfsNative();

  if (env === 'node')
    return { backend: 'node-wasm', allowedKinds: new Set(['path']), wasmCaps: capabilities() };
  if (env === 'electron' && bridge)
    return { backend: 'native', allowedKinds: new Set(['path', 'url']), nativeBridge: bridge };
  const wasmCaps = (env === 'electron' ? options.electronWasmCaps : undefined) ?? capabilities();
  return { backend: 'wasm', allowedKinds: new Set(['blob', 'url']), wasmCaps };
}

function capabilities(): WasmCaps {
  return { jspi: 'Suspending' in WebAssembly };
}

export interface BrowserMountOpts extends SessionOpts {
  /** Address of the worker's program, if the bundler does not find it by itself. */
  workerUrl?: string | URL;
  /** Directory of kernel.wasm; "/wasm/" by default if wasmModuleName is given. */
  wasmBaseUrl?: string;
  wasmModuleName?: string;
}

function openOptions(opts: BrowserMountOpts): OpenOptions {
  const { workerUrl, wasmBaseUrl, wasmModuleName } = opts;
  const options: OpenOptions = {};

  if (workerUrl)
    options.worker = new Worker(workerUrl, { type: 'module', name: 'anyfs' });
  if (wasmBaseUrl !== undefined || wasmModuleName !== undefined)
    options.module = new URL(`${wasmBaseUrl ?? '/wasm/'}${wasmModuleName ?? 'kernel.wasm'}`,
      document.baseURI);
  return options;
}

/** Attach a Blob or an address, and enter its first file system. */
export async function mountBlob(image: Blob | string, opts: BrowserMountOpts = {}) {
  const session = new WasmSession(opts, openOptions(opts));

  try {
    await (typeof image === 'string' ? session.attachUrl(image) : session.attachBlob(image));
    const first = (await session.listParts()).find(({ fstype }) => fstype);
    return { session, mountPath: first ? await session.enter(first.slot_id) : null };
  } catch (error) {
    await session.close().catch(() => {});
    throw error;
  }
}

/** Fetch and compile the kernel before an image is chosen. */
export async function prewarm(opts: BrowserMountOpts = {}): Promise<void> {
  const { loadModule } = await import('./module.js');
  const { module } = 'document' in globalThis ? openOptions({ ...opts, workerUrl: '' }) : {};

  await Promise.all([loadModule(module, `kernel${newSuspension().suffix}`), loadModule(undefined, 'formats')]);
}

export async function prewarmNative(opts: SessionOpts = {}): Promise<void> {
  await getAnyfsNative()?.kernelInit(opts.memMb ?? 64, opts.loglevel ?? 0);
}
