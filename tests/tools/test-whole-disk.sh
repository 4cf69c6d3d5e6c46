#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A walk over a whole disk prints a note for each partition without a file system and
# an error for each locked one, and includes all others.
. "${0%/*}/../lib.sh"
requires sgdisk --version
mkdir -p root/etc
echo debian >root/etc/os
image_ext4 root part2.img 16M
scratch_image 40M
sgdisk -o -n 1:2048:+1M -t 1:ef02 -n 2:0:+16M -n 3:0:+4M -t 3:8200 "$img" >/dev/null
dd if=part2.img of="$img" bs=1M seek=2 conv=notrunc,sparse status=none
truncate -s 4M swap
chmod 600 swap
mkswap swap >/dev/null 2>&1
dd if=swap of="$img" bs=1M seek=18 conv=notrunc,sparse status=none
run anyfs hash "$img" 2>err >out
grep -q $'^p2/etc/os\t7\t' out || fail "hash: $(cat out)"
grep -q '/p1: .*skipped' err || fail "BIOS partition not noted: $(cat err)"
grep -q '/p3: .*swap.*skipped' err || fail "swap not noted: $(cat err)"
run anyfs ls -R "$img" 2>err >out
grep -qx '/p2/etc:' out || fail "ls -R: $(cat out)"
run anyfs get "$img" / all 2>err
same all/p2/etc/os root/etc/os
refuse "/p3|swap" anyfs ls "$img" /p3
# Control characters in a label are escaped.
tune2fs -L $'a\033[31mb c' part2.img >/dev/null
run anyfs parts part2.img | matches 'a\\x1b\[31mb\\x20c' || fail "label not escaped"
run anyfs parts --json part2.img | python3 -c '
import json, sys
assert json.load(sys.stdin)["partitions"][0]["label"] == "a\033[31mb c"'
# A locked volume is an error: the exit status must not be 0 if the copy is incomplete.
if cryptsetup --version >/dev/null 2>&1; then
	echo secret | cryptsetup -q luksFormat --pbkdf-force-iterations 4 --pbkdf-memory 32 \
		--luks2-metadata-size 16k --luks2-keyslots-size 256k swap - >/dev/null
	dd if=swap of="$img" bs=1M seek=18 conv=notrunc status=none
	code=0
	anyfs hash "$img" 2>err >out || code=$?
	[ $code -eq 4 ] || fail "exit $code, not 4, although p3 is locked: $(cat err)"
	grep -q '/p3: .*LUKS' err || fail "not reported: $(cat err)"
	for paths in "/p3/file /p2/missing" "/p2/missing /p3/file"; do
		code=0
		# shellcheck disable=SC2086 # two paths
		anyfs cat "$img" $paths 2>err >out || code=$?
		[ $code -eq 4 ] || fail "exit $code, not 4: $(cat err)"
		[ "$(wc -l <err)" -eq 2 ] || fail "not two failures: $(cat err)"
	done
fi
