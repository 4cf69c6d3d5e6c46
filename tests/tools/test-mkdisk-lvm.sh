#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# timeout: 300
# anyfs mkdisk makes volume groups of LVM2 with file systems, in partitions and in encrypted
# partitions, in each run the same with SOURCE_DATE_EPOCH.  A failure leaves nothing behind.
. "${0%/*}/../lib.sh"
requires sfdisk --version
requires qemu-img --version
requires cryptsetup --version
requires mkfs.xfs -V
printf 'right words' >key
img=disk.img
fast=pbkdf-iterations=4:pbkdf-memory=64K:pbkdf-threads=1
uuid=6f8b3c1e-2d4a-4c5f-9e7b-a1b2c3d4e5f6

echo "Two groups; sizes are rounded up to 4 MiB:"
run anyfs mkdisk $img --size 900M --part efi:vfat:32M --part pv:lvm:rest:vg=vg0 --part other:lvm:65M:vg=x-1+a_b.c \
	--lv vg0/swap:swap:5M:label=page --lv "vg0/root:ext4:rest:label=root:fs-uuid=$uuid:options=-m 0" \
	--lv x-1+a_b.c/data:vfat:34M:label=DATA --lv vg0/home.dir-1:xfs:301M:label=home --lv vg0/free:none:4M >out
expect "" <out
sfdisk --dump $img | grep -o "type=[0-9A-F-]*" | expect "type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
type=E6D6D379-F507-44C2-A23C-238F2A3DF928
type=E6D6D379-F507-44C2-A23C-238F2A3DF928"
# 900 - 1 - 32 - 65 - 1 MiB, without the first MiB: 200 extents, of which 2, 76 and 1 are taken.
run anyfs parts --json $img >parts.json
python3 - <<'END' || fail "$(anyfs parts $img)"
import json
MIB = 1 << 20
want = {"/p2/swap": (8, "swap", "page"), "/p2/root": (200 * 4 - 8 - 304 - 4, "ext4", "root"),
        "/p2/home.dir-1": (304, "xfs", "home"), "/p2/free": (4, "", ""),
        "/p3/data": (36, "vfat", "DATA")}
found = {p["path"]: (p["size"] // MIB, p.get("fstype") or "", p.get("label") or "")
         for p in json.load(open("parts.json"))["partitions"] if p["path"].count("/") == 2}
assert found == want, found
END
for path in p2/root p2/home.dir-1 p3/data; do
	run anyfs fsck $img /$path >/dev/null
	echo $path | run anyfs put $img - /$path/name
	run anyfs cat $img /$path/name | expect $path
	run anyfs fsck $img /$path >/dev/null
done
run anyfs uuid $img /p2/root | expect $uuid
[ "$(stat -c %b $img)" -lt $((200 << 11)) ] || fail "the image is not sparse: $(stat -c %b $img)"

echo "In an encrypted partition of a qcow2 image:"
run anyfs mkdisk disk.qcow2 --size 1G --part boot:ext4:64M --part "pv:lvm:rest:vg=vg0:luks:$fast" \
	--lv vg0/swap:swap:64M --lv vg0/root:ext4:300M:label=root --lv vg0/var:xfs:rest --key /p2:file:key
for path in root var; do
	run anyfs fsck --key file:key disk.qcow2 /p2/$path >/dev/null
	echo $path | run anyfs put --key file:key disk.qcow2 - /p2/$path/name
	run anyfs cat --key file:key disk.qcow2 /p2/$path/name | expect $path
done
run anyfs parts --key file:key disk.qcow2 | matches "^/p2/swap .* swap " || fail "$(anyfs parts --key file:key disk.qcow2)"
[ "$(stat -c %b disk.qcow2)" -lt $((200 << 11)) ] || fail "the image is not sparse: $(stat -c %b disk.qcow2)"

echo "Sectors of 4096 bytes below the group:"
rm $img
run anyfs mkdisk $img --size 400M --part "pv:lvm:rest:vg=v:luks:luks-sector-size=4096:$fast" \
	--lv v/a:xfs:rest --key file:key
echo a | run anyfs put --key file:key $img - /p1/a/name
run anyfs cat --key file:key $img /p1/a/name | expect a

echo "The same bytes in each run, if SOURCE_DATE_EPOCH is set:"
disk=(--size 200M --part pv:lvm:rest:vg=vg0 --lv vg0/root:ext4:100M --lv vg0/swap:swap:8M)
mkdir one two
SOURCE_DATE_EPOCH=1700000000 run anyfs mkdisk --reproducible one/$img "${disk[@]}"
(cd two && SOURCE_DATE_EPOCH=1700000000 run anyfs mkdisk --reproducible $img "${disk[@]}")
same one/$img two/$img
matches "creation_time = 1700000000" -a one/$img || fail "the time is not in the metadata"
grep -ao 'id = "[^"]*"' one/$img | sort | uniq -d | expect ""
run anyfs mkdisk two/random.img "${disk[@]}"
[ "$(grep -ao 'id = "[^"]*"' one/$img two/random.img | sed 's/.*id/id/' | sort -u | wc -l)" -eq 8 ] ||
	fail "identifiers are not random without SOURCE_DATE_EPOCH"

echo "Progress:"
run anyfs mkdisk --json --progress-fd 3 two/p.img "${disk[@]}" >out 3>progress
python3 -c 'import json; assert json.load(open("out"))["bytes"] > 1 << 20' || fail "$(cat out)"

echo "Mistakes and failures:"
mistake() {
	local text=$1
	shift
	refuse "$text" anyfs mkdisk new.img --size 100M "$@"
	[ ! -e new.img ] || fail "an image was left"
	find . -name '.anyfs*' | expect ""
}
pv=(--part pv:lvm:rest:vg=vg0)
mistake "--part pv: a partition of type lvm needs|vg=vg0" --part pv:lvm:rest
mistake "--part pv: vg needs the type lvm" --part pv:ext4:rest:vg=vg0
mistake "--part b: the volume group vg0 is in another partition" --part a:lvm:10M:vg=vg0 --part b:lvm:10M:vg=vg0
mistake "is not a name for LVM2" --part pv:lvm:rest:vg=-x
mistake "is not a name for LVM2" --part pv:lvm:rest:vg=..
mistake "label, fs-uuid and options need a file system" --part pv:lvm:rest:vg=vg0:label=x
mistake "--lv vg0/a: no partition has the volume group vg0" --lv vg0/a:ext4:10M
mistake "--lv vg1/a: no partition has the volume group vg1" "${pv[@]}" --lv vg1/a:ext4:10M
mistake "--lv a: give VG/NAME:FILESYSTEM:SIZE" "${pv[@]}" --lv a:ext4:10M
mistake "--lv vg0/a: give NAME:FILESYSTEM:SIZE" "${pv[@]}" --lv vg0/a
mistake "\"a/b\" is not a name for LVM2" "${pv[@]}" --lv vg0/a/b:ext4:10M
mistake "reserves names like this" "${pv[@]}" --lv vg0/snapshot1:ext4:10M
mistake "reserves names like this" "${pv[@]}" --lv vg0/a_tmeta:ext4:10M
mistake "--lv vg0/a: given twice" "${pv[@]}" --lv vg0/a:ext4:10M --lv vg0/a:ext4:10M
mistake "vg0/a, --lv vg0/b: only one" "${pv[@]}" --lv vg0/a:ext4:rest --lv vg0/b:ext4:rest
mistake "the logical volumes of vg0 do not fit: they need 100M, and partition pv has 96M" "${pv[@]}" --lv vg0/a:ext4:97M
mistake "the logical volumes of vg0 do not fit: they need 100M" "${pv[@]}" --lv vg0/a:ext4:96M --lv vg0/b:ext4:rest
mistake "the logical volumes of vg0 do not fit" --part pv:lvm:4M:vg=vg0
mistake "the logical volumes of vg0 do not fit" "${pv[@]}" --lv vg0/a:ext4:8000000000G
mistake "--lv vg0/a: unknown option uuid" "${pv[@]}" --lv "vg0/a:ext4:10M:uuid=$uuid"
mistake "--lv vg0/a: " "${pv[@]}" --lv vg0/a:ext4:10M:luks
mistake "--lv vg0/a: the program that makes minix sets no label" "${pv[@]}" --lv vg0/a:minix:10M:label=x
mistake "--lv vg0/a: the program that makes minix sets no sectors" --lv vg0/a:minix:10M \
	--part pv:lvm:rest:vg=vg0:luks:luks-sector-size=4096 --key file:key
mistake "known types" "${pv[@]}" --lv vg0/a:nofs:10M
mistake "logical volume vg0/a: mkfs.xfs: failed" "${pv[@]}" --lv vg0/a:xfs:8M
mistake "logical volume vg0/a: mkfs.xfs: failed" --part "pv:lvm:rest:vg=vg0:luks:$fast" --lv vg0/a:xfs:8M --key file:key
