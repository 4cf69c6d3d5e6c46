#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The journal of a LUKS2 volume with authentication tags is replayed: in memory if the image is
# only read.  It was left by a program that ended without closing the volume.
. "${0%/*}/lib-tags.sh"
requires debugfs -V

printf 'right words' >key
mkdir -p tree/etc
echo inside >tree/etc/name
echo new >new
# The kernel empties the journal when it is half full; here it has four sections.
size=32M
tagged before.img 256 aes-gcm-random aead 28 512
image_ext4 tree plain.img "$(($(data_bytes before.img) / 1024))K"
run e2label plain.img before
program image/plain --write before.img key luks <plain.img
# Bytes of the superblock of dm-integrity, and of the journal, whose sections have 88 sectors.
end=$((area + 4096 + $(od -An -tu4 -j $((area + 12)) -N4 before.img) * 88 * 512))

# crash PLAIN: write the superblock of the ext4 PLAIN to the volume in luks.img, and end before
# the kernel has moved it from the journal to its place.
crash() {
	cp before.img luks.img
	head -c 4096 "$1" | program image/plain --crash luks.img key luks
	! cmp -s luks.img before.img || fail "nothing was written to the journal"
	same <(tail -c +$((end + 1)) luks.img) <(tail -c +$((end + 1)) before.img)
	sha256sum luks.img >sums
}
# has LABEL [OPTIONS]: the volume has an ext4 with the label
has() {
	run anyfs parts --key file:key "${@:2}" luks.img >listed
	grep -q " ext4 .* $1 " listed || fail "no label $1: $(cat listed)"
}

cp plain.img after.img
run e2label after.img after
crash after.img
has after
run anyfs cat --key file:key luks.img /etc/name | expect inside
run sha256sum -c --quiet sums
run anyfs put --key file:key --overlay changes luks.img new /etc
run anyfs cat --key file:key --overlay changes luks.img /etc/new | expect new
has after --overlay changes
run sha256sum -c --quiet sums
run anyfs put --key file:key luks.img new /etc
has after
run anyfs cat --key file:key luks.img /etc/new | expect new

# First the journals of the tags and of ext4 must both be replayed, then that of ext4 alone.
cp after.img dirty.img
run debugfs -w -R 'feature needs_recovery' dirty.img 2>/dev/null
crash dirty.img
has after
run anyfs cat --key file:key luks.img /etc/name 2>notes | expect inside
grep -q 'its journal was replayed into memory' notes || fail "no note: $(cat notes)"
run sha256sum -c --quiet sums
cp before.img luks.img
head -c 4096 dirty.img | program image/plain --write luks.img key luks
sha256sum luks.img >sums
run anyfs cat --key file:key luks.img /etc/name 2>notes | expect inside
grep -q 'its journal was replayed into memory' notes || fail "no note: $(cat notes)"
run sha256sum -c --quiet sums

# A volume group inside, which is mapped over the shadow of the volume.
image_ext4 tree small.img 8M
run python3 "${0%/*}/make-lvm.py" linear small.img pv
cp before.img luks.img
program image/plain --write luks.img key luks <pv
sha256sum luks.img >sums
run anyfs cat --key file:key luks.img /vol/etc/name | expect inside
run sha256sum -c --quiet sums

# A journal that is longer than the disk.
crash after.img
printf '\377\377\377\177' | dd of=luks.img bs=1 seek=$((area + 12)) conv=notrunc status=none
refuse "with dm-integrity" anyfs cat --key file:key luks.img /etc/name
