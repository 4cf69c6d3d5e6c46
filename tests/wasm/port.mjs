// SPDX-License-Identifier: GPL-2.0
/*
 * port.mjs IMAGE QCOW2 - open the ext4 IMAGE through a MessagePort, change it, and write the
 * changes in place; a QCOW2 cannot be written in this way; either end of a port may close at any
 * time
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [image, qcow2] = process.argv.slice(2);
const { open } = await import(process.env.ANYFS_CORE);
const { DiskServer } = await import(join(dirname(process.env.ANYFS_CORE), 'serve.js'));

function served(left) {
  const { port1, port2 } = new MessageChannel();
  const server = new DiskServer((message) => port2.postMessage(message),
    ({ image, options }) => open(image, { ...options, worker: false }), left);
  port2.onmessage = ({ data }) => server.receive(data);
  return { port: port1, other: port2, server };
}

async function steps(generator) {
  const found = [];
  for await (const step of generator)
    found.push(step);
  return found;
}

const { port } = served();
const before = readFileSync(image);
const disk = await open(image, { overlay: true, write: true, worker: port });
assert.equal(disk.size, before.length);
assert.equal((await disk.partitions())[0].fstype, 'ext4');
const names = [];
for await (const { name } of disk.readdir('/'))
  names.push(name);
assert.ok(names.includes('os-release'));
await disk.writeFile('/os-release', 'committed\n');
await disk.writeFile('/large', new Uint8Array(3 << 20).fill(7));
await disk.sync();
assert.deepEqual(readFileSync(image), before, 'nothing is written before commit()');
const written = await steps(disk.commit());
assert.ok(written.length > 2, 'progress is reported between the first and the last byte');
assert.ok(written.at(-1) >= 3 << 20);
const { bytes } = await disk.changes();
assert.ok(bytes < 1 << 20, `after commit() ${bytes} bytes are changed`);

// The disk can be changed and committed again.
await disk.writeFile('/again', 'second\n');
await steps(disk.commit());
await assert.rejects(disk.stat('/missing'), { code: 'ENOENT' });
await disk.close();

const readOnly = await open(image, { overlay: true, worker: served().port });
await readOnly.writeFile('/os-release', 'not kept\n');
await assert.rejects(steps(readOnly.commit()), { code: 'EROFS' });
await readOnly.close();
const format = await open(qcow2, { overlay: true, write: true, worker: served().port });
await format.writeFile('/os-release', 'not kept\n');
await assert.rejects(steps(format.commit()), /can only be read/);
await format.close();

// The server notices an end that closes its port without closing the disk.
const aborted = new AbortController();
const noticed = new Promise((left) => {
  void open(image, { worker: served(left).port, signal: aborted.signal }).then(() => aborted.abort());
});
await noticed;

// A call fails when the other end closes its port.
const gone = served();
const left = await open(image, { worker: gone.port });
gone.other.close();
await assert.rejects(left.stat('/os-release'), /closed its port/);
await gone.server.close();

// The other end leaves while its disk is opened: the disk is closed, and nothing waits for bytes
// that only the other end has.
for (const needsBytes of [false, true]) {
  const { port1, port2 } = new MessageChannel();
  let started, letOpen, closed = 0;
  const opening = new Promise((resolve) => { started = resolve; });
  const gate = new Promise((resolve) => { letOpen = resolve; });
  const gone = new Promise((left) => {
    const slow = new DiskServer((message) => port2.postMessage(message), async ({ image: source }) => {
      started();
      if (needsBytes)
        await assert.rejects(async () => source.read(new Uint8Array(1), 0), /other end.* has closed the channel/);
      await gate;
      return { size: 1, close: async () => { closed++; } };
    }, left);
    port2.onmessage = ({ data }) => slow.receive(data);
  });
  const stop = new AbortController();
  const source = { size: 1, name: 'never', read: () => new Promise(() => {}) };
  const pending = open(source, { worker: port1, signal: stop.signal });
  await opening;
  stop.abort();
  await assert.rejects(pending, { name: 'AbortError' });
  letOpen();
  await gone;
  assert.equal(closed, 1);
}

// startAll() calls all functions even if some fail, and reports the first error.
{
  const { startAll } = await import(join(dirname(process.env.ANYFS_CORE), 'settle.js'));
  const done = [];
  const start = (name, fails) => async () => {
    done.push(name);
    if (fails)
      throw new Error(name);
  };
  await assert.rejects(startAll([start('a'), start('b', true), start('c', true), start('d')]), /^Error: b$/);
  assert.deepEqual(done, ['a', 'b', 'c', 'd']);
}
