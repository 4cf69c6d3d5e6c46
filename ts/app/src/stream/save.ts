// SPDX-License-Identifier: GPL-2.0
/*
 * save.ts - save a stream of bytes as a file of the user
 */
import type { Show } from '../ui/use-work.js';
import { canServe, keepAlive, serve } from './serve.js';

export interface ToSave {
  name: string;
  /** Bytes, if they are known. */
  size: number | null;
  stream: ReadableStream<Uint8Array>;
}

/** Bytes; without a service worker a download is collected in memory, and a larger one fails. */
const MEMORY_LIMIT = 512 << 20;
/** Milliseconds for the browser to begin a download. */
const BEGIN = 30_000;

/**
 * Start a download as if a link was clicked.  Resolves to the number of bytes when all were passed
 * to the browser.
 */
export async function download({ name, size, stream }: ToSave, show: Show<number>): Promise<number> {
  const counted = new Counted(stream, show);

  if (!canServe())
    await downloadBlob(name, size, counted.stream);
  else
    await downloadServed(name, size, counted.stream);
  return counted.bytes;
}

async function downloadServed(name: string, size: number | null, stream: ReadableStream<Uint8Array>) {
  let ended!: () => void;
  let failed!: (error: unknown) => void;
  const end = new Promise<void>((resolve, reject) => { ended = resolve; failed = reject; });
  const { url, remove } = serve({
    name, size, type: 'application/octet-stream', download: true,
    open: () => withEndCallbacks(stream, ended, failed),
  });
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = url;
  document.body.append(frame);
  try {
    await keepAlive(end);
  } finally {
    remove();
    // The browser may still be writing, but it needs the frame only to begin.
    setTimeout(() => frame.remove(), BEGIN);
  }
}

/** Write the stream to a file that the user has chosen.  Resolves to the number of bytes. */
export async function writeTo(handle: FileSystemFileHandle, stream: ReadableStream<Uint8Array>,
  show: Show<number>): Promise<number> {
  const file = await handle.createWritable();
  const counted = new Counted(stream, show);

  await counted.stream.pipeTo(file as unknown as WritableStream<Uint8Array>);
  return counted.bytes;
}

async function downloadBlob(name: string, size: number | null, stream: ReadableStream<Uint8Array>) {
  if ((size ?? 0) > MEMORY_LIMIT)
    throw new Error('without a service worker large files cannot be downloaded: use a window that is not private, over https');
  const url = URL.createObjectURL(await new Response(stream).blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), BEGIN);
}

/** A stream, and the number of its bytes that were read. */
class Counted {
  bytes = 0;
  readonly stream: ReadableStream<Uint8Array>;

  constructor(stream: ReadableStream<Uint8Array>, show: Show<number>) {
    this.stream = stream.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
      transform: (part, controller) => {
        controller.enqueue(part);
        this.bytes += part.length;
        show(() => this.bytes);
      },
    }));
  }
}

/** Return the same stream, and report its end. */
function withEndCallbacks(stream: ReadableStream<Uint8Array>, ended: () => void, failed: (error: unknown) => void) {
  const reader = stream.getReader();

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await reader.read();
        if (!done)
          return controller.enqueue(value);
        controller.close();
        ended();
      } catch (error) {
        failed(error);
        throw error;
      }
    },
    async cancel(reason) {
      failed(new DOMException('the download was cancelled', 'AbortError'));
      await reader.cancel(reason);
    },
  });
}
