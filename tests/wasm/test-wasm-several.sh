#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The wasm kernel opens several images as one disk: each has a directory.  LVM2 groups and Linux
# RAID arrays may span several of them, in any order and inside each other.  If some are missing,
# the option "degraded" is needed.  Images that are only read do not change.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"
requires qemu-img --version
requires mdadm --version

make_tree fat-tree
make_unix_tree tree
image_gpt fat-tree tree
mv "$img" gpt.img
image_ext4 tree ext4.img 24M
cp ext4.img plain.img

# Two images, and their changes.
wasm several.mjs gpt.img ext4.img exported.img changes.qcow2
run anyfs cat exported.img /new | expect "on the second"
run e2fsck -fn exported.img
run anyfs cat gpt.img /p2/new | expect "on the first"
run anyfs cat ext4.img /new | expect "on the second"
run e2fsck -fn ext4.img
cp plain.img ext4.img
run anyfs cat --allow-backing changes.qcow2 /new | expect "on the second"

array() { run python3 "$here/../image/make-md.py" "$@"; }
group() { run python3 "$here/../image/make-lvm.py" "$@"; }

# Volume groups: metadata and data are on several images.
group raid1 plain.img one two
group raid5 plain.img pv0 pv1 pv2
sha256sum one two pv? >sums
wasm array.mjs read /disk0/vol one two
wasm array.mjs read /disk2/vol pv2 pv0 pv1
wasm array.mjs fails ENXIO 'missing|degraded' one
# A copy of an image is a separate group, and members of other groups are ignored.
cp one copy
wasm array.mjs read /disk0/vol one copy two pv1
run sha256sum -c --quiet sums

# Without a member the rest is read, if the level of the volume allows that.  The first write
# makes the superblocks of the members.
wasm array.mjs write /disk0/vol one two
wasm array.mjs write /disk0/vol pv0 pv1 pv2
sha256sum one two pv? >sums
echo 'from wasm' >tree/new
wasm array.mjs degraded /disk0/vol two
wasm array.mjs degraded /disk1/vol pv2 pv0
rm tree/new
wasm array.mjs fails ENXIO 'missing|degraded' pv2 pv0
run sha256sum -c --quiet sums

# Arrays: every level and version of the metadata.
levels=(linear 0 1 4 5 6 10) written=(1 5 6 10)
# Each script takes longer in a page, and the kernel is the same.
[ "${WASM_HOST:-}" != chromium ] || { levels=(1 5) written=(5); }
for level in "${levels[@]}"; do
	names=(a b c)
	[ "$level" != 6 ] || names=(a b c d)
	array 1.2 "$level" plain.img "${names[@]}"
	run mdadm --examine a >examine
	sha256sum "${names[@]}" >sums
	wasm array.mjs read /disk0 "${names[@]}"
	wasm array.mjs read /disk1 b c a "${names[@]:3}"
	case $level in
	linear|0) ;;
	6) wasm array.mjs degraded /disk0 c b ;;
	*) wasm array.mjs degraded /disk1 c b ;;
	esac
	wasm array.mjs fails ENXIO 'lacks 1 of its|the option degraded' "${names[@]:1}"
	run sha256sum -c --quiet sums
done
for version in 0.90 1.0 1.1; do
	array $version 5 plain.img a b c
	wasm array.mjs read /disk2 c b a
	wasm array.mjs degraded /disk0 c b
	# The members of a mirror look like a file system.
	array $version 1 plain.img a b
	wasm array.mjs read /disk0 a b
	wasm array.mjs fails ENXIO 'lacks 1 of its 2' a
done

# A member that missed writes is not read, and is named.
array 1.2 1 plain.img new old:3
wasm array.mjs fails ENXIO 'written to without /disk1' new old
image_ext4 fat-tree stale.img 24M
array 1.2 1 stale.img x stale:3
wasm array.mjs degraded /disk0 stale new

# Members in partitions of one disk are an array as well.
array 1.0 1 plain.img a b
size=$(($(stat -c %s a) / 512))
truncate -s 100M parts.img
run sgdisk -a 8 -n "1:2048:$((2047 + size))" -n "2:81920:$((81919 + size))" parts.img >log
dd if=a of=parts.img bs=512 seek=2048 conv=notrunc,sparse status=none
dd if=b of=parts.img bs=512 seek=81920 conv=notrunc,sparse status=none
wasm array.mjs read /disk0/p1 parts.img
wasm array.mjs read /disk0/p2 parts.img

# A group in an array, and an array in encrypted volumes.
group linear plain.img pv
array 1.2 5 pv a b c
wasm array.mjs read /disk0/vol a b c
wasm array.mjs read /disk1/vol b c a
printf 'right words' >key
array 1.2 1 plain.img a b
luks_image a a.luks
luks_image b b.luks
wasm array.mjs read /disk1 a.luks b.luks

# Writes reach all members, and mdadm and the native tools read them.
for level in "${written[@]}"; do
	names=(a b c d)
	array 1.2 "$level" plain.img "${names[@]}"
	wasm array.mjs write /disk0 "${names[@]}"
	for name in "${names[@]}"; do
		run mdadm --examine "$name" >examine
		grep -q 'Checksum : .* correct' examine || fail "level $level: $(cat examine)"
		grep -Eq 'State : (clean|active)$' examine || fail "level $level: $(cat examine)"
	done
	run anyfs cat --degraded --member c --member b a /new | expect "from wasm"
	run anyfs cat --degraded --member c --member d b /new | expect "from wasm"
done
