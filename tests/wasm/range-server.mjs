// SPDX-License-Identifier: GPL-2.0
/*
 * range-server.mjs - a server of files, with faults that a test can choose
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createServer } from 'node:http';

/** Serve the file @path; @faults may be changed at any time. */
export async function serveFile(path, faults = {}) {
  const statistics = { requests: 0, bytes: 0, together: 0, most: 0 };
  const server = createServer((request, response) => {
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
    const tag = { ETag: faults.etag ?? '"1"' };
    statistics.requests++;
    statistics.most = Math.max(statistics.most, ++statistics.together);
    // Others come meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
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
      response.writeHead(206, { ...tag, 'Content-Range': `bytes ${first}-${last}/${size}` }).end(body);
    }
  } finally {
    statistics.together--;
    closeSync(fd);
  }
}
