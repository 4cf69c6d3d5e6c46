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
image_ext4 tree

# Put the file together from the places that extents prints, and compare.
for name in plain holes; do
	anyfs extents "$img" /$name >places
	[ -s places ] || fail "no extents of $name"
	truncate -s "$(stat -c %s tree/$name)" copy
	while read -r offset length physical flags; do
		[ -z "$flags" ] || fail "$name has flags: $flags"
		dd if="$img" of=copy bs=1k conv=notrunc status=none iflag=skip_bytes,count_bytes \
			oflag=seek_bytes skip="$physical" seek="$offset" count="$length"
	done <places
	truncate -s "$(stat -c %s tree/$name)" copy
	same tree/$name copy
	rm copy
done
[ "$(wc -l <places)" -ge 2 ] || fail "the hole has a place: $(cat places)"
anyfs extents "$img" /empty | expect ""
anyfs extents --json "$img" /plain /empty | python3 -c '
import json, sys
plain, empty = json.load(sys.stdin)
assert plain["path"] == "/plain" and plain["extents"][0]["offset"] == 0, plain
assert sum(e["length"] for e in plain["extents"]) >= 300000 and not empty["extents"]
assert "addresses" not in plain, plain'
refuse "No such file" anyfs extents "$img" /none
image_vfat tree
refuse "does not report where files are stored" anyfs extents "$img" /plain

echo "The addresses of btrfs are logical:"
truncate -s 128M btrfs.img
make_btrfs --rootdir tree btrfs.img
anyfs extents btrfs.img /plain /holes >places 2>err
expect "anyfs: note: /plain: btrfs reports logical addresses, not offsets on the volume" <err
matches $'^0\t[0-9]*\t[0-9]*\t' <places || fail "$(cat places)"
run anyfs extents --json btrfs.img /plain | python3 -c '
import json, sys
[plain] = json.load(sys.stdin)
assert plain["addresses"] == "logical" and plain["extents"][0]["physical"], plain'
