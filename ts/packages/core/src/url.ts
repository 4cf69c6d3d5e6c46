// SPDX-License-Identifier: GPL-2.0
/*
 * url.ts - an image at an address, of which only the ranges that are read are fetched
 *
 * Every answer is compared with the first one: if the file changes on the server, the blocks of
 * both versions would not be a consistent disk.
 */
import { BLOCK, BlockCache } from './block-cache.js';
import { type Source, SourceError } from './source.js';

/** Requests of at most 1 MiB. */
const CACHE = { fetchBlocks: 16, aheadBlocks: 64, inFlight: 6 };
const TRIES = 3;

export interface UrlOptions {
  /** MiB of fetched blocks to keep; 32 by default. */
  cache?: number;
  /** Additional header fields of every request, for example for authorization. */
  headers?: Record<string, string>;
  /** Ends all requests. */
  signal?: AbortSignal | undefined;
}

/** The properties of the file that must not change while the image is open. */
interface State {
  size: number;
  etag: string | null;
  modified: string | null;
}

export class UrlSource implements Source {
  readonly size: number;
  /** Requests sent and bytes received, for progress and tests. */
  readonly statistics = { requests: 0, bytes: 0 };
  private readonly blocks: BlockCache;
  private readonly abort = new AbortController();

  private constructor(readonly name: string, private readonly state: State,
    private readonly options: UrlOptions) {
    this.size = state.size;
    this.blocks = new BlockCache(state.size, { ...CACHE, bytes: (options.cache ?? 32) << 20 },
      (start, end) => this.fetchRange(start, end));
  }

  /** Ask the server for the size of the file, and whether it sends ranges. */
  static async open(url: string | URL, options: UrlOptions = {}): Promise<UrlSource> {
    const name = String(url);
    const response = await send(name, 0, BLOCK - 1, options, options.signal);
    const data = new Uint8Array(await response.arrayBuffer());
    const size = sizeOf(response) ?? await askSize(name, options);
    const source = new UrlSource(name, { ...stateOf(response), size }, options);

    source.statistics.requests++;
    source.statistics.bytes += data.length;
    source.blocks.putFirst(data);
    return source;
  }

  read(into: Uint8Array, offset: number): void | Promise<void> {
    return this.blocks.read(into, offset);
  }

  close(): void {
    this.abort.abort(new Error(`${this.name}: the image was closed`));
    this.blocks.clear();
  }

  private async fetchRange(start: number, end: number): Promise<Uint8Array> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.fetchOnce(start, end);
      } catch (error) {
        if (tries === TRIES || this.abort.signal.aborted ||
          (error instanceof SourceError && !TEMPORARY.has(error.code)))
          throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 << tries));
      }
    }
  }

  private async fetchOnce(start: number, end: number): Promise<Uint8Array> {
    this.statistics.requests++;
    const response = await send(this.name, start, end - 1, this.options, this.abort.signal);
    this.check(response);
    const data = new Uint8Array(await response.arrayBuffer());
    this.statistics.bytes += data.length;
    if (data.length !== end - start)
      throw new Error(`${this.name}: the server sent ${data.length} of ${end - start} bytes`);
    return data;
  }

  private check(response: Response): void {
    const now = stateOf(response);
    const { size, etag, modified } = this.state;
    const nowSize = sizeOf(response);

    if ((nowSize !== null && nowSize !== size) || now.etag !== etag || now.modified !== modified)
      throw new SourceError('CHANGEDURL', `${this.name}: the file has changed on the server; open it again`);
  }
}

/** Retrying may help: the network failed, or the server reported an internal error. */
const TEMPORARY: ReadonlySet<string> = new Set(['UNREACHABLE', 'SERVER']);

/** In pages fetch() fails with a TypeError that does not say why. */
async function fetchResponse(name: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(name, request);
  } catch (error) {
    throw error instanceof TypeError ?
      new SourceError('UNREACHABLE', `${name}: the request failed: ${error.message}`, { cause: error.cause }) : error;
  }
}

async function send(name: string, first: number, last: number, options: UrlOptions,
  signal: AbortSignal | undefined): Promise<Response> {
  const signals = [options.signal, signal].filter((s) => s !== undefined);
  // Do not use the browser's cache, which may join ranges of two versions of the file.
  const response = await fetchResponse(name, {
    headers: { ...options.headers, Range: `bytes=${first}-${last}` },
    cache: 'no-store', signal: AbortSignal.any(signals),
  });

  if (response.status === 206)
    return response;
  await response.body?.cancel();
  if (response.status === 416)
    throw new SourceError('CHANGEDURL', `${name}: the file is empty, or became shorter`);
  if (response.ok)
    throw new SourceError('NORANGE', `${name}: the server does not send ranges of files; download the image`);
  throw statusError(name, response);
}

function statusError(name: string, { status, statusText }: Response): SourceError {
  const code = status === 401 || status === 403 ? 'DENIED' : status < 500 ? 'MISSING' : 'SERVER';
  return new SourceError(code, `${name}: the server answers ${status} ${statusText}`);
}

/** The size of the whole file; null: the server does not let pages of other origins see it. */
function sizeOf(response: Response): number | null {
  const m = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  return m ? Number(m[1]) : null;
}

async function askSize(name: string, options: UrlOptions): Promise<number> {
  const response = await fetchResponse(name, {
    method: 'HEAD', headers: options.headers ?? {}, cache: 'no-store',
    signal: options.signal ?? null,
  });
  const size = Number(response.headers.get('content-length') ?? NaN);
  if (!response.ok || !Number.isSafeInteger(size) || size <= 0)
    throw new SourceError('NOSIZE', `${name}: the server does not say how large the file is`);
  return size;
}

function stateOf(response: Response): State {
  return {
    size: 0, etag: response.headers.get('etag'), modified: response.headers.get('last-modified'),
  };
}
