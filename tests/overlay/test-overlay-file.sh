#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Changes are stored in the overlay file, and the image does not change.  Both
# together show the changed image: in a second run, for a partition, and read-only.
. "${0%/*}/../lib.sh"
mkdir efi root
echo x >efi/x
echo original >root/old
image_gpt efi root
chmod 444 "$img"
cp -p "$img" before.img

program overlay/change -o changes.ovl "$img" 2
same "$img" before.img
stat -c %a changes.ovl | expect 600
run anyfs cat "$img" /p2/old | expect original
run anyfs cat --overlay changes.ovl "$img" /p2/old | expect changed
seq 1 5000 >numbers
run anyfs cat --overlay changes.ovl "$img" /p2/sub/kept >kept
same kept numbers
run anyfs ls --overlay changes.ovl "$img" / | expect $'p1\np2'
run anyfs cat --overlay changes.ovl "$img" /p1/x | expect x

# Reading needs no right to write, and writes nothing.
chmod 444 changes.ovl
sha256sum changes.ovl >sum
run anyfs hash --overlay changes.ovl "$img" /p2 >hashes
run sha256sum --quiet -c sum

# A second run sees the changes of the first.
chmod 644 changes.ovl
program overlay/change -o changes.ovl "$img" 1
run anyfs cat --overlay changes.ovl "$img" /p2/old /p1/sub/kept >both
(echo changed; cat numbers) >want
same both want
same "$img" before.img
# The overlay takes the space of the changes, not that of the image.
[ "$(du -k changes.ovl | cut -f1)" -lt 8192 ] || fail "not sparse: $(du -k changes.ovl)"

# A whole file system in one image: the same without partitions.
image_ext4 root fs.img
program overlay/change -o fs.ovl "$img" 0
run anyfs cat "$img" /old | expect original
run anyfs cat --overlay fs.ovl "$img" /old | expect changed

# All verbs that write can write to an overlay.
cp -p "$img" before-fs.img
run anyfs put --overlay fs.ovl "$img" efi/x /
run anyfs rm --overlay fs.ovl "$img" /old
same "$img" before-fs.img
refuse "/x" anyfs cat "$img" /x
run anyfs cat --overlay fs.ovl "$img" /x | expect x
refuse "/old" anyfs cat --overlay fs.ovl "$img" /old
run anyfs parts --overlay fs.ovl "$img" >table
grep -q anyfs-test table || fail "$(cat table)"
