#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A qcow2 image opens the files that it names only if the user allows it, and only
# in the directory that the user allows.
. "${0%/*}/lib-formats.sh"
make_disk
run qemu-img convert -O qcow2 "$img" base.qcow2
qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 middle.qcow2
qemu-img create -q -f qcow2 -b middle.qcow2 -F qcow2 top.qcow2
refuse 'top.qcow2: needs its backing file middle.qcow2|--allow-backing' anyfs ls top.qcow2 /p2
same_files top.qcow2 --allow-backing
qemu-img create -q -f qcow2 -b "$img" -F raw over-raw.qcow2
same_files over-raw.qcow2 --allow-backing
qemu-img resize -q top.qcow2 +64M
same_files top.qcow2 --allow-backing

mkdir below
qemu-img create -q -f qcow2 -b ../base.qcow2 -F qcow2 below/up.qcow2
refuse 'refers to the file ../base.qcow2 outside of|--allow-backing=DIR' \
	anyfs ls --allow-backing below/up.qcow2 /p2
same_files below/up.qcow2 --allow-backing=.
ln -s ../base.qcow2 below/link.qcow2
qemu-img create -q -f qcow2 -b link.qcow2 -F qcow2 below/by-link.qcow2
refuse 'outside of' anyfs ls --allow-backing below/by-link.qcow2 /p2
for name in /etc/passwd /dev/null json:x nbd://host/disk; do
	qemu-img create -q -u -f qcow2 -b "$name" -F raw evil.qcow2 10M 2>/dev/null ||
		{ qemu-img create -q -f qcow2 evil.qcow2 10M; qemu-img rebase -u -b "$name" -F raw evil.qcow2; }
	refuse "evil.qcow2" anyfs ls --allow-backing evil.qcow2 /
done
cp middle.qcow2 loop.qcow2
qemu-img rebase -u -b loop.qcow2 -F qcow2 loop.qcow2
refuse 'more than 32 images refer to one another' anyfs ls --allow-backing loop.qcow2 /

qemu-img create -q -f qcow2 -o data_file=data.raw,data_file_raw=on outside.qcow2 50M
run qemu-img convert -n -O qcow2 "$img" outside.qcow2
refuse 'needs its data file data.raw' anyfs ls outside.qcow2 /p2
same_files outside.qcow2 --allow-backing
