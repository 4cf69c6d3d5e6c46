#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: mounts with ntfs-3g
# Files that NTFS compresses (LZNT1) are read if ntfs-3g has written them, and ntfs-3g
# reads them if anyfs has written them.
. "${0%/*}/../lib.sh"
requires mkfs.ntfs --version
requires which ntfs-3g ntfscat

mkdir files
python3 - <<'END'
import random
text = b"".join(b"line %d of a text, again and again\n" % (i // 3) for i in range(60000))
files = {
    "text": text,
    "mixed": text[:200000] + random.Random(1).randbytes(300000) + bytes(500000) + text[:70001],
    "tiny": b"x" * 100,
    "page": b"abcdefgh" * 512 * 9,
    "empty": b"",
}
for name, content in files.items():
    with open("files/" + name, "wb") as file:
        file.write(content)
END

# The file takes at most half of its uncompressed size.
is_packed() {
	anyfs stat "$img" "$1/text" | grep -o 'Blocks: [0-9]*' >blocks
	[ "$(cut -d' ' -f2 blocks)" -lt $(($(stat -c %s files/text) / 1024)) ] ||
		fail "$1: not compressed: $(cat blocks)"
}

scratch_image 64M
mkfs.ntfs -F -Q -q "$img" 2>mkfs.log
run anyfs mkdir "$img" /packed
# FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_COMPRESSED; files in /packed inherit the latter.
run anyfs setfattr -n system.ntfs_attrib -v 0x10080000 "$img" /packed
run anyfs put "$img" files/* /packed
run anyfs get "$img" /packed out
run diff -r files out
for file in files/*; do
	ntfscat "$img" "/packed/${file#*/}" >got
	same "$file" got
done
is_packed /packed
run ntfsfix -n "$img"

[ -c /dev/fuse ] || skip "reading by ntfs-3g: this host has no FUSE"
rm -rf out "$img"
scratch_image 64M
mkfs.ntfs -F -Q -q -C "$img" 2>mkfs.log
mkdir mnt
ntfs-3g -o compression "$img" mnt 2>ntfs-3g.err || skip "reading by ntfs-3g: $(cat ntfs-3g.err)"
at_exit 'umount -l mnt 2>/dev/null'
cp files/* mnt/
umount mnt
# The process of ntfs-3g ends a little later than the mount.
wait_for anyfs ls "$img"
mkdir out
run anyfs get "$img" /text /mixed /tiny /page /empty out
run diff -r files out
is_packed ""
