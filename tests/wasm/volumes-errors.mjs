// SPDX-License-Identifier: GPL-2.0
/*
 * volumes-errors.mjs DAMAGED MODERATE LVM - errors of headers that cannot be used, and limits
 *
 * DAMAGED has two damaged LUKS2 headers; key derivation of MODERATE needs 32 MiB; LVM is one of
 * two members of a group.
 */
import assert from 'node:assert/strict';

const { open } = await import(process.env.ANYFS_CORE);
const [damaged, moderate, lvm] = process.argv.slice(2);
const rejects = (code, text, promise) =>
  assert.rejects(promise, (err) => err.code === code && err.message.includes(text));

{
  await using disk = await open(damaged);
  await rejects('EUCLEAN', "both copies of its LUKS2 header are damaged, unlock '/'", disk.unlock('/', 'x'));
}
{
  await using disk = await open(moderate);
  await rejects('E2BIG', 'needs 32 MiB of memory, more than the limit of 16 MiB (kdfMemory)',
    disk.unlock('/', 'right words', { kdfMemory: 16 }));
  await disk.unlock('/', 'right words', { kdfMemory: 32, kdfSeconds: 1000 });
  assert.equal((await disk.stat('/')).kind, 'dir');
}
{
  // PBKDF2 without WebCrypto, as in a page that is not a secure context.
  Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined });
  await using disk = await open('pbkdf2.img');
  await disk.unlock('/', 'right words');
  assert.equal((await disk.stat('/os-release')).kind, 'file');
}
{
  await using disk = await open(lvm);
  const [group, volume] = await disk.partitions();
  assert.deepEqual([group.content, volume.path, volume.fstype], ['LVM2_member', '/vol', null]);
  assert.match(volume.error.message, /missing/);
}
