// SPDX-License-Identifier: GPL-2.0
//
// Copy a disk that is in use.	frozen.js EXT4-IMAGE COPY

'use strict';

const assert = require('node:assert');
const nodeFs = require('node:fs');
const { open } = require('@anyfs/native');
const { fails, cases } = require('./lib-image.js');

const [image, copy] = process.argv.slice(2);

const copies = (isolate) => async () => {
  const disk = await open(image, { write: true, isolate });
  const { promises: fs } = disk.fs;
  const name = isolate ? '/isolated' : '/here';
  let during = [];
  await fs.writeFile(name, 'before\n');
  const result = await disk.frozen(async () => {
    // More writers than the disk has threads wait, and do not keep it from thawing.
    during = Array.from({ length: 12 }, (_, i) => fs.writeFile(`${name}-${i}`, 'later\n'));
    await new Promise(setImmediate);
    nodeFs.copyFileSync(image, copy + name.slice(1));
    if (!isolate)
      await fails('ERR_DISK_FROZEN', () => disk.fs.readFileSync(name));
    await fails('ERR_DISK_FROZEN', () => disk.frozen(() => {}));
    return 'result';
  });
  assert.strictEqual(result, 'result');
  await Promise.all(during);
  assert.strictEqual(await fs.readFile(`${name}-11`, 'utf8'), 'later\n');
  await assert.rejects(disk.frozen(() => { throw new Error('of the body'); }), /of the body/);
  await fs.writeFile(name, 'after\n');
  await disk.close();
};

cases({
  'a copy of a frozen disk is clean, and calls wait': copies(false),
  'the same with an isolated kernel': copies(true),
  'a disk that is only read can be frozen': async () => {
    const disk = await open(image);
    assert.strictEqual(await disk.frozen(() => 1), 1);
    await disk.close();
  },
  'an argument that is not a function is refused': async () => {
    const disk = await open(image);
    await fails('ERR_INVALID_ARG_TYPE', () => disk.frozen('text'));
    await disk.close();
  },
});
