// SPDX-License-Identifier: GPL-2.0
/*
 * url.mjs IMAGE TREE - read an image from a server
 */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { manifest } from './manifest.mjs';
import { assertSame } from './host-manifest.mjs';
import { serveFile } from './range-server.mjs';

const { open } = await import(process.env.ANYFS_CORE);
const [image, tree] = process.argv.slice(2);
const faults = {};
const server = await serveFile(image, faults);

// A listing takes a small part of the image.
{
  await using disk = await open(server.url);
  for await (const _ of disk.readdir('/'));
  const { bytes } = server.statistics;
  assert.ok(bytes < statSync(image).size / 8, `listing the root fetched ${bytes} bytes`);
}

// Read all files, although some requests fail at first; several requests are in flight.
{
  await using disk = await open(server.url);
  faults.fail = 2;
  await assertSame(await manifest(disk, '/'), tree);
  assert.ok(server.statistics.maxTogether > 1, 'one request at a time');
}

// Data that was read is not fetched again.
{
  await using disk = await open(server.url);
  await using file = await disk.open('/os-release');
  await file.text();
  const { requests } = server.statistics;
  await file.text();
  assert.equal(server.statistics.requests, requests);
}

// Read a file that changes on the server meanwhile.
{
  await using disk = await open(server.url);
  await disk.partitions();
  faults.etag = '"2"';
  const read = async () => (await disk.open('/deep/big')).read(0, 5_000_000);
  await assert.rejects(read(), (err) => err.code === 'EIO' &&
    err.cause.code === 'CHANGEDURL' && /changed on the server; open it again/.test(err.cause.message));
  delete faults.etag;
}

faults.noRanges = true;
await assert.rejects(open(server.url), { code: 'NORANGE', message: /does not send ranges/ });
delete faults.noRanges;
await assert.rejects(open('http://127.0.0.1:1/disk.img'), { code: 'UNREACHABLE' });
await assert.rejects(open(server.url.replace('disk.img', ''), { signal: AbortSignal.abort() }),
  { name: 'AbortError' });
server.close();
