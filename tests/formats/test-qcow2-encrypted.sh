#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Encrypted qcow2 images are decrypted by qemu-storage-daemon with a key of the user, and a
# missing or wrong key is an error of its own.
. "${0%/*}/lib-formats.sh"
requires qemu-storage-daemon --version
mkdir tree
seq 1 20000 >tree/numbers
head -c 3000000 /dev/urandom >new
image_ext4 tree disk.img 24M
printf 'right words' >key
printf 'wrong words' >wrong
secret="secret,id=s,file=$PWD/key"

# encrypted NAME METHOD [OPTION]: the disk as an encrypted image
encrypted() {
	qemu_img_crypt convert -O qcow2 --object "$secret" \
		-o "encrypt.format=$2,encrypt.key-secret=s${3:+,$3}" disk.img "$1"
}

# The command must refuse as in lib.sh, with the exit status for a missing or wrong key.
no_key() {
	local code=0
	refuse "$@"
	"${@:2}" >again.out 2>&1 </dev/null || code=$?
	[ $code -eq 4 ] || fail "exit $code, not 4: ${*:2}"
}

# changed IMAGE METHOD: put a file into the image, and let QEMU and e2fsck look at it.
changed() {
	local opened="driver=qcow2,file.filename=$1,encrypt.format=$2,encrypt.key-secret=s"
	run anyfs put --key file:key "$1" new /
	run anyfs cat --key file:key "$1" /new | cmp - new || fail "$1: other bytes were written"
	run qemu-img check --object "$secret" --image-opts "$opened" >check.log
	run qemu-img convert --object "$secret" --image-opts "$opened" -O raw back.img
	run e2fsck -fn back.img >fsck.log 2>&1
	run anyfs cat back.img /new | cmp - new || fail "$1: QEMU finds other bytes"
}

encrypted luks.qcow2 luks encrypt.iter-time=50
encrypted aes.qcow2 aes
for method in luks aes; do
	sha256sum $method.qcow2 >before
	run anyfs cat --key file:key $method.qcow2 /numbers | cmp - tree/numbers
	run env KEY='right words' "$(type -P anyfs)" cat --key /:env:KEY $method.qcow2 /numbers |
		cmp - tree/numbers
	run anyfs put --key file:key --overlay $method.ovl $method.qcow2 new /
	run anyfs cat --key file:key --overlay $method.ovl $method.qcow2 /new | cmp - new
	sha256sum -c --quiet before || fail "$method.qcow2 was written to"
	changed $method.qcow2 $method
done

# Several keys are tried in turn.  AES has no check of the password, LUKS has.
run anyfs cat --key file:wrong --key file:key luks.qcow2 /numbers | cmp - tree/numbers
sha256sum luks.qcow2 >before
no_key 'luks.qcow2: is an encrypted qcow2 image, and no key was given|--key' \
	anyfs ls luks.qcow2 /
no_key 'luks.qcow2: is an encrypted image, and the key opens none of its keyslots' \
	anyfs ls --key file:wrong luks.qcow2 /
no_key 'luks.qcow2: is an encrypted image' anyfs put --key file:wrong luks.qcow2 new /other
printf 'right\0words' >binary
no_key 'luks.qcow2: the key of an encrypted qcow2 image must be text' \
	anyfs ls --key file:binary luks.qcow2 /
refuse 'aes.qcow2: no file system' anyfs ls --key file:wrong aes.qcow2 /
sha256sum -c --quiet before || fail "luks.qcow2 was written to"

# The terminal is asked if no key is given.
timeout 120 "$ANYFS_TOP/tests/image/with-terminal.py" 'wrong words' 'right words' -- \
	anyfs ls luks.qcow2 / >shown 2>&1 || fail "with a terminal: $(cat shown)"
grep -q 'Password for luks.qcow2:' shown || fail "no prompt: $(cat shown)"
grep -q 'Wrong password' shown || fail "a wrong password was not reported: $(cat shown)"
grep -q numbers shown || fail "the files are not listed: $(cat shown)"

# The image may have a backing file, with permission.
run qemu-img convert -O qcow2 disk.img base.qcow2
qemu_img_crypt create -q --object "$secret" -f qcow2 -b base.qcow2 -F qcow2 \
	-o encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=50 top.qcow2
refuse 'top.qcow2: needs its backing file|--allow-backing' anyfs ls --key file:key top.qcow2 /
run anyfs put --key file:key --allow-backing top.qcow2 new /
run anyfs cat --key file:key --allow-backing top.qcow2 /new | cmp - new
run anyfs cat --key file:key --allow-backing top.qcow2 /numbers | cmp - tree/numbers

# Snapshots, and images that are not whole files, are refused.
refuse 'snapshots of an encrypted image|qemu-img convert' \
	anyfs ls --key file:key --snapshot 1 luks.qcow2 /
tar -cf packed.tar luks.qcow2
refuse 'is an encrypted qcow2 image, which can be opened only as a whole file' \
	anyfs ls --key file:key packed.tar /
run qemu-img create -q -f qcow2 -b luks.qcow2 -F qcow2 -u above.qcow2 24M
refuse 'luks.qcow2: is an encrypted qcow2 image, which can be opened only as a whole file' \
	anyfs ls --key file:key --allow-backing above.qcow2 /
cp luks.qcow2 unknown.qcow2
printf '\0\0\0\7' | dd of=unknown.qcow2 bs=1 seek=32 conv=notrunc status=none
refuse 'encryption method 7 of qcow2 is not supported' anyfs ls unknown.qcow2 /
