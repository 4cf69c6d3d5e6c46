#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# --snapshot shows the disk as it was when an internal snapshot of a qcow2 image was taken.
. "${0%/*}/lib-formats.sh"
requires qemu-io --version
make_disk
run qemu-img convert -O qcow2 "$img" disk.qcow2
qemu-img snapshot -c first disk.qcow2
run qemu-io -c 'write -P 0x41 0 40M' disk.qcow2 >/dev/null
qemu-img snapshot -c second disk.qcow2
same_files disk.qcow2 --snapshot first
same_files disk.qcow2 --snapshot 1
refuse 'has no snapshot third' anyfs ls --snapshot third disk.qcow2 /p2
refuse 'a raw image has no snapshots' anyfs ls --snapshot first "$img" /p2
anyfs hash --snapshot second disk.qcow2 /p2 >got 2>/dev/null && fail "the second snapshot has files"
[ ! -s got ] || fail "files of an overwritten disk: $(head -1 got)"
