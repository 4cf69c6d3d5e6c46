// SPDX-License-Identifier: GPL-2.0
/*
 * tags.mjs DIRTY - unlock a volume whose authentication tags have a journal to replay
 */
import assert from 'node:assert/strict';

const { open } = await import(process.env.ANYFS_CORE);
const [dirty] = process.argv.slice(2);

{
  await using disk = await open(dirty);
  await assert.rejects(disk.unlock('/', 'right words'),
    (err) => err.code === 'EROFS' && err.message.includes('must be replayed: open the disk with { overlay: true }'));
}
{
  await using disk = await open(dirty, { overlay: true });
  await disk.unlock('/', 'right words');
  assert.equal((await disk.stat('/os-release')).kind, 'file');
}
