#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Images at HTTP and NBD addresses are opened by their URLs, in this process and isolated.
# Written data reaches an NBD server.
. "${BASH_SOURCE[0]%/*}/../sources/lib-sources.sh"
. "${BASH_SOURCE[0]%/*}/lib-node.sh"
requires nbdkit --version

make_image
http_start
cat >address.js <<'EOF'
const assert = require('node:assert');
const nodeFs = require('node:fs');
const { open } = require('@anyfs/native');
(async () => {
  for (const isolate of [false, true]) {
    for (const address of [process.argv[2], new URL(process.argv[2])]) {
      const disk = await open(address, { isolate, cacheSize: 8 << 20, headers: { 'X-Key': 'word' } });
      assert.ok(disk.fs.readFileSync('/dir/random').equals(nodeFs.readFileSync('tree/dir/random')));
      assert.strictEqual(await disk.fs.promises.readFile('/dir/few', 'utf8'), '7\n8\n9\n');
      await disk.close();
    }
    await assert.rejects(open(`${process.argv[2]}.none`, { isolate, headers: { 'X-Key': 'word' } }),
                         { code: 'ENOENT' });
    await assert.rejects(open(process.argv[2], { isolate }), { code: 'EACCES' });
    await assert.rejects(open('http://127.0.0.1:1/x', { isolate, netTimeout: 1 }), (error) => error.errno < 0);
    await assert.rejects(open(process.argv[2], { isolate, headers: { 'a b': 'x' } }),
                         { code: 'ERR_INVALID_ARG_VALUE' });
  }
})();
EOF
run node address.js "$http/need=word/disk.img"

cat >nbd.js <<'EOF'
const assert = require('node:assert');
const nodeFs = require('node:fs');
const { open } = require('@anyfs/native');
(async () => {
  for (const isolate of [false, true]) {
    const disk = await open(process.argv[2], { isolate, write: true });
    assert.ok(disk.fs.readFileSync('/dir/random').equals(nodeFs.readFileSync('tree/dir/random')));
    await disk.fs.promises.writeFile(`/written-${isolate}`, 'by NBD');
    await disk.close();
  }
})();
EOF
nbd_serve file www/disk.img
run node nbd.js "$nbd"
nbd_end
run anyfs cat www/disk.img /written-false /written-true | expect "by NBDby NBD"
clean_image www/disk.img
