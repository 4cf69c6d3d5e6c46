// SPDX-License-Identifier: GPL-2.0
/*
 * pages.ts - serve the files of the page by the protocol anyfs:
 *
 * At an address that begins with "file:" the page would have no origin, and could read any file.
 */
import { protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

export const SCHEME = 'anyfs';
export const ORIGIN = `${SCHEME}://app`;

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.qcow2': 'application/octet-stream',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export function isOwn(url: string): boolean {
  return url.startsWith(`${ORIGIN}/`);
}

/** Images at addresses are fetched from any server; nothing else comes from outside. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "frame-src 'self' blob:",
  "connect-src 'self' blob: http: https:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function serveFiles(directory: string): void {
  protocol.handle(SCHEME, (request) => answer(directory, request));
}

/** @param directory with the built page  @return 404 for everything that is not in it */
export async function answer(directory: string, request: Request): Promise<Response> {
  const missing = () => new Response('there is no such file', { status: 404 });
  const url = new URL(request.url);
  const path = fileOf(directory, url);

  if (url.host !== 'app' || path === null)
    return missing();
  if (request.method !== 'GET')
    return new Response('only GET is possible', { status: 405 });
  try {
    const data = await readFile(path);
    return partOf(new Uint8Array(data), request.headers.get('range'), {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
    });
  } catch {
    return missing();
  }
}

/** null: the address leads out of @directory. */
function fileOf(directory: string, { pathname }: URL): string | null {
  let name: string;

  try {
    name = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const path = normalize(join(directory, name.endsWith('/') ? `${name}index.html` : name));
  return path.startsWith(directory + sep) && !path.includes('\0') ? path : null;
}

function partOf(data: Uint8Array<ArrayBuffer>, range: string | null, headers: Record<string, string>): Response {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(range ?? '');

  if (!asked)
    return new Response(data, { headers: { ...headers, 'Content-Length': String(data.length) } });
  const start = Number(asked[1]);
  const end = Math.min(data.length, asked[2] ? Number(asked[2]) + 1 : data.length);
  if (start >= end)
    return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${data.length}` } });
  return new Response(data.subarray(start, end), {
    status: 206,
    headers: {
      ...headers, 'Content-Length': String(end - start),
      'Content-Range': `bytes ${start}-${end - 1}/${data.length}`,
    },
  });
}
