#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# @anyfs/core unlocks volumes of BitLocker with a password, a recovery password or a BEK file.
# The images are those of cryptsetup's tests.
# root: debian-source writes to the build directory
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"
source=$("$ANYFS_TOP/tools-dev/debian-source" cryptsetup 2>err) || skip "$(cat err)"
run tar -xSJf "$source/tests/bitlk-images.tar.xz" --no-same-owner
chmod -R u+rw bitlk-images
cd bitlk-images

# value IMAGE NAME: the value from the list beside the images
value() { sed -n "/^\[$1\]/,/^\[/ s/^$2=//p" images.conf; }
# opens NAME [WRONG-KEY]
opens() {
	wasm bitlocker.mjs "bitlk-$1.img" "$(value "bitlk-$1" UUID)" key "${@:2}"
}

for name in aes-xts-256 aes-cbc-elephant-128 togo-aes-xts-128; do
	value "bitlk-$name" PW | tr -d '\n' >key
	opens $name
done
value bitlk-aes-xts-128 RP | tr -d '\n' >key
opens aes-xts-128 wrong
cp 4381F759-C4F8-4DE0-BB61-FC33A831BDA5.BEK key
opens aes-xts-128-startup-key
