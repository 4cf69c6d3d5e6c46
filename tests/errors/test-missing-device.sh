#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If a file system lacks one of its devices, the error says so: for XFS with the kernel's
# message, for btrfs with the number of missing devices.
. "${0%/*}/../lib.sh"
requires mkfs.xfs -V
truncate -s 300M log.img rt.img
truncate -s 64M other.img
mkfs.xfs -q -f -l logdev="$PWD/other.img" log.img >mkfs.log
refuse "log.img: cannot be mounted as xfs: its log is on another device|external log" anyfs ls log.img
mkfs.xfs -q -f -r rtdev="$PWD/other.img" rt.img >mkfs.log
refuse "rt.img: cannot be mounted as xfs: its real-time section is on another device|realtime volume" \
	anyfs ls rt.img
# Opening log.img for writing fails with the same message.
refuse "its log is on another device" anyfs mkdir log.img /new
# A file system type that the kernel lacks has its own message.
refuse 'this kernel has no file system "nonsense"' anyfs ls --fstype nonsense log.img

requires mkfs.btrfs --version
truncate -s 200M one.img two.img
make_btrfs -d raid0 -m raid1 one.img two.img >mkfs.log
lacks="one.img: the btrfs lacks 1 of its 2 devices; give the image that holds it (--member)"
refuse "$lacks" anyfs ls one.img
refuse "$lacks" anyfs mkdir one.img /new
