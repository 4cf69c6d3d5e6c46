// SPDX-License-Identifier: GPL-2.0
/*
 * range-server.mjs - a server of a file, with faults that a test can choose
 *
 * As a program, range-server.mjs FILE LATENCY RATE prints the address of the file.  It answers
 * after LATENCY milliseconds, with RATE bytes per second over all connections; other origins
 * may read.  The address /statistics says what was sent.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ALLOW = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Content-Range, Content-Length, ETag',
};
/** Bytes that are sent at once. */
const PART = 16384;

/** Serve the file @path; @faults may be changed at any time. */
export async function serveFile(path, faults = {}) {
  const statistics = { requests: 0, bytes: 0, together: 0, maxTogether: 0 };
  const server = createServer((request, response) => {
    if (request.url === '/statistics')
      response.writeHead(200, ALLOW).end(JSON.stringify(statistics));
    else
      void answer(request, response, path, faults, statistics);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${server.address().port}/disk.img`, statistics,
    close: () => { server.closeAllConnections(); server.close(); },
  };
}

async function answer(request, response, path, faults, statistics) {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const m = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const tag = { ...ALLOW, ETag: faults.etag ?? '"1"' };
    statistics.requests++;
    statistics.maxTogether = Math.max(statistics.maxTogether, ++statistics.together);
    // Other requests come meanwhile.
    await sleep(faults.latency ?? 0);
    if (faults.fail && faults.fail-- > 0) {
      response.writeHead(503).end();
    } else if (!m || faults.noRanges) {
      response.writeHead(200, { ...tag, 'Content-Length': size });
      response.end(request.method === 'HEAD' ? undefined : Buffer.alloc(size));
    } else {
      const first = Number(m[1]);
      const last = Math.min(size - 1, Number(m[2]));
      const body = Buffer.alloc(last - first + 1);
      readSync(fd, body, 0, body.length, first);
      statistics.bytes += body.length;
      response.writeHead(206, { ...tag, 'Content-Range': `bytes ${first}-${last}/${size}` });
      await send(response, body, faults);
    }
  } finally {
    statistics.together--;
    closeSync(fd);
  }
}

/** All answers wait for the end of this promise: they share one line. */
let line = Promise.resolve();

async function send(response, body, { rate = Infinity }) {
  for (let at = 0; at < body.length && rate < Infinity; at += PART) {
    const part = body.subarray(at, at + PART);
    line = line.then(() => sleep(1000 * part.length / rate));
    await line;
    response.write(part);
  }
  response.end(rate < Infinity ? undefined : body);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, latency, rate] = process.argv.slice(2);
  console.log((await serveFile(path, { latency: Number(latency), rate: Number(rate) })).url);
}
