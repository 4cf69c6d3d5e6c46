#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Damaged images that once crashed the kernel or made it loop are refused with an
# error.  The patches in kernel/patches whose names have "refuse" do that.
. "${0%/*}/lib-fs.sh"

# survives TYPE IMAGE: the kernel survives when everything in the image is read.  adfs ends a
# directory at a damaged entry without an error.
survives() {
	rc=0
	timeout 300 anyfs hash --fstype "$1" "$2" / >out 2>err || rc=$?
	[ "$rc" -le 1 ] || fail "$2: exit $rc: $(tail -3 err)"
	! grep -E "died|killed" err || fail "$2: the kernel died"
}

# fails_cleanly TYPE IMAGE: the same, and the program reports an error.
fails_cleanly() {
	survives "$@"
	[ "$rc" -eq 1 ] || fail "$2: the damage was not reported"
}

mkdir -p tree/dir
for i in {1..40}; do
	echo "text $i" >"tree/dir/file-$i"
done

# Each damage has a name and a function that changes the image.  `fold` and `zone_check` make the
# checksums right again, so that they do not reveal the damage.
"${0%/*}/pack-adfs.py" whole.adfs tree
run anyfs hash --fstype adfs whole.adfs / >/dev/null
cat >damage.py <<'E2'
import importlib.util
import struct
import sys

tests, how = sys.argv[1:]
sys.path.insert(0, tests)
spec = importlib.util.spec_from_file_location("pack", f"{tests}/pack-adfs.py")
pack = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pack)
image = bytearray(open("whole.adfs", "rb").read())


def record(at, form, value):
    """Change a field of the disc record, in both copies of the map."""
    for zone in (0, pack.SECTOR):
        struct.pack_into(form, image, zone + 4 + at, value)
        image[zone] = pack.zone_check(image[zone:zone + pack.SECTOR])


def last_directory():
    return image.rindex(b"SBPr") - 4


def name_length(value):
    """Change the entry of the first file in the last directory."""
    start = last_directory()
    size, entries, names = struct.unpack_from("<3I", image, start + 12)
    struct.pack_into("<I", image, start + 32 + 20, value)
    body = image[start:start + 32 + 28 * entries + names]
    words = struct.unpack(f"<{len(body) // 4}I", body)
    image[start + size - 1] = pack.fold((*words, *struct.unpack("<I", b"oven"), 0, 0, 0))


def check_byte(pattern):
    image[image.index(pattern) + 7] ^= 0xff


{
    "the root's check byte": lambda: check_byte(b"oven"),
    "a directory's check byte": lambda: image.__setitem__(image.rindex(b"oven") + 7, 0x5a ^
                                                           image[image.rindex(b"oven") + 7]),
    "a long name": lambda: name_length(5000),
    "a name of 4 GiB": lambda: name_length(0xffffffff),
    "zones larger than their blocks": lambda: record(10, "<H", 0),
    "zones without room": lambda: record(10, "<H", 8192),
    "a disk larger than its map": lambda: record(16, "<I", 0x7fffffff),
    "an empty disk": lambda: record(16, "<I", 0),
    "allocation units of 2^200 bytes": lambda: record(5, "<B", 200),
}[how]()
with open("damaged.adfs", "wb") as out:
    out.write(image)
E2
for how in "the root's check byte" "a directory's check byte" "a long name" "a name of 4 GiB" \
	   "zones larger than their blocks" "zones without room" "a disk larger than its map" \
	   "an empty disk" "allocation units of 2^200 bytes"; do
	run python3 damage.py "${0%/*}" "$how"
	case $how in
	*name*)	survives adfs damaged.adfs ;;
	*)	fails_cleanly adfs damaged.adfs ;;
	esac
done

# An inode of ocfs2 (found by its size) that is marked as the superblock or as a system file.
requires mkfs.ocfs2 -V
scratch_image 64M
run mkfs.ocfs2 -q -F -M local -N 1 --fs-features=local,sparse,unwritten "$img"
head -c 12345 /dev/zero >zeros
run anyfs put "$img" zeros /zeros
run anyfs put "$img" damage.py /whole
for flag in 0x20 0x10; do
	cp --sparse=always "$img" damaged.ocfs2
	python3 - damaged.ocfs2 "$flag" <<'E2'
import mmap
import struct
import sys

with open(sys.argv[1], "r+b") as f:
    image = mmap.mmap(f.fileno(), 0)
    at = image.find(b"INODE01\0")
    while struct.unpack_from("<Q", image, at + 0x20)[0] != 12345:
        at = image.find(b"INODE01\0", at + 512)
    flags, = struct.unpack_from("<I", image, at + 0x2c)
    struct.pack_into("<I", image, at + 0x2c, flags | int(sys.argv[2], 0))
E2
	fails_cleanly ocfs2 damaged.ocfs2
	run anyfs cat damaged.ocfs2 /whole | same - damage.py
done
