#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Volumes of BitLocker are opened with their password, recovery password or BEK file, and
# have the bytes that cryptsetup's tests expect.  The images are those of these tests.
# root: debian-source writes to the build directory
. "${0%/*}/lib-crypt.sh"
source=$("$ANYFS_TOP/tools-dev/debian-source" cryptsetup 2>err) || skip "$(cat err)"
run tar -xSJf "$source/tests/bitlk-images.tar.xz" --no-same-owner
chmod -R u+rw bitlk-images
cd bitlk-images

# value IMAGE NAME: the value from the list beside the images
value() { sed -n "/^\[$1\]/,/^\[/ s/^$2=//p" images.conf; }
# has_uuid IMAGE: unlocked with the file key, it holds the expected file system
has_uuid() {
	run anyfs parts --json --key file:key "bitlk-$1.img" >listed
	grep -qF "\"$(value "bitlk-$1" UUID)\"" listed || fail "another content: $(cat listed)"
}

# Each cipher, with all bytes of the volume.
for name in aes-cbc-128 aes-cbc-256 aes-xts-128 aes-xts-256 aes-cbc-elephant-128 \
	aes-cbc-elephant-256 togo-aes-cbc-128 togo-aes-xts-128 aes-cbc-128-4k aes-xts-128-4k; do
	value "bitlk-$name" PW | tr -d '\n' >key
	sum=$(program image/plain "bitlk-$name.img" key | sha256sum)
	[ "${sum%% *}" = "$(value "bitlk-$name" SHA256SUM)" ] || fail "$name: other bytes: $sum"
done

# Each kind of key.
for name in aes-xts-128 aes-cbc-elephant-256 aes-xts-128-new-entry aes-xts-128-smart-card; do
	value "bitlk-$name" RP | tr -d '\n' >key
	has_uuid $name
done
cp 4381F759-C4F8-4DE0-BB61-FC33A831BDA5.BEK key
has_uuid aes-xts-128-startup-key
cp AA80A52B-9B66-47AE-B097-33F536FFBB07.BEK key
has_uuid aes-xts-128-startup-key-win11
refused 4 "opens none of its protectors" anyfs ls --key file:key bitlk-aes-xts-128-startup-key.img /

# Volumes that cannot be opened are refused with the reason.
printf anaconda >key
refused 1 "encryption on write is not supported" anyfs ls --key file:key bitlk-aes-xts-128-eow.img /
printf wrong >key
refused 4 "the key opens none of its protectors: password, recovery password" anyfs ls --key file:key \
	bitlk-aes-xts-128.img /
refused 4 "smart card" anyfs ls --key file:key bitlk-aes-xts-128-smart-card.img /
refuse "BitLocker volume" anyfs ls --no-prompt bitlk-aes-xts-128.img

# If a copy of the metadata is damaged another one is used, until all are damaged.
printf anaconda >key
image=bitlk-aes-xts-128.img
for offset in $(od -An -tu8 -j176 -N24 $image); do
	run anyfs parts --json --key file:key --crypt bitlocker $image >listed
	grep -qF "$(value bitlk-aes-xts-128 UUID)" listed || fail "another content: $(cat listed)"
	dd if=/dev/zero of=$image bs=64 count=1 seek="$offset" oflag=seek_bytes conv=notrunc status=none
done
refuse "its BitLocker metadata is damaged: none of its copies is valid" \
	anyfs ls --key file:key --crypt bitlocker $image
