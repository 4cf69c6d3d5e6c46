#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The format of an image is detected or chosen by --format.  Changes go to an overlay, and
# the qcow2 image does not change.  An image that cannot be opened causes one clear error.
. "${0%/*}/lib-formats.sh"
make_disk
run qemu-img convert -O qcow2 "$img" disk.qcow2
sha256sum disk.qcow2 >before
run anyfs hash --format qcow2 disk.qcow2 /p2 >got
same wanted got
refuse 'there is no format nonsense|raw, qcow2, vmdk, vhdx, vdi, vhd' anyfs ls --format nonsense disk.qcow2 /p2
refuse 'is not a VDI image' anyfs ls --format vdi disk.qcow2 /p2
refuse 'is not a qcow2 image' anyfs ls --format qcow2 "$img" /p2
refuse 'no file system' anyfs ls --format raw disk.qcow2 /
echo new >new
run anyfs put --overlay changes.ovl disk.qcow2 new /p2
run anyfs cat --overlay changes.ovl disk.qcow2 /p2/new | expect new
sha256sum -c --quiet before || fail "the image was written to"

# A raw disk whose guest wrote a qcow2 header to it opens no other file.
echo secret >secret.raw
qemu-img create -q -f qcow2 -u -b secret.raw -F raw header.qcow2 50M
dd if=header.qcow2 of="$img" conv=notrunc status=none
refuse 'needs its backing file secret.raw' anyfs ls "$img" /
