// SPDX-License-Identifier: GPL-2.0
/*
 * sw.ts - the service worker: runs the application offline, and gives addresses to files of images
 *
 * The build replaces __FILES__ by the files of the application and __VERSION__ by a hash of
 * them.  An address "served/TOKEN/..." is a file that an open page serves (stream/serve.ts).
 * This file is compiled alone, so it may import only types.
 */
import type { ServedHead, ServedRequest } from '../stream/protocol.js';

declare const __FILES__: string[];
declare const __VERSION__: string;

interface Event_ extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface FetchEvent_ extends Event_ {
  readonly request: Request;
  respondWith(response: Response | Promise<Response>): void;
}
interface Client_ {
  postMessage(message: ServedRequest, transfer: Transferable[]): void;
}
const scope = globalThis as unknown as {
  registration: { scope: string };
  clients: { claim(): Promise<void>; matchAll(options: object): Promise<Client_[]> };
  addEventListener(type: 'install' | 'activate', listener: (event: Event_) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent_) => void): void;
};

const PREFIX = 'anyfs-';
const CACHE = `${PREFIX}${__VERSION__}`;
/** Milliseconds that a page has to answer. */
const ANSWER_TIMEOUT = 20_000;

scope.addEventListener('install', (event) => event.waitUntil(install()));
scope.addEventListener('activate', (event) => event.waitUntil(activate()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);

  if (request.method !== 'GET' || !request.url.startsWith(scope.registration.scope))
    return;
  const path = url.pathname.slice(new URL(scope.registration.scope).pathname.length);
  if (path.startsWith('served/'))
    event.respondWith(serve(path, request));
  else if (!url.search || path === '')
    event.respondWith(fromCache(path, request));
});

/**
 * A new version waits until no page uses the old one: a page may still fetch files of its own
 * version.
 */
async function install(): Promise<void> {
  // Caches cannot hold files of other schemes, and the files of the desktop program are on this
  // computer anyway.
  if (!scope.registration.scope.startsWith('http'))
    return;
  const cache = await caches.open(CACHE);
  // Files with a hash in their names are the same in an older cache.
  for (const file of __FILES__.filter(isUsedHere)) {
    const old = file.startsWith('assets/') ? await caches.match(address(file)) : undefined;
    if (old)
      await cache.put(address(file), old);
    else
      await cache.add(new Request(address(file), { cache: file.startsWith('assets/') ? 'default' : 'reload' }));
  }
}

/** Of the modules with two builds, the browser needs one: see suspend.ts of @anyfs/core. */
function isUsedHere(file: string): boolean {
  const module = /\/(?:kernel|volumes)(-asyncify)?-[^/]*\.wasm$/.exec(file);
  const jspi = 'Suspending' in WebAssembly;

  return !module || jspi === (module[1] === undefined);
}

async function activate(): Promise<void> {
  for (const name of await caches.keys())
    if (name.startsWith(PREFIX) && name !== CACHE)
      await caches.delete(name);
  await scope.clients.claim();
}

function address(file: string): string {
  return new URL(file, scope.registration.scope).href;
}

async function fromCache(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(address(path === '' ? 'index.html' : path));
  return kept ? partOf(kept, request.headers.get('range')) : fetch(request);
}

/** The range of a cached file that a request asks for. */
async function partOf(kept: Response, range: string | null): Promise<Response> {
  const asked = /^bytes=(\d+)-(\d+)$/.exec(range ?? '');
  if (!asked)
    return kept;
  const blob = await kept.blob();
  const start = Number(asked[1]);
  const end = Math.min(blob.size, Number(asked[2]) + 1);
  const headers = new Headers(kept.headers);
  headers.set('Content-Range', `bytes ${start}-${end - 1}/${blob.size}`);
  headers.set('Content-Length', String(end - start));
  return start < end ? new Response(blob.slice(start, end), { status: 206, headers }) :
    new Response(null, { status: 416 });
}

/** Ask the pages for the file; the one that has it answers. */
async function serve(path: string, request: Request): Promise<Response> {
  const clients = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const range = request.headers.get('range');

  return new Promise((resolve) => {
    const missing = () => resolve(new Response('no page serves this file', { status: 404 }));
    const timer = setTimeout(missing, ANSWER_TIMEOUT);
    for (const client of clients) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<ServedHead>) => {
        clearTimeout(timer);
        resolve(new Response(data.body ? streamOf(port1) : null,
          { status: data.status, headers: data.headers }));
      };
      client.postMessage({ serve: path, range, port: port2 }, [port2]);
    }
    if (!clients.length)
      missing();
  });
}

/** The page sends a part for each message "pull"; null is the end. */
function streamOf(port: MessagePort): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => new Promise<void>((resolve, reject) => {
      port.onmessage = ({ data }: MessageEvent<Uint8Array | null | { error: string }>) => {
        if (data === null)
          controller.close();
        else if (data instanceof Uint8Array)
          controller.enqueue(data);
        else
          return reject(new Error(data.error));
        resolve();
      };
      port.postMessage('pull');
    }),
    cancel: () => port.postMessage('cancel'),
  }, { highWaterMark: 1 });
}
