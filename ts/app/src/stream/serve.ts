// SPDX-License-Identifier: GPL-2.0
/*
 * serve.ts - give addresses to content of this page, with the service worker
 *
 * The page does the work, so that the service worker can be stopped and started at any time.
 */
import type { ServedHead, ServedRequest } from './protocol.js';

export interface Served {
  name: string;
  type: string;
  /** Size in bytes; null: not known before the end, so ranges cannot be served. */
  size: number | null;
  download: boolean;
  /** The content from @start on, up to @end (exclusive). */
  open(start: number, end: number): ReadableStream<Uint8Array>;
}

const token = crypto.randomUUID();
const files = new Map<string, Served>();
let lastNumber = 0;
/** Milliseconds between two messages: without events a service worker is stopped after 30 s. */
const ALIVE = 10_000;

/** Whether this page has a service worker that serves its files. */
export function canServe(): boolean {
  return Boolean(navigator.serviceWorker?.controller);
}

/** The address of @file until remove() is called. */
export function serve(file: Served): { url: string; remove(): void } {
  const key = `served/${token}/${++lastNumber}`;
  files.set(key, file);
  return {
    url: new URL(`${key}/${encodeURIComponent(file.name)}`, document.baseURI).href,
    remove: () => { files.delete(key); },
  };
}

/** Keep the service worker running while @work is in progress. */
export async function keepAlive<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => navigator.serviceWorker.controller?.postMessage('alive'), ALIVE);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

navigator.serviceWorker?.addEventListener('message', ({ data }: MessageEvent<ServedRequest>) => {
  const file = files.get(data.serve.split('/').slice(0, 3).join('/'));
  // Otherwise another page serves the file.
  if (file)
    answer(file, data);
});

function answer(file: Served, { range, port }: ServedRequest): void {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
  const size = file.size ?? Infinity;
  const start = asked && file.size !== null ? Number(asked[1]) : 0;
  const end = asked?.[2] ? Math.min(size, Number(asked[2]) + 1) : size;
  const partial = asked !== null && file.size !== null;
  const possible = start < end || (start === 0 && !partial);
  const head: ServedHead = {
    status: possible ? (partial ? 206 : 200) : 416,
    headers: headersOf(file, partial && possible ? { start, end } : null),
    body: possible,
  };

  port.postMessage(head);
  if (possible)
    send(file.open(start, end), port);
}

function headersOf(file: Served, range: { start: number; end: number } | null): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': file.type,
    'Cache-Control': 'no-store',
    // Content of an image must not act with the rights of the page.
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
  };

  if (file.download)
    headers['Content-Disposition'] =
      `attachment; filename*=UTF-8''${encodeURIComponent(file.name).replace(/['()*]/g, escapeByte)}`;
  if (file.size !== null) {
    headers['Accept-Ranges'] = 'bytes';
    headers['Content-Length'] = String(range ? range.end - range.start : file.size);
    if (range)
      headers['Content-Range'] = `bytes ${range.start}-${range.end - 1}/${file.size}`;
  }
  return headers;
}

function escapeByte(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
}

function send(stream: ReadableStream<Uint8Array>, port: MessagePort): void {
  const reader = stream.getReader();

  port.onmessage = async ({ data }: MessageEvent<'pull' | 'cancel'>) => {
    if (data === 'cancel')
      return void reader.cancel('the browser has ended the request').catch(() => {});
    try {
      const { value, done } = await reader.read();
      port.postMessage(done ? null : value);
    } catch (error) {
      port.postMessage({ error: (error as Error).message });
    }
  };
}
