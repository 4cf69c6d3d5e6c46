#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: ntfs-3g is a mount
# Files that Windows' "compact /exe" has packed, with XPRESS and LZX: read, replaced and
# removed.  (The kernel fails to unpack one in place, to change it.)
. "${0%/*}/../lib.sh"
requires mkfs.ntfs --version
requires which ntfs-3g
[ -c /dev/fuse ] || skip "this host has no FUSE"

python3 - <<'END'
import random
with open("file", "wb") as file:
    file.write(b"".join(b"line %d of a text, again and again\n" % (i // 3) for i in range(40000)))
    file.write(random.Random(1).randbytes(100000) + bytes(200000) + b"the end")
END
size=$(stat -c %s file)
formats=(xpress4k xpress8k xpress16k lzx)
scratch_image 64M
mkfs.ntfs -F -Q -q "$img" 2>mkfs.log
mkdir mnt
ntfs-3g -o streams_interface=windows "$img" mnt 2>ntfs-3g.err || skip "ntfs-3g: $(cat ntfs-3g.err)"
at_exit 'umount -l mnt 2>/dev/null'
for format in "${formats[@]}"; do
	"${0%/*}/pack-wof.py" "$format" file stream >reparse
	[ "$(stat -c %s stream)" -lt $((size / 4)) ] || fail "$format: not packed"
	# The file itself is a hole, all of which is valid.
	truncate -s "$size" "mnt/$format"
	printf '\0' | dd of="mnt/$format" bs=1 seek=$((size - 1)) conv=notrunc status=none
	cat stream >"mnt/$format:WofCompressedData"
	setfattr -n system.ntfs_reparse_data -v "$(cat reparse)" "mnt/$format"
done
umount mnt
# Its process lives a little longer than the mount.
wait_for anyfs ls "$img"

sum=$(sha256sum file | cut -d' ' -f1)
run anyfs hash "$img" >hashes
for format in "${formats[@]}"; do
	grep -qx "$format"$'\t'"$size"$'\t'"$sum" hashes || fail "$format: $(cat hashes)"
done
echo plain | tee xpress4k >xpress8k
run anyfs put "$img" xpress4k xpress8k /
run anyfs rm "$img" /xpress16k /lzx
run anyfs cat "$img" /xpress4k /xpress8k | expect $'plain\nplain'
run anyfs ls "$img" | expect $'xpress4k\nxpress8k'
run ntfsfix -n "$img"
