#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The npm packages install in an empty directory without a compiler, and open an image
# with the library and the kernel that they include.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"
requires qemu-img --version

mkdir archives project tools tree
run "$ANYFS_TOP/tools-dev/pack-node" archives
ls archives

# Only these programs are found: no compiler, no make, no Python.
for program in node npm sh env ls; do
	ln -s "$(command -v $program)" tools/
done
bare() { env -i PATH="$PWD/../tools" HOME="$PWD/../home" "$@"; }

echo packed >tree/file
node_image tree
cd project
echo '{ "name": "project", "version": "1.0.0" }' >package.json
# The package lkl needs Bluebird from npm, so it cannot be installed offline.
run bare npm install --offline --no-audit --no-fund --loglevel=error ../archives/anyfs-*.tgz
# grep -q would exit before tar has written all names.
[ "$(tar -tf ../archives/lkl-*.tgz | grep -cx package/lib/kernel.js)" -eq 1 ] || fail "the package lkl is not complete"
cat >use.js <<'EOF'
const { open } = require('@anyfs/native');
open('../disk.img').then(async (disk) => {
  console.log(disk.fs.readFileSync('/file', 'utf8').trim());
  const maps = require('node:fs').readFileSync('/proc/self/maps', 'utf8');
  const loaded = new Set(maps.match(/\/\S*(?:libanyfs|anyfs\.node)\S*/g));
  for (const file of loaded)
    console.log(file.startsWith(__dirname) ? 'of the package' : `foreign: ${file}`);
  await disk.close();
});
EOF
run bare node use.js >../out
sort ../out | expect "of the package
of the package
packed"

# @anyfs/native contains the decoders of compressed clusters, and the helper that writes formats
# through QEMU.  The helper runs the host's qemu-storage-daemon, so this needs the usual PATH.
run qemu-img convert -c -O qcow2 -o compression_type=zstd ../disk.img ../disk.qcow2
cat >change.js <<'EOF'
const { open } = require('@anyfs/native');
(async () => {
  const disk = await open('../disk.qcow2', { write: true });
  disk.fs.writeFileSync('/file', disk.fs.readFileSync('/file', 'utf8').toUpperCase());
  await disk.close();
})();
EOF
env -u NODE_PATH node change.js
run anyfs cat ../disk.qcow2 /file | expect PACKED
run qemu-img check -q ../disk.qcow2

# An installation without the compiled part names the missing package.
rm -r node_modules/@anyfs/native-linux-x64
bare node use.js 2>../err && fail "no error without the compiled part"
grep -q "ERR_ANYFS_PLATFORM" ../err || fail "no code: $(cat ../err)"
grep -q "native-linux-x64, which holds the compiled module, is not installed" ../err ||
	fail "no reason: $(cat ../err)"
