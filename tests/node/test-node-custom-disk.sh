#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Disks that JavaScript serves and keys that a callback returns work with the kernel in this
# process and in another one.  The functions return values or promises, or throw errors.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"
requires qemu-img --version

mkdir tree
seq 100000 >tree/numbers
node_image tree
cp disk.img plain.img
run qemu-img convert -O qcow2 plain.img disk.qcow2
printf 'right words' >key
luks_image plain.img luks.img
run_node "${BASH_SOURCE[0]%/*}/custom.js" disk.img disk.qcow2 luks.img
clean_image disk.img
[ "$(run anyfs cat disk.img /sync-false)" = written ] || fail "the disk in JavaScript lost data"
