// SPDX-License-Identifier: GPL-2.0
/*
 * write.mjs IMAGE - change the file system of IMAGE, whose root has the file "old"
 */
import assert from 'node:assert/strict';
import { createReadStream, writeFileSync } from 'node:fs';

const { open } = await import(process.env.ANYFS_CORE);
const [image] = process.argv.slice(2);
const big = new Uint8Array(3_000_001).map((_, i) => (i * 2654435761) >>> 24);
const fails = (code, promise) => assert.rejects(promise, (err) => err.code === code);

const disk = await open(image, { write: true });
await disk.mkdir('/p0/dir');
await disk.mkdir('/p0/dir/sub');
await fails('EEXIST', disk.mkdir('/p0/dir'));
await disk.writeFile('/p0/dir/text', 'first\n');
await disk.writeFile('/p0/dir/text', 'second\n');
await disk.writeFile('/p0/dir/sub/big', big);
await disk.sync();
writeFileSync('big', big);
await disk.writeFile('/p0/dir/stream', createReadStream('big'));
await disk.rename('/p0/old', '/p0/dir/sub/renamed');
await fails('ENOENT', disk.stat('/p0/old'));
await fails('ENOTEMPTY', disk.rmdir('/p0/dir/sub'));
await disk.mkdir('/p0/gone');
await disk.mkdir('/p0/gone/deeper');
await disk.writeFile('/p0/gone/deeper/file', 'x');
await disk.rm('/p0/gone');
await fails('ENOENT', disk.stat('/p0/gone'));
await fails('EBUSY', disk.rmdir('/p0'));

const file = await disk.open('/p0/dir/text', 'r+');
await file.write(new TextEncoder().encode('SEC'), 0);
await file.truncate(4);
await file.sync();
assert.equal(await file.text(), 'SECo');
await file.close();
await disk.close();

const again = await open(image);
assert.equal((await again.stat('/p0/dir/sub/big')).size, big.length);
await fails('EROFS', again.writeFile('/p0/dir/text', 'x'));
await again.close();
