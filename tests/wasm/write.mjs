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
await disk.mkdir('/dir');
await disk.mkdir('/dir/sub');
await fails('EEXIST', disk.mkdir('/dir'));
await disk.writeFile('/dir/text', 'first\n');
await disk.writeFile('/dir/text', 'second\n');
await disk.writeFile('/dir/sub/big', big);
await disk.sync();
writeFileSync('big', big);
await disk.writeFile('/dir/stream', createReadStream('big'));
await disk.writeFile('/there', 'stays\n');
await assert.rejects(disk.rename('/old', '/there', { replace: false }), { code: 'EEXIST' });
assert.equal(await new Response(disk.readStream('/there')).text(), 'stays\n');
await disk.unlink('/there');
await disk.rename('/old', '/dir/sub/renamed', { replace: false });
await fails('ENOENT', disk.stat('/old'));
await fails('ENOTEMPTY', disk.rmdir('/dir/sub'));
await disk.mkdir('/gone');
await disk.mkdir('/gone/deeper');
await disk.writeFile('/gone/deeper/file', 'x');
await disk.rm('/gone');
await fails('ENOENT', disk.stat('/gone'));
await fails('EBUSY', disk.rmdir('/'));

const file = await disk.open('/dir/text', 'r+');
await file.write(new TextEncoder().encode('SEC'), 0);
await file.truncate(4);
await file.sync();
assert.equal(await file.text(), 'SECo');
await file.close();
await disk.close();

const again = await open(image);
assert.equal((await again.stat('/dir/sub/big')).size, big.length);
await fails('EROFS', again.writeFile('/dir/text', 'x'));
await again.close();
