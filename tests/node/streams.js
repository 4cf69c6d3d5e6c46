// SPDX-License-Identifier: GPL-2.0
//
// Streams that read ahead give the bytes of the file.	streams.js EXT4-IMAGE FILE (/data in it)

'use strict';

const assert = require('node:assert');
const nodeFs = require('node:fs');
const { once } = require('node:events');
const { open } = require('@anyfs/native');
const { fails, cases } = require('./lib-image.js');

const [image, file] = process.argv.slice(2);
const data = nodeFs.readFileSync(file);

async function withDisk(body, options = {}) {
  const disk = await open(image, options);
  try {
    return await body(disk.fs);
  } finally {
    await disk.close();
  }
}

async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream)
    chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A generator of numbers below `limit` that are the same in each run. */
function numbers(seed) {
  return (limit) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return Math.floor(seed / 2 ** 31 * limit);
  };
}

async function compareRanges(fs) {
  const below = numbers(7);
  for (let i = 0; i < 60; i++) {
    const start = i % 3 ? below(data.length) : undefined;
    const end = i % 4 ? (start ?? 0) + below(data.length) : undefined;
    const highWaterMark = [1000, 65536, 4096, 700000][i % 4];
    const got = await collect(fs.createReadStream('/data', { start, end, highWaterMark }));
    assert.ok(got.equals(data.subarray(start ?? 0, end === undefined ? undefined : end + 1)),
              `start ${start}, end ${end}, highWaterMark ${highWaterMark}`);
  }
}

const listed = {
  'ranges and chunk sizes give the bytes of the file': () => withDisk(compareRanges),
  'an isolated kernel gives the bytes of the file': () => withDisk(compareRanges, { isolate: true }),
  'read(size) may be larger than a chunk': () => withDisk(async (fs) => {
    const stream = fs.createReadStream('/data');
    const chunks = [];
    const below = numbers(3);
    stream.on('readable', () => {
      let chunk;
      while ((chunk = stream.read(1 + below(300000))) !== null || (chunk = stream.read()) !== null)
        chunks.push(chunk);
    });
    await once(stream, 'end');
    assert.ok(Buffer.concat(chunks).equals(data));
  }),
  'a stream that is destroyed closes its file': () => withDisk(async (fs) => {
    for (const wait of ['open', 'readable']) {
      const stream = fs.createReadStream('/data');
      await once(stream, wait);
      const { fd } = stream;
      stream.destroy();
      await once(stream, 'close');
      await fails('EBADF', () => fs.fstatSync(fd));
    }
  }),
  'an error in a handler is an exception': () => withDisk(async (fs) => {
    const thrown = once(process, 'uncaughtException');
    fs.createReadStream('/data').once('data', () => {
      throw new Error('of the handler');
    });
    assert.strictEqual((await thrown)[0].message, 'of the handler');
  }),
  'a read error ends the stream': () => withDisk(async (fs) => {
    await fails('EISDIR', () => collect(fs.createReadStream('/lost+found')));
    await fails('ENOENT', () => collect(fs.createReadStream('/none')));
  }),
  'the position of a given descriptor follows the read bytes only': () => withDisk(async (fs) => {
    const fd = fs.openSync('/data');
    const stream = fs.createReadStream('', { fd, autoClose: false, highWaterMark: 100, end: 99 });
    assert.ok((await collect(stream)).equals(data.subarray(0, 100)));
    const rest = Buffer.alloc(10);
    fs.readSync(fd, rest, 0, 10, null);
    assert.ok(rest.equals(data.subarray(100, 110)));
    fs.closeSync(fd);
  }),
};

cases(listed);
