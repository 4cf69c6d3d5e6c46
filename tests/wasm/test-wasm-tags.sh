#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The wasm kernel reads and writes LUKS2 volumes with authentication tags.  A volume whose journal
# of tags must be replayed is unlocked only if the disk is open for writing or with an overlay.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"
requires cryptsetup --version

make_unix_tree tree
printf 'right words' >key
area=$((4 << 20))
truncate -s 40M clean.img
run cryptsetup luksFormat -q --type luks2 --key-file key --cipher aes-xts-plain64 --key-size 256 \
	--sector-size 512 --offset $((area / 512)) --luks2-metadata-size 16k \
	--luks2-keyslots-size 2m --pbkdf pbkdf2 --pbkdf-force-iterations 1000 clean.img
run "$here/../image/edit-luks2.py" clean.img "h['segments']['0'].update(encryption='aes-gcm-random',
	integrity={'type': 'aead', 'journal_encryption': 'none', 'journal_integrity': 'none'})"
run program image/format-tags clean.img $area 28 512
size=$(($(od -An -tu8 -j $((area + 16)) -N8 clean.img) * 512))
image_ext4 tree plain.img $((size / 1024))K
program image/plain --write clean.img key luks <plain.img
# In replay.img ext4's journal must be replayed.  In dirty.img the same write is still in the
# journal of the tags, which must be replayed first.
cp plain.img changed.img
run debugfs -w -R 'feature needs_recovery' changed.img 2>/dev/null
cp clean.img replay.img
head -c 4096 changed.img | program image/plain --write replay.img key luks
cp clean.img dirty.img
head -c 4096 changed.img | program image/plain --crash dirty.img key luks

sha256sum ./*.img >sums
for image in clean.img replay.img; do
	run anyfs info --key file:key --json $image >native
	wasm volumes.mjs $image native /
done
wasm tags.mjs dirty.img
run sha256sum -c --quiet sums
for image in clean.img dirty.img; do
	cp $image written.img
	wasm volumes-write.mjs written.img /new
	run anyfs cat --key file:key written.img /new | expect "from wasm"
	run anyfs get --key file:key written.img /deep/big big
	same big tree/deep/big
done
