#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A volume of FileVault2 is opened with its password, and has the bytes that cryptsetup's tests
# expect.  The image is that of these tests; most of its file system was removed to make it
# small, so another HFS+ is written into it.
# root: debian-source writes to the build directory
. "${0%/*}/lib-crypt.sh"
source=$("$ANYFS_TOP/tools-dev/debian-source" cryptsetup 2>err) || skip "$(cat err)"
run tar -xSJf "$source/tests/fvault2-images.tar.xz" --no-same-owner
chmod -R u+rw fvault2-images
mv fvault2-images/small vault.img
printf heslo123 >key
printf wrong >wrong
expected() { sed -n "s/^check_$1 //p" "$source/tests/fvault2-compat-test"; }

sha256sum vault.img >sums
sum=$(program image/plain vault.img key | sha256sum)
[ "${sum%% *}" = "$(expected sha256)" ] || fail "other bytes: $sum"
run anyfs parts --json --key file:key vault.img >listed
grep -qF "\"$(expected uuid)\"" listed || fail "another content: $(cat listed)"
refused 4 "the key is that of none of its 1 users and recovery keys" anyfs ls --key file:wrong vault.img /
refuse "holds a FileVault2 volume (encrypted)" anyfs ls --no-prompt vault.img
run anyfs parts vault.img >listed
grep -q ' cs_fvault2 .*fc52bfae-5a1f-4f9b-b3a6-f33303a0e401' listed || fail "$(cat listed)"
run sha256sum -c --quiet sums

# Damaged and truncated metadata.
block=4096
# damaged TEXT COMMAND...: COMMAND changes damaged.img
damaged() {
	local text=$1
	shift
	cp --sparse=always vault.img damaged.img
	"$@"
	refuse "$text" anyfs ls --key file:key damaged.img /
}
wipe() { dd if=/dev/zero of=damaged.img bs=1 seek="$1" count=4 conv=notrunc status=none; }
damaged "metadata is damaged: the checksum of the first sector is wrong" wipe 176
damaged "metadata is damaged: none of its copies is valid" wipe $((block + 220))
damaged "metadata is damaged: the encrypted metadata cannot be read" wipe $((2049 * block + 9000))
damaged "truncated: its logical volume extends beyond its end" truncate -s 70M damaged.img
damaged "metadata is damaged: none of its copies is valid" truncate -s 4096 damaged.img

truncate -s "$(program image/plain vault.img key | wc -c)" hfs.img
run "${0%/*}/../fs/make-hfsplus.py" hfs.img
program image/plain --write vault.img key <hfs.img
echo inside >name
run anyfs put --key file:key vault.img name /
run anyfs cat --key file:key vault.img /name | expect inside
! grep -q inside vault.img || fail "the data is not encrypted"

# As a partition of a disk of macOS.
truncate -s 520M disk.img
echo "label: gpt
start=2048, size=1048496, type=53746F72-6167-11AA-AA11-00306543ECAC" | run sfdisk -q disk.img
dd if=vault.img of=disk.img bs=1M seek=1 conv=notrunc,sparse status=none
run anyfs cat --key /p1:file:key disk.img /p1/name | expect inside
