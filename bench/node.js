// SPDX-License-Identifier: GPL-2.0
//
// node.js ROW IMAGE DIRECTORY - time @anyfs/native and node:fs in turns: prints both minima
//
// IMAGE is an ext4 with the files of DIRECTORY: small (4 KiB), large (1 GiB), many/ (10,000).
// Row "first-byte" prints the seconds to load the package, open IMAGE and read a byte; row
// "memory" the resident bytes of one open disk.

'use strict';

const nodeFs = require('node:fs');
const path = require('node:path');
const { Writable } = require('node:stream');
const { pipeline } = require('node:stream/promises');

const [row, image, directory] = process.argv.slice(2);
const ROUNDS = 15;

const seconds = async (body) => {
  const start = process.hrtime.bigint();
  await body();
  return Number(process.hrtime.bigint() - start) / 1e9;
};

const times = (count, body) => () => {
  for (let i = 0; i < count; i++)
    body();
};

const timesAsync = (count, body) => async () => {
  for (let i = 0; i < count; i++)
    await body();
};

const drop = () => new Writable({ write: (chunk, encoding, done) => done() });

/** For each row: the body to time, for an fs and the directory of its files. */
const rows = {
  readFileSync: (fs, top) => times(2000, () => fs.readFileSync(`${top}/small`)),
  readFile: (fs, top) => timesAsync(1000, () => fs.promises.readFile(`${top}/small`)),
  readFile64: (fs, top) => timesAsync(30, () => Promise.all(
    Array.from({ length: 64 }, () => fs.promises.readFile(`${top}/small`)))),
  readdir: (fs, top) => times(3, () => fs.readdirSync(`${top}/many`, { withFileTypes: true })),
  readdirAsync: (fs, top) => timesAsync(3, () => fs.promises.readdir(`${top}/many`, { withFileTypes: true })),
  stream: (fs, top) => () => pipeline(fs.createReadStream(`${top}/large`), drop()),
  statSync: (fs, top) => times(5000, () => fs.statSync(`${top}/small`)),
};

async function compare() {
  const { open } = require('@anyfs/native');
  const disk = await open(image, { memory: 256 });
  const ours = rows[row](disk.fs, '');
  const peer = rows[row](nodeFs, path.resolve(directory));
  const best = [Infinity, Infinity];
  for (let round = 0; round < (row === 'stream' ? 4 : ROUNDS); round++)
    for (const [i, body] of [ours, peer].entries())
      best[i] = Math.min(best[i], await seconds(body));
  console.log(...best);
  await disk.close();
}

async function firstByte() {
  const took = await seconds(async () => {
    const disk = await require('@anyfs/native').open(image);
    disk.fs.readSync(disk.fs.openSync('/small'), Buffer.alloc(1));
  });
  console.log(took);
  process.reallyExit(0);
}

async function memory() {
  const { open } = require('@anyfs/native');
  const disks = [await open(image)];
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 8; i++) {
    disks.push(await open(image));
    disks.at(-1).fs.readFileSync('/small');
  }
  console.log((process.memoryUsage().rss - before) / 8);
  await Promise.all(disks.map((disk) => disk.close()));
}

({ 'first-byte': firstByte, memory }[row] ?? compare)();
