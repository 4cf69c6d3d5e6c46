#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# With --member, a path that begins with /diskN is a path of image N; image 0 is the first one.
. "${0%/*}/../image/lib-crypt.sh"

mkdir -p efi root/etc single/disk1
echo first >root/etc/name
echo x >efi/x
image_gpt efi root
mv disk.img first.img
echo second >root/etc/name
printf 'right words' >key
image_ext4 root plain.img 8M
luks_image plain.img second.img
echo inner >single/disk1/name
image_ext4 single third.img 8M
sha256sum ./*.img >sums
members=(--member second.img --member third.img)

run anyfs cat "${members[@]}" --key file:key first.img /p2/etc/name /disk0/p2/etc/name /disk1/etc/name \
	disk2/disk1/name | expect $'first\nfirst\nsecond\ninner'
run anyfs ls "${members[@]}" first.img /disk0 | expect $'p1\np2'
run anyfs cat --member second.img first.img '/disk1/p0?keyfile=key/etc/name' | expect second
run anyfs cat --member first.img third.img /disk0/disk1/name | expect inner
refuse "there is no image disk3; there are disk0 to disk2" anyfs ls "${members[@]}" first.img /disk3
refuse "there is no partition 3" anyfs ls "${members[@]}" first.img /disk0/p3
refused 4 "no key was given" anyfs ls --no-prompt "${members[@]}" first.img /disk1/etc
# Without --member, and with other names, the path is that of a file.
run anyfs cat third.img /disk1/name | expect inner
run anyfs cat --member first.img third.img /disk0/disk1/../disk1/name | expect inner
refuse "there is no" anyfs ls "${members[@]}" first.img /disk01
run sha256sum -c --quiet sums

run anyfs put "${members[@]}" --key file:key first.img key /disk1/etc
run anyfs cat --key file:key second.img /etc/key | expect "right words"
run anyfs cp "${members[@]}" --key file:key first.img /disk1/etc/key /disk0/p2/etc
run anyfs cat first.img /p2/etc/key | expect "right words"
