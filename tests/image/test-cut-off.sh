#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A truncated disk image shows its complete partitions read-only and reports the
# missing bytes.  Without its beginning, a disk is read with the GPT's copy at the end.
. "${0%/*}/lib-sectors.sh"
requires mkfs.ext4 -V
for n in 1 2 3; do
	mkdir part$n
	echo "file $n" >part$n/file
	truncate -s 8M p$n.img
	mkfs.ext4 -q -b 4096 -d part$n p$n.img >mkfs.log
done
# disk SECTOR LABEL: three partitions of 8 MiB, d.img.
disk() {
	partitioned "$1" "$2" d.img 8 8 8
	for n in 1 2 3; do place p$n.img d.img $((8 * n - 7)); done
}
# shows TEXT NUMBER...: these partitions can be read, and one line of standard error contains TEXT.
shows() {
	local text=$1
	shift
	cp d.img before
	for n in "$@"; do
		anyfs cat d.img /p"$n"/file >got 2>err || fail "/p$n: $(cat err)"
		expect "file $n" <got
		[ "$(wc -l <err)" -eq 1 ] && grep -qF "$text" err ||
			fail "expected \"$text\": $(cat err)"
	done
	anyfs parts d.img >table 2>err || fail "parts: $(cat err)"
	grep -qF "$text" err || fail "parts does not report it: $(cat err)"
	refuse "d.img: |$text" anyfs touch d.img /p1/file
	same d.img before
}
# enters_not NUMBER TEXT: the partition cannot be opened, and the error contains TEXT.
enters_not() {
	local code=0
	anyfs ls d.img /p"$1" >got 2>err || code=$?
	[ $code -eq 1 ] && grep -qF "anyfs: d.img: /p$1: cannot be mounted as ext4: " err &&
		grep -qF "$2" err || fail "exit $code: $(cat err)"
}
for sector in 512 4096; do
	disk $sector gpt
	truncate -s 20M d.img
	shows 'the image is truncated: its partition table is for 27262976 bytes, it has 20971520; /p3 is incomplete' 1 2
	awk 'NR > 1 { print $1, $4 }' table | expect $'/p1 ext4\n/p2 ext4\n/p3 ext4'
	grep -q '0fc63daf-8483-4772-8e79-3d69d8477de4' table || fail "no types: $(cat table)"
	enters_not 3 'truncated: the partition table gives it 8388608 bytes, the image has 3145728'
	run anyfs parts --json d.img 2>err | python3 -c '
import json, sys
d = json.load(sys.stdin)
assert d["table"] == "gpt" and d["partitions"][1]["name"] == "größe 2", d'
	truncate -s $(((9 << 20) + 1234)) d.img
	shows '/p2 is incomplete; /p3 is missing' 1

	disk $sector dos
	truncate -s 20M d.img
	shows 'the image is truncated: it ends before its partitions do; /p3 is incomplete' 1 2
	enters_not 3 'truncated: the partition table gives it 8388608 bytes, the image has 3145728'
	truncate -s 17M d.img
	shows '/p3 is missing' 1 2

	# The beginning is lost, with the superblocks and the first copy of the table.
	disk $sector gpt
	dd if=/dev/zero of=d.img bs=64K count=1 conv=notrunc status=none
	shows 'the partition table is damaged: the partitions are from the other copy of the GPT' 1 2 3
	awk 'NR > 1 { print $1, $4 }' table | expect $'/p1 ext4\n/p2 ext4\n/p3 ext4'
done

# --force-write allows writing.
disk 512 gpt
truncate -s 20M d.img
echo new | anyfs put --force-write d.img - /p1/new 2>err || fail "not forced: $(cat err)"
anyfs cat d.img /p1/new 2>err | expect new

# A journal on a complete partition is replayed.
debugfs -w -R 'feature needs_recovery' p1.img >debugfs.log 2>&1
disk 512 gpt
truncate -s 20M d.img
anyfs cat d.img /p1/file 2>err | expect 'file 1'
grep -qF '/p1: its journal was replayed into memory' err || fail "$(cat err)"

# No message: a disk that has grown, a GPT that lacks only the copy at the end, and a table
# that remains from an earlier use.
says_nothing() {
	"$@" 2>err || fail "$*: $(cat err)"
	[ ! -s err ] || fail "$*: $(cat err)"
}
disk 512 gpt
truncate -s 40M d.img
says_nothing anyfs touch d.img /p1/new
disk 512 gpt
truncate -s $(((26 << 20) - 512 * 33)) d.img
says_nothing anyfs touch d.img /p1/new
disk 512 gpt
mkfs.ext4 -q -F d.img
dd if=/dev/zero of=d.img bs=512 count=2 conv=notrunc status=none
says_nothing anyfs ls d.img >got
expect lost+found <got
