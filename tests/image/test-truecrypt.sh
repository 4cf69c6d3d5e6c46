#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Volumes of TrueCrypt and VeraCrypt are opened: each hash and cascade, hidden volumes, key
# files, PIM, the backup header.  The images are those of cryptsetup's tests.
# root: debian-source writes to the build directory
. "${0%/*}/lib-crypt.sh"
source=$("$ANYFS_TOP/tools-dev/debian-source" cryptsetup 2>err) || skip "$(cat err)"
run tar -xJf "$source/tests/tcrypt-images.tar.xz" --no-same-owner
chmod -R u+rw tcrypt-images
cd tcrypt-images
printf aaaaaaaaaaaa >key
printf bbbbbbbbbbbb >hidden
key_files=,keyfile=keyfile1,keyfile=keyfile2

# holds SERIAL KEY-FILE OPTIONS IMAGE: the unlocked volume has a FAT with this serial number
holds() {
	run anyfs parts --key "file:$2" --crypt "$3" "$4" >listed
	grep -q " vfat .* $1$" listed || fail "$4: another content: $(cat listed)"
}
# The cascade and the hash are in the name: tc_5-sha512-xts-aes-twofish
names() {
	hash=$(cut -d- -f2 <<<"$1")
	cipher=$(cut -d- -f4- <<<"${1%-hidden}")
}

for image in tc_[3-5]-*-xts-*; do
	names "$image"
	case $image in
	*-hidden) holds CAFE-BABE hidden "truecrypt,hidden,hash=$hash,cipher=$cipher" "$image" ;;
	*)	holds DEAD-BABE key "truecrypt,hash=$hash,cipher=$cipher" "$image" ;;
	esac
done
holds DEAD-BABE key "truecrypt$key_files" tck_5-sha512-xts-aes
# Hash and cascade are found if they are not given.
holds DEAD-BABE key truecrypt tc_5-whirlpool-xts-aes
holds DEAD-BABE key truecrypt tc_5-sha512-xts-aes-twofish-serpent
holds DEAD-BABE key truecrypt,backup tc_5-sha512-xts-aes
holds CAFE-BABE hidden truecrypt,backup,hidden tc_5-sha512-xts-aes-hidden
# A volume whose first header is destroyed.
cp tc_5-sha512-xts-aes wiped
dd if=/dev/zero of=wiped bs=512 count=1 conv=notrunc status=none
holds DEAD-BABE key truecrypt,backup wiped

# Key derivation of VeraCrypt takes seconds for each volume.
for image in vc_1-sha512-xts-aes-twofish-serpent vc_1-sha256-xts-aes vc_1-ripemd160-xts-aes \
	vc_1-whirlpool-xts-aes vc_1-stribog512-xts-camellia; do
	names $image
	holds DEAD-BABE key "veracrypt,hash=$hash,cipher=$cipher" $image
done
holds CAFE-BABE hidden veracrypt,hidden,hash=sha512 vc_1-sha512-xts-aes-hidden
holds DEAD-BABE key veracrypt,pim=1234,hash=sha256,cipher=aes vcpim_1-sha256-xts-aes
holds DEAD-BABE key veracrypt,system,hash=sha256,cipher=aes sys_vc_1-sha256-xts-aes
printf aaaaaaaaaaaabbbbbbbbbbbbccccccccccccddddddddddddeeeeeeeeeeeeffffffffffff >long
holds DEAD-BABE long "veracrypt,hash=sha512,cipher=aes$key_files" vck_1_pw72-sha512-xts-aes

# Data that is written through a cascade is read back.
head -c 36864 /dev/urandom >random
for image in tc_5-sha512-xts-aes tc_5-sha512-xts-serpent-twofish-aes; do
	program image/plain --write $image key truecrypt <random
	program image/plain $image key truecrypt >plain.img
	same plain.img random
done

image=tc_5-sha512-xts-serpent
refused 4 "opens no TrueCrypt volume" anyfs ls --key file:hidden --crypt truecrypt,hash=sha512 $image
refused 4 "no key was given" anyfs ls --crypt truecrypt $image
refused 1 "no file system recognised" anyfs ls --key file:key $image
refused 1 "--kdf-seconds" anyfs ls --key file:key --crypt veracrypt,pim=2147468 $image
refused 1 "a PIM is at most 2147468" anyfs ls --key file:key --crypt veracrypt,pim=4294968 $image
refused 2 "no option \"colour\"" anyfs ls --key file:key --crypt truecrypt,colour=red $image
refused 2 "pim needs a value" anyfs ls --key file:key --crypt veracrypt,pim $image
refused 2 "hidden takes no value" anyfs ls --key file:key --crypt veracrypt,hidden=1 $image
refused 1 "\"luks9\" is not a type of volume" anyfs ls --key file:key --crypt luks9 $image
