#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: mounts with ntfs-3g
# Files that "compact /exe" of Windows has compressed with XPRESS or LZX are read,
# replaced and removed, and a change makes the kernel decompress them.
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
	truncate -s "$size" "mnt/$format"
	cat stream >"mnt/$format:WofCompressedData"
	setfattr -n system.ntfs_reparse_data -v "$(cat reparse)" "mnt/$format"
done
umount mnt
# The process of ntfs-3g ends a little later than the mount.
wait_for anyfs ls "$img"

# The unnamed stream is one hole whose valid size is the file size: Windows sets that size,
# ntfs-3g does not.
python3 - "$img" "$size" "${#formats[@]}" <<'END'
import struct, sys
path, size, files = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open(path, "rb") as file:
    image = file.read()
sizes = struct.pack("<QQ", -(-size // 4096) * 4096, size)       # allocated, real; valid follows
assert image.count(sizes + bytes(8)) == files
with open(path, "wb") as file:
    file.write(image.replace(sizes + bytes(8), sizes + struct.pack("<Q", size)))
END

sum=$(sha256sum file | cut -d' ' -f1)
run anyfs hash "$img" >hashes
for format in "${formats[@]}"; do
	grep -qx "$format"$'\t'"$size"$'\t'"$sum" hashes || fail "$format: $(cat hashes)"
done
for format in "${formats[@]}"; do
	run anyfs truncate -s 1000000 "$img" "/$format"
	anyfs cat "$img" "/$format" >got
	cmp got <(head -c 1000000 file) || fail "$format: the truncated image shows other files"
done
echo plain >lzx
run anyfs put "$img" lzx /
run anyfs rm "$img" /xpress4k /xpress8k /xpress16k
run anyfs cat "$img" /lzx | expect plain
run ntfsfix -n "$img"
