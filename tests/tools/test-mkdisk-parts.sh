#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs mkdisk makes disks with partitions and file systems: sfdisk reads the table, fsck and
# the library's kernel the file systems.  A failure prints one line and leaves nothing behind.
. "${0%/*}/../lib.sh"
requires sfdisk --version
requires mkfs.vfat --help
requires mkfs.ext4 -V
requires mkfs.xfs -V

# part FIELD NR: a field of partition NR in the dump of sfdisk.
part() { sed -n "s/^disk.img$2 :.*[ ,]$1= *\"\{0,1\}\([^,\"]*\).*/\1/p" dump; }
# cut_part NR: write the partition to the file "part".
cut_part() {
	dd if=disk.img of=part bs=512 skip="$(part start "$1")" count="$(part size "$1")" \
		conv=sparse status=none
}

echo "A GPT with all kinds of options:"
uuid=6f8b3c1e-2d4a-4c5f-9e7b-a1b2c3d4e5f6
run anyfs mkdisk disk.img --size 800M --table gpt --disk-id "$uuid" \
	--part "efi:vfat:64M:label=EFI:fs-uuid=1234abcd" --part bios:none:1M \
	--part "swap:swap:16M" \
	--part "root:ext4:rest:label=root fs:uuid=${uuid%6}7:options=-m 0 -E 'hash_seed=$uuid'" \
	--part "data:xfs:300M:fs-uuid=${uuid%6}8:type=linux" >out
expect "" <out
[ "$(stat -c %s disk.img)" -eq $((800 << 20)) ] || fail "size: $(stat -c %s disk.img)"
run sfdisk --verify disk.img >/dev/null
run sfdisk --dump disk.img >dump
grep -qix "label-id: $uuid" dump || fail "disk-id: $(cat dump)"
for nr in 1 2 3 4 5; do
	[ $(($(part start $nr) % 2048)) -eq 0 ] || fail "alignment: $(cat dump)"
	part name $nr
done | expect "$(printf 'efi\nbios\nswap\nroot\ndata')"
for nr in 1 2 3 4 5; do part type $nr; done | expect "C12A7328-F81F-11D2-BA4B-00A0C93EC93B
21686148-6449-6E6F-744E-656564454649
0657FD6D-A4AB-43C4-84E5-0933C84B4F4F
4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709
0FC63DAF-8483-4772-8E79-3D69D8477DE4"
part size 1 | expect $((64 * 2048))
part size 4 | expect $(((800 - 1 - 64 - 1 - 16 - 300 - 1) * 2048))
part uuid 4 | expect "$(tr a-f A-F <<<"${uuid%6}7")"
cut_part 1
run fsck.vfat -n part >/dev/null
run blkid -p -o value -s LABEL -s UUID part | sort | expect "$(printf '1234-ABCD\nEFI')"
cut_part 4
run e2fsck -fn part >/dev/null 2>&1
run dumpe2fs -h part >super 2>/dev/null
grep -q "^Filesystem volume name: *root fs$" super || fail "label: $(cat super)"
grep -q "^Reserved block count: *0$" super || fail "options: $(cat super)"
grep -q "^Directory Hash Seed: *$uuid$" super || fail "options: $(cat super)"
cut_part 5
run xfs_repair -n part >/dev/null 2>&1
run blkid -p -o value -s UUID part | expect "${uuid%6}8"
echo hello | run anyfs put disk.img - /p4/name
run anyfs cat disk.img /p4/name | expect hello

echo "A dos table, in another format:"
requires qemu-img --version
for format in qcow2 vhdx vhd; do
	run anyfs mkdisk --format "$format" "disk.$format" --size 100M --table dos \
		--disk-id 0x1234abcd --part "boot:fat32:40M" --part "l:ext4:20M" --part none:none:rest:type=8e
	run anyfs parts "disk.$format" | matches vfat || fail "$(anyfs parts "disk.$format")"
	run anyfs ls "disk.$format" /p2 | expect lost+found
	rm disk.img
	run qemu-img convert -O raw "disk.$format" disk.img
	[ "$(stat -c %s disk.img)" -eq $((100 << 20)) ] || fail "$format: $(stat -c %s disk.img)"
	sfdisk --dump disk.img >dump
	grep -qx "label-id: 0x1234abcd" dump || fail "$(cat dump)"
	for nr in 1 2 3; do part type $nr; done | expect "$(printf 'c\n83\n8e')"
	part size 3 | expect $((39 * 2048))
done
run anyfs mkdisk table.img --size 4M --table gpt
run sfdisk --dump table.img | matches -x "label: gpt"
run anyfs mkdisk --json json.img --size 10M --part a:ext4:rest >out
python3 -c 'import json; assert json.load(open("out"))["failed"] == []' || fail "$(cat out)"

echo "Mistakes and failures:"
: >before
for i in 1 2 3 4 5; do many+=(--part "p$i:none:1M"); done
mistake() {
	local text=$1
	shift
	refuse "$text" anyfs mkdisk new.img "$@"
	[ ! -e new.img ] || fail "an image was left"
	find . -name '.anyfs*' | expect ""
}
mistake "do not fit|need 19M|has 10M" --size 10M --part a:none:18M
mistake "nothing is left for partition b" --size 10M --part a:none:8M --part b:none:rest
mistake "a, --part b|rest" --size 10M --part a:none:rest --part b:none:rest
mistake "at most 4" --size 10M --table dos "${many[@]}"
mistake "2 TiB" --size 3T --table dos --part a:none:rest
mistake "needs --table gpt" --size 10M --table dos --part "a:none:rest:uuid=$uuid"
mistake "nofs|known types" --size 10M --part a:nofs:rest
mistake "give gpt or dos" --size 10M --table bsd
mistake "unknown option lable" --size 10M --part a:ext4:rest:lable=x
mistake "label has no value" --size 10M --part a:ext4:rest:label=
mistake "OPTION=VALUE" --size 10M --part a:ext4:rest:label
mistake "NAME:FILESYSTEM:SIZE" --size 10M --part a:ext4
mistake "multiple of 512" --size 10M --part a:ext4:1000
mistake "quote" --size 10M --part "a:ext4:rest:options=-L 'x"
mistake "minix sets no label" --size 10M --part a:minix:rest:label=x
mistake "need a file system" --size 10M --part a:none:rest:label=x
mistake "give a UUID" --size 10M --part a:none:rest:uuid=x
mistake "disk-id x|UUID" --size 10M --table gpt --disk-id x
mistake "type=zzz|sfdisk" --size 10M --part a:none:rest:type=zzz
mistake "type=zzz|sfdisk" --size 10M --table dos --part a:none:rest:type=zzz
mistake "partition a|mkfs.ext4: failed|invalid option" --size 10M --part a:ext4:rest:options=-Z
mistake "partition a|mkfs.xfs: failed" --format qcow2 --size 30M --part a:xfs:rest
mistake "--offset" --offset 1M --size 10M
mistake "too many arguments" --size 10M extra
if [ ! -x /usr/sbin/mkfs.hfsplus ]; then
	mistake "mkfs.hfsplus|hfsprogs" --size 10M --part a:hfsplus:rest
fi
refuse "File exists" anyfs mkdisk table.img --size 10M --part a:ext4:rest

echo "A full disk:"
# A limit on the size of files stops both programs and anyfs like a full disk.
(
	ulimit -f 20480			# KiB
	mistake "File too large" --size 30M --part a:none:rest
)
