#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# anyfs mkdisk makes empty images of the given size, in each format, and overwrites nothing.
. "${0%/*}/../lib.sh"

requires qemu-img --version
run anyfs mkdisk disk.img 10M
[ "$(stat -c %s disk.img)" -eq 10485760 ] || fail "size: $(stat -c %s disk.img)"
run anyfs mkfs disk.img ext4
run anyfs ls disk.img | expect lost+found
for format in qcow2 vmdk vdi vhd vhdx; do
	run anyfs mkdisk --format "$format" "disk.$format" 10M
	qemu-img info --output=json "disk.$format" >info.json
	grep -q '"virtual-size": 10485760' info.json || fail "$(cat info.json)"
	grep -q "\"format\": \"${format/vhd/vpc}\"\|\"format\": \"$format\"" info.json || fail "$(cat info.json)"
	truncate -s 10M zeros
	run qemu-img compare "disk.$format" zeros >/dev/null
done
run anyfs mkdisk --format qcow2 -- --x 1M
run qemu-img check ./--x >/dev/null

# Without --format the suffix decides.
for format in qcow2 vmdk vdi vhd vhdx; do
	run anyfs mkdisk "suffix.$format" 10M
	qemu-img info --output=json "suffix.$format" >info.json
	grep -q "\"format\": \"${format/vhd/vpc}\"\|\"format\": \"$format\"" info.json || fail "$(cat info.json)"
done
run anyfs mkdisk suffix.QCOW2 --size 10M
[ "$(head -c 3 suffix.QCOW2)" = QFI ] || fail "the suffix in capitals is ignored"
run anyfs mkdisk --format raw raw.vdi 10M
run anyfs mkdisk disk.qcow2.old 10M
for name in raw.vdi disk.qcow2.old; do
	[ "$(stat -c %s "$name")" -eq 10485760 ] || fail "$name is not raw"
done

cp disk.qcow2 before
refuse "File exists" anyfs mkdisk disk.qcow2 1M
refuse "File exists" anyfs mkdisk --format qcow2 disk.qcow2 1M
same disk.qcow2 before
refuse "qcow2, vmdk" anyfs mkdisk --format zip x 1M
refuse "512" anyfs mkdisk x 1000
refuse "512" anyfs mkdisk x 0
[ ! -e x ] || fail "a file was created"
code=0
PATH=$ANYFS_BUILD/bin "$ANYFS_BUILD/bin/anyfs" mkdisk --format qcow2 y 1M 2>err || code=$?
[ "$code" -eq 1 ] || fail "exit $code"
grep -q "qemu-utils" err || fail "the package is not named: $(cat err)"
[ ! -e y ] || fail "a file was left behind"
