#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Images in formats that QEMU writes are changed through qemu-storage-daemon: QEMU's own
# tools find the changes and no damage, and the daemon ends with the command.
. "${0%/*}/lib-formats.sh"
requires qemu-storage-daemon --version
mkdir tree
seq 1 20000 >tree/numbers
head -c 3000000 /dev/urandom >new
image_ext4 tree disk.img 24M

# changed IMAGE OPTION...: put a file into the image, and let QEMU and e2fsck look at it.
changed() {
	run anyfs put "$@" new /
	run anyfs cat "$@" /new | cmp - new || fail "$1: other bytes were written"
	run qemu-img convert -O raw "$1" back.img
	run e2fsck -fn back.img >fsck.log 2>&1
	run anyfs cat back.img /new | cmp - new || fail "$1: QEMU finds other bytes"
	run anyfs cat back.img /numbers | cmp - tree/numbers || fail "$1: another file has changed"
}
while read -r name format options; do
	run qemu-img convert -O "$format" ${options:+-o "$options"} disk.img "$name"
	changed "$name"
	[ "$format" = vpc ] || run qemu-img check "$name" >check.log
	# No waiting: the daemon of the previous command has released its locks.
	run anyfs rm "$name" /new
done <<'END'
disk.qcow2 qcow2
small.qcow2 qcow2 extended_l2=on,cluster_size=16k,lazy_refcounts=on
disk.vmdk vmdk
disk.vdi vdi
disk.vhd vpc
disk.vhdx vhdx
END

# A backing file is only read, and only with permission.
run qemu-img create -q -f qcow2 -b disk.qcow2 -F qcow2 top.qcow2
sha256sum disk.qcow2 >before
refuse 'top.qcow2: needs its backing file|--allow-backing' anyfs put top.qcow2 new /
run anyfs put --allow-backing top.qcow2 new /
run anyfs cat --allow-backing top.qcow2 /new | cmp - new
run qemu-img check top.qcow2 >check.log
sha256sum -c --quiet before || fail "the backing file was written to"

# Another program has the image open.
qemu-nbd -k "$PWD/socket" -t disk.qcow2 2>nbd.err &
at_exit "kill $!"
wait_for qemu-img info "nbd+unix:///?socket=$PWD/socket"	# it has locked the image
refuse 'disk.qcow2: in use by another' anyfs put disk.qcow2 new /

# qemu-storage-daemon is not installed.
mkdir bin
ln -s /usr/bin/* bin/
rm bin/qemu-storage-daemon
(
	PATH=$PWD/bin:$(dirname "$(type -P anyfs)")
	refuse 'disk.vdi: writing to this format needs qemu-storage-daemon|qemu-system-common' anyfs put disk.vdi new /
)
refuse 'small.qcow2: a snapshot can only be read' anyfs put --snapshot 1 small.qcow2 new /
