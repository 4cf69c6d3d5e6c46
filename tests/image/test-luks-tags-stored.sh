#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Read and write stored LUKS2 volumes with authentication tags, which tools-dev/make-volume-images
# made with Debian's kernel and cryptsetup.  One has changes that are only in its journal.
. "${0%/*}/lib-tags.sh"
requires xz --version

printf words >key
seq 2000 >numbers
echo new >new
# header BYTES CIPHER TYPE: make a detached header with the volume key of the stored volumes
header() {
	seq 100 | tr -d '\n' | head -c "$1" >volume.key
	truncate -s 16M header data
	run cryptsetup luksFormat -q --type luks2 --header header --volume-key-file volume.key \
		--key-file key --cipher aes-xts-plain64 --key-size $(($1 * 8)) --sector-size 512 \
		--pbkdf pbkdf2 --pbkdf-force-iterations 1000 data
	set_tags header "$2" "$3" 512
}
options=(--key file:key --crypt "luks,header=header")
# stored NAME LABEL BYTES CIPHER TYPE: read and write the volume, whose ext4 has the label
stored() {
	header "$3" "$4" "$5"
	xz -dc "${0%/*}/volumes/luks-$1.img.xz" >disk.img
	sha256sum disk.img >sums
	run anyfs cat "${options[@]}" disk.img /name | expect "$1"
	run anyfs cat "${options[@]}" disk.img /numbers >got
	same got numbers
	run anyfs parts "${options[@]}" disk.img >listed
	grep -q " ext4 .* $2 " listed || fail "no label $2: $(cat listed)"
	run sha256sum -c --quiet sums
	run anyfs put "${options[@]}" disk.img new /
	run anyfs cat "${options[@]}" disk.img /new | expect new
}
stored hmac before 64 aes-xts-random "hmac(sha256)"
stored gcm before 32 aes-gcm-random aead
stored chacha after 32 chacha20-random poly1305
