// SPDX-License-Identifier: GPL-2.0
/*
 * url-little.mjs URL TREE - only the needed parts of a large image are read from a slow server
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const { open } = await import(process.env.ANYFS_CORE);
const [url, tree] = process.argv.slice(2);
const KIB = 1024;

/** What the server has sent since the last call. */
const before = { requests: 0, bytes: 0 };
async function sent() {
  const now = await (await fetch(new URL('/statistics', url))).json();
  const used = { requests: now.requests - before.requests, bytes: now.bytes - before.bytes };
  Object.assign(before, now);
  return used;
}

async function limited(what, limit) {
  const { requests, bytes } = await sent();
  process.stderr.write(`${what}: ${requests} requests, ${bytes / KIB} KiB\n`);
  assert.ok(requests <= limit.requests, `${what}: ${requests} requests`);
  assert.ok(bytes <= limit.bytes, `${what}: ${bytes} bytes`);
}

await using disk = await open(url);
assert.ok(disk.size >= 1e9);
const names = [];
for await (const { name } of disk.readdir('/'))
  names.push(name);
assert.ok(names.includes('os-release'));
await limited('the first listing', { requests: 16, bytes: 2048 * KIB });

const text = await new Response(disk.readStream('/os-release')).text();
assert.equal(text, readFileSync(`${tree}/os-release`, 'utf8'));
await limited('a small file', { requests: 4, bytes: 256 * KIB });

// Reading 1 MiB in the middle of a large file does not fetch the rest of the file.
{
  await using file = await disk.open('/large');
  const part = await file.read(20 << 20, 1 << 20);
  assert.deepEqual(part, new Uint8Array(readFileSync(`${tree}/large`)).slice(20 << 20, 21 << 20));
}
await limited('1 MiB of a large file', { requests: 12, bytes: 4096 * KIB });
