#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Paths of the image may name keys of encrypted partitions, and partitions and volumes by
# number: "p2?keyfile=key/etc".
. "${0%/*}/lib-crypt.sh"
requires qemu-img --version
requires sgdisk --version

mkdir -p tree/etc
echo inside >tree/etc/name
image_ext4 tree plain.img 24M
printf 'right words' >key
printf 'wrong words' >wrong
luks_image plain.img luks.img
run python3 "${0%/*}/make-lvm.py" linear luks.img pv.img
truncate -s 120M disk.img
size=$(($(stat -c %s luks.img) / 1024))
sgdisk -n 1:2048:+${size}K -n 2:65536:+${size}K -n 3:131072:+$(($(stat -c %s pv.img) / 1024))K \
	disk.img >log
dd if=plain.img of=disk.img bs=1M seek=1 conv=notrunc,sparse status=none
dd if=luks.img of=disk.img bs=1M seek=32 conv=notrunc,sparse status=none
dd if=pv.img of=disk.img bs=1M seek=64 conv=notrunc,sparse status=none

run anyfs cat disk.img '/p2?keyfile=key/etc/name' | expect inside
run anyfs cat disk.img 'P2?keyfile=key/etc/name' | expect inside
KEY='right words' run anyfs ls disk.img '/p2?keyref=KEY/etc' | expect name
run anyfs cat disk.img '/p2?keyfd=0/etc/name' <key | expect inside
run anyfs cat disk.img '/p2?key=right%20words/etc/name' 2>warned | expect inside
matches 'can be seen by all users' <warned || fail "no warning: $(cat warned)"
run anyfs cat luks.img '/p0?keyfile=key/etc/name' | expect inside
# The first volume of the group, by number and by name.
run anyfs cat disk.img '/p3/p1?keyfile=key/etc/name' | expect inside
run anyfs cat --key file:key disk.img /p3/vol/etc/name | expect inside
run anyfs cat --key file:key disk.img /p3/p1/etc/name | expect inside
refuse "p3: there is no" anyfs ls disk.img /p3/p2

refused 4 "the key opens none of the keyslots tried: 0" anyfs ls disk.img '/p2?keyfile=wrong'
refused 2 "keyfile=gone: No such file" anyfs ls disk.img '/p2?keyfile=gone'
head -c 8388609 /dev/zero >long
refused 2 "long: a key has at most 8 MiB" anyfs ls disk.img '/p2?keyfile=long'
refused 2 "give a key as keyref=NAME" anyfs ls disk.img '/p2?keyfoo=x'
refused 2 "two hexadecimal digits" anyfs ls disk.img '/p2?key=%4'
# In a path without a key, "?" is a pattern.  Without partitions, /P1 is the name of a file.
run anyfs cat disk.img '/p1/et?/name' | expect inside
refuse "No such file" anyfs cat plain.img /P1/etc/name

share() {	# STATUS TEXT SHARE [OPTION]
	refused "$1" "$2" anyfs-nfsd --share "$3" ${4+"$4"} disk.img
	refused "$1" "$2" anyfs-ksmbd --guest --share "$3" ${4+"$4"} disk.img
}
share 2 "keyfile=gone: No such file" 'p2?keyfile=gone'
share 4 "no key was given" p2 --no-prompt
# Messages do not repeat a key.
hides() {
	"$@" 2>hides.err && fail "accepted: $*"
	matches 'key=\*\*\*' <hides.err || fail "$(cat hides.err)"
	! grep secret hides.err || fail "a message repeats the key"
}
hides anyfs ls disk.img '/p2?key=secret%4'
hides anyfs-nfsd --share 'p2?key=secret%4' disk.img
hides anyfs-ksmbd --guest --share 'p2?keyfile=key&key=secret/none' disk.img
share 1 "p2?keyfile=key/none" 'p2?keyfile=key/none'
