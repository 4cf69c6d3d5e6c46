#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An NTFS volume of a Windows that hibernates, was shut down with Fast Startup or has
# crashed can be read, and is written only with --force-write.
. "${0%/*}/../lib.sh"
requires mkntfs --version
make() {
	rm -f n.img
	truncate -s 32M n.img
	mkntfs -qF n.img >mkfs.log 2>&1
	echo old | run anyfs put n.img - /old
}
# refused WORDS: every verb that writes fails with WORDS, and reading works.
refused() {
	local words=$1
	cp n.img before
	for verb in "touch n.img /new" "rm n.img /old" "mkdir n.img /new" "sync n.img" \
		"truncate -s 1 n.img /old" "setfattr -n user.a -v b n.img /old"; do
		# shellcheck disable=SC2086  # several words
		refuse "n.img: |$words|--force-write" anyfs $verb
	done
	same n.img before
	run anyfs cat n.img /old 2>err | expect old
	same n.img before
}
fast='Windows is hibernated or was shut down with Fast Startup'
for mark in hibr HIBR RSTR; do
	make
	{ printf %s $mark; head -c 8188 /dev/zero; } >hiberfil.sys
	run anyfs put n.img hiberfil.sys /
	refused "$fast"
done
run anyfs touch --force-write n.img /new
run anyfs ls n.img | matches -x new || fail "not forced"

# The same with an overlay, and in a partition.
refuse "$fast" anyfs touch --overlay over n.img /new
truncate -s 34M disk.img
echo 'start=2048, type=7' | sfdisk -q disk.img >sfdisk.log 2>&1
dd if=n.img of=disk.img bs=1M seek=1 conv=notrunc,sparse status=none
refuse "disk.img: /p1: $fast" anyfs touch disk.img /p1/new

# After Windows has resumed, or if it never hibernated, hiberfil.sys does not prevent writing.
for mark in wake '\0\0\0\0'; do
	make
	{ printf %b "$mark"; head -c 8188 /dev/zero; } >hiberfil.sys
	run anyfs put n.img hiberfil.sys /
	run anyfs touch n.img /new
done

# The journal of the volume has entries that were not applied.
make
run "${0%/*}/../overlay/open-ntfs-log.py" n.img
refused 'Windows was not shut down fully, or has crashed'
run anyfs touch --force-write n.img /new

# The volume is marked as dirty.
make
requires ntfsfix --help
run ntfsfix n.img >ntfsfix.log
refused 'the volume is dirty|damaged; let chkdsk'
run anyfs touch --force-write n.img /new
