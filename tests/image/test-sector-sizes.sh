#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The image of a disk with any sector size shows its partitions and can be written.
# No message advises a command that would destroy it.
. "${0%/*}/lib-sectors.sh"
requires mkfs.ext4 -V
requires mkfs.vfat --help
requires mcopy -V
mkdir one two
echo first >one/file
echo second >two/file
truncate -s 8M p1.img
mkfs.ext4 -q -b 4096 -d one p1.img >mkfs.log
for sector in 512 1024 2048 4096; do
	# The sectors of FAT must not be smaller than the disk's.
	rm -f p2.img
	truncate -s 8M p2.img
	mkfs.vfat -S $sector p2.img >mkfs.log
	mcopy -i p2.img two/file ::
	for label in gpt dos; do
		partitioned $sector $label d.img 8 8
		place p1.img d.img 1
		place p2.img d.img 9
		cp d.img before
		anyfs parts -b d.img >table || fail "$label, $sector: no table"
		grep -q '^/p1 .* 8388608 ext4 ' table || fail "$label, $sector: $(cat table)"
		grep -q '^/p2 .* 8388608 vfat ' table || fail "$label, $sector: $(cat table)"
		anyfs cat d.img /p1/file /p2/file >got || fail "$label, $sector: not read"
		expect $'first\nsecond' <got
		same d.img before
		echo new | run anyfs put d.img - /p2/new 2>err
		run anyfs cat d.img /p2/new 2>err | expect new
		# --sector-size overrides the detection.
		run anyfs parts --sector-size $sector d.img >forced 2>err
		[ "$(awk 'NR > 1 { print $1 }' forced)" = $'/p1\n/p2' ] || fail "forced: $(cat forced)"
		run anyfs parts --json d.img 2>err | python3 -c '
import json, sys
d = json.load(sys.stdin)
want = {"gpt": "gpt", "dos": "dos"}[sys.argv[1]]
assert d["table"] == want, d
assert [p["start"] for p in d["partitions"]] == [1 << 20, 9 << 20], d' $label
	done
done
# With the wrong size there is no table, and no message about damage.
partitioned 4096 gpt d.img 8 8
refuse 'd.img: has no GPT for sectors of that size: omit --sector-size' \
	anyfs parts --sector-size 512 d.img
refuse '512, 1024, 2048 or 4096' anyfs parts --sector-size 3000 d.img
# If the GPT at the beginning is lost, the copy at the end is used.
dd if=/dev/zero of=d.img bs=4096 seek=1 count=1 conv=notrunc status=none
run anyfs parts d.img | matches '^/p2 ' || fail "the copy at the end is not used"
# If both copies are missing, the message gives no advice.
dd if=/dev/zero of=d.img bs=4096 seek=$((18 * 256 - 1)) count=1 conv=notrunc status=none
refuse 'd.img: its first sector announces a GPT, but both copies of the GPT are missing or damaged' \
	anyfs ls d.img
grep -q sgdisk refuse.err && fail "advice that no test has verified: $(cat refuse.err)"
# Partitions without a file system do not disturb the detection.  If no partition has a known file
# system, the sector size is 512.
partitioned 4096 dos d.img 4 8 8
place p1.img d.img 5
run anyfs cat d.img /p2/file | expect first
partitioned 512 dos d.img 4 8
run anyfs parts -b d.img | awk '$1 == "/p2" { print $3 }' | expect 8388608
