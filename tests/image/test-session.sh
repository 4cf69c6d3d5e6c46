#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Sessions enter partitions and volumes by number, at any depth: an ext4 in a LUKS in a GPT, an
# LVM2 group in a LUKS, a partition table with logical partitions in a partition.
. "${0%/*}/../lib.sh"
requires sgdisk --version
requires sfdisk --version
session() { program image/session "$@"; }

# refused TEXT ARGUMENTS...: the program fails with a line that has TEXT
refused() {
	local text=$1
	shift
	if (session "$@") >out 2>err; then fail "worked: $*"; fi
	grep -qF -e "$text" err || fail "no \"$text\" in: $(cat err)"
}

mkdir efi root
echo efi >efi/name
echo root >root/name
image_vfat efi p1.img 16M
image_ext4 root plain.img 24M
printf 'right words' >key
printf 'wrong words' >wrong
luks_image plain.img p2.img
run python3 "${0%/*}/make-lvm.py" linear plain.img pv.img
luks_image pv.img p3.img
# A DOS table with the primary partition 1 and the logical partitions 5 and 6.
truncate -s 80M p4.img
sfdisk -q p4.img <<EOS
label: dos
1 : start=2048, size=49152, type=83
2 : start=51200, type=5
5 : start=53248, size=49152, type=83
6 : start=104448, size=32768, type=c
EOS
dd if=plain.img of=p4.img bs=512 seek=53248 conv=notrunc,sparse status=none
dd if=p1.img of=p4.img bs=512 seek=104448 conv=notrunc,sparse status=none
truncate -s 4M p5.img
mkswap -q p5.img 2>/dev/null
truncate -s 4M p6.img
# disk IMAGE...: a GPT with these partitions, disk.img
disk() {
	local start=2048 n=0 size part
	rm -f disk.img
	truncate -s 300M disk.img
	sgdisk -o disk.img >/dev/null
	for part; do
		size=$(($(stat -c %s "$part") / 512))
		n=$((n + 1))
		sgdisk -n $n:$start:+$((size / 2))K disk.img >/dev/null
		dd if="$part" of=disk.img bs=512 seek=$start conv=notrunc,sparse status=none
		start=$(((start + size + 2048) / 2048 * 2048))
	done
}
disk p1.img p2.img p3.img p4.img p5.img p6.img
sha256sum disk.img >sums

# Nothing is unlocked or mounted by a list, but tables are read.
run session tree disk.img >listed
grep -q '^table=gpt size=314572800$' listed || fail "the disk is described as $(head -n 1 listed)"
grep -q '^p1 FS fstype=vfat label=ANYFSTEST ptype=[0-9a-fA-F-]\{36\} offset=1048576 size=1677[0-9]* new$' listed ||
	fail "$(cat listed)"
grep -q '^p2 LUKS fstype=crypto_LUKS ' listed || fail "$(cat listed)"
grep -q '^p4 NESTED ' listed || fail "$(cat listed)"
grep -q '^  p5 FS fstype=ext4 label=anyfs-test ptype=0x83 offset=27262976 size=25165824 new$' listed ||
	fail "$(cat listed)"
grep -q '^  p6 FS fstype=vfat .*ptype=0x0c ' listed || fail "$(cat listed)"
grep -q '^p5 UNKNOWN fstype=swap ' listed || fail "$(cat listed)"
grep -q '^p6 UNKNOWN fstype= ' listed || fail "$(cat listed)"
[ "$(grep -c '^ *(Required key not available)$' listed)" -eq 2 ] || fail "$(cat listed)"
[ "$(grep -c '^ *(' listed)" -eq 2 ] || fail "$(cat listed)"

# Keys of each kind, at each depth.  Entering again needs no key.
run session cat disk.img p1 name | expect efi
run session cat disk.img /P1/ name | expect efi
run session cat disk.img 'p2?keyfile=key' name | expect root
run session cat disk.img 'p2?keyfile=key/p1' name | expect root
KEY='right words' run session cat disk.img 'p2?keyref=KEY' name | expect root
run session cat disk.img 'p3?keyfd=7/p1' name 7<key | expect root
run session cat disk.img 'p2?key=right%20words' name 2>warned | expect root
matches '^warning: a key in a path can be seen' <warned || fail "no warning: $(cat warned)"
run session cat disk.img p4/p5 name | expect root
run session cat disk.img p4/p6 name | expect efi

# Results, states and reasons.
run session tree disk.img p1 'p2?keyfile=wrong' 'p3?keyfile=key' p4 p4/p1 p4/p7 p5 p6 p1/p1 \
	'p3?keyfile=gone' >listed
grep -q '^p1: mounted$' listed || fail "$(cat listed)"
grep -q '^p2?keyfile=wrong: .*disk.img: /p2: the key opens none of the keyslots tried: 0' listed ||
	fail "$(cat listed)"
grep -q '^p3?keyfile=key: .*is a container' listed || fail "$(cat listed)"
grep -q '^p4: .*is a container' listed || fail "$(cat listed)"
grep -q '^p4/p1: .*/p4/p1: ' listed || fail "$(cat listed)"
grep -q '^p4/p7: .*there is no slot 7 in it' listed || fail "$(cat listed)"
grep -q '^p5: .*swap' listed || fail "$(cat listed)"
grep -q '^p1/p1: .*not a container' listed || fail "$(cat listed)"
# The volume is open, so its key is not read.
grep -q '^p3?keyfile=gone: .*is a container' listed || fail "$(cat listed)"
grep -q '^p1 .* mounted$' listed || fail "$(cat listed)"
grep -q '^p2 .* failed$' listed || fail "$(cat listed)"
grep -q '^p3 LUKS .* mounted$' listed || fail "$(cat listed)"
grep -q '^  p1 FS fstype=ext4 label=anyfs-test ptype=? offset=0 size=25165824 new$' listed ||
	fail "$(cat listed)"
run session tree disk.img 'p2?keyfile=gone' >listed
grep -q '^p2?keyfile=gone: keyfile=gone: No such file' listed || fail "$(cat listed)"
refused "No such file" tree gone.img

# Partitions are left with the volumes in them; a file that is open keeps them.
run session leave disk.img p1 name | expect $'efi\nefi'
run session leave disk.img 'p2?keyfile=key' name | expect $'root\nroot'
run session leave disk.img 'p3?keyfile=key/p1' name | expect $'root\nroot'
run session leave disk.img p4/p5 name | expect $'root\nroot'
run session probe disk.img 1 | expect 'vfat ANYFSTEST used'
run session probe disk.img 2 | expect 'crypto_LUKS  unknown'
run sha256sum -c --quiet sums

# A disk without partitions is slot 0.
run session cat plain.img p0 name | expect root
run session tree plain.img p0 p1 >listed
grep -q '^p0: mounted$' listed || fail "$(cat listed)"
grep -q '^p1: .*no partition 1' listed || fail "$(cat listed)"
grep -q '^p0 FS fstype=ext4 .*ptype=? offset=0 size=25165824 mounted$' listed || fail "$(cat listed)"
run session leave plain.img p0 name | expect $'root\nroot'
run session cat p3.img 'p0?keyfile=key/p1' name | expect root
run session leave p3.img 'p0?keyfile=key/p1' name | expect $'root\nroot'

# The number is the flags of the session: 1 refuses writes, 16 keeps them in memory, 2 and 8 choose
# the backend.
sha256sum plain.img >sums
run session write plain.img 16 p0 new | expect written
run session write plain.img 24 p0 new | expect written
run sha256sum -c --quiet sums
refused "new: Read-only file system" write plain.img 1 p0 new
refused "new: Read-only file system" write plain.img 17 p0 new
run sha256sum -c --quiet sums
run session write plain.img 2 p0 new | expect written
run session cat plain.img p0 new | expect written
run e2fsck -fn plain.img >log 2>&1

# Damaged and hostile volumes give one line each, and the others work.
disk p1.img plain.img
run session calls disk.img
for at in 1048576 1049088 1052672; do
	disk pv.img p1.img
	head -c 512 /dev/urandom | dd of=disk.img bs=512 seek=$((at / 512)) conv=notrunc status=none
	run session tree disk.img p1/p1 p2 >listed
	grep -q '^p2: mounted$' listed || fail "$(cat listed)"
done

# 500 sessions leave nothing behind; two threads share a session.
disk p1.img pv.img p4.img
run session cycle disk.img p3/p5 125
run session cycle disk.img p2/p1 125
run session threads disk.img p1 p3/p5
run session threads disk.img p2/p1 p2/p1

# A program that includes anyfs_session.h alone, in C and in C++.
include=$ANYFS_BUILD/include
for flags in '-std=c99 -x c' '-std=c++11 -x c++'; do
	# shellcheck disable=SC2086 # several flags
	run cc $flags -Wall -Wextra -Werror -I"$include" "${0%/*}/session-alone.c" -o alone \
		-L"$ANYFS_BUILD/lib" -lanyfs -Wl,-rpath,"$ANYFS_BUILD/lib"
	run ./alone disk.img p3/p5 | expect $'1 FS vfat\n2 LVM_PV LVM2_member\n3 NESTED \n1'
done
