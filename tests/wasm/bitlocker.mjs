// SPDX-License-Identifier: GPL-2.0
/*
 * bitlocker.mjs IMAGE UUID KEY [WRONG] - unlock a BitLocker volume and check the UUID of its file
 * system; no file is read, since some test images of cryptsetup are cut off
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const { open } = await import(process.env.ANYFS_CORE);
const [image, uuid, key, wrong] = process.argv.slice(2);

await using disk = await open(image);
const [locked] = await disk.partitions();
assert.deepEqual([locked.content, locked.locked], ['BitLocker', true]);
await assert.rejects(disk.stat('/'), { code: 'ENOKEY' });
if (wrong)
  await assert.rejects(disk.unlock('/', wrong), (err) =>
    err.code === 'EKEYREJECTED' && /opens none of its protectors/.test(err.message));
await disk.unlock('/', readFileSync(key));
const [open_] = await disk.partitions();
assert.deepEqual([open_.content, open_.locked, open_.uuid], ['BitLocker', false, uuid]);
