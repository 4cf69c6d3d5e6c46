#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs extents prints the places of a file's bytes in the image.
. "${0%/*}/../lib.sh"
mkdir tree
seq 1 60000 >tree/plain
{ head -c 65536 tree/plain; head -c 65536 /dev/zero; head -c 65536 tree/plain; } >tree/holes
fallocate -d tree/holes
touch tree/empty
mkfifo tree/fifo
image_ext4 tree

# check NAME: put the file together from the places that extents prints, and compare.
check() {
	anyfs extents "$img" "/$1" >places
	[ -s places ] || fail "no extents of $1"
	truncate -s "$(stat -c %s "tree/$1")" copy
	while read -r offset length physical flags; do
		[ -z "$flags" ] || fail "$1 has flags: $flags"
		dd if="$img" of=copy bs=1k conv=notrunc status=none iflag=skip_bytes,count_bytes \
			oflag=seek_bytes skip="$physical" seek="$offset" count="$length"
	done <places
	truncate -s "$(stat -c %s "tree/$1")" copy
	same "tree/$1" copy
	rm copy
}
check plain
check holes
[ "$(wc -l <places)" -ge 2 ] || fail "the hole has a place: $(cat places)"
anyfs extents "$img" /empty | expect ""
anyfs extents --json "$img" /plain /empty | python3 -c '
import json, sys
plain, empty = json.load(sys.stdin)
assert plain["path"] == "/plain" and plain["extents"][0]["offset"] == 0, plain
assert sum(e["length"] for e in plain["extents"]) >= 300000 and not empty["extents"]
assert "addresses" not in plain, plain'
refuse "No such file" anyfs extents "$img" /none
refuse "/fifo: is a fifo, no regular file" anyfs extents "$img" /fifo
rm tree/fifo
image_vfat tree
refuse "does not report where files are stored" anyfs extents "$img" /plain

echo "btrfs: places on its only device, or logical addresses"
img=$PWD/btrfs.img
truncate -s 256M "$img" one.img two.img
make_btrfs --rootdir tree "$img"
check plain
check holes
seq 7000000 >tree/large		# larger than one chunk
run anyfs put "$img" tree/large /
check large
rm tree/large

echo "content in the metadata has no place, and its own length"
echo inline >tree/inline
mkfifo tree/fifo
run anyfs put "$img" tree/inline tree/fifo /
run anyfs mkdir "$img" /dir
run anyfs extents "$img" /inline | expect $'0\t7\t-\tinline'
refuse "/dir: is a directory" anyfs extents "$img" /dir
anyfs extents --json "$img" /fifo /inline >seen || :
python3 -c '
import json
fifo, inline, failure = json.load(open("seen"))
assert sorted(fifo) == ["extents", "path"] and "a fifo" in failure["reason"], (fifo, failure)
assert "addresses" not in inline and "physical" not in inline["extents"][0], inline'
rm tree/inline tree/fifo
make_btrfs -d raid0 one.img two.img
run anyfs put --member two.img one.img tree/plain tree/holes /
anyfs extents --member two.img one.img /plain /holes >places 2>err
expect "anyfs: note: /plain: the places are logical addresses of btrfs, which has several devices" <err
matches $'^0\t[0-9]*\t[0-9]*\t' <places || fail "$(cat places)"
run anyfs extents --json --member two.img one.img /plain | python3 -c '
import json, sys
[plain] = json.load(sys.stdin)
assert plain["addresses"] == "logical" and plain["extents"][0]["physical"], plain'
