#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Volumes of every usual cipher and mode are read and written.  qemu-img encrypts those that
# it knows; for the others, the data that was written is read back, and differs from that of
# every other cipher.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
requires qemu-img --version
requires cryptsetup --version

mkdir tree
echo "inside of the volume" >tree/name
image_ext4 tree plain.img 4M
printf 'right words' >key

# Encrypted by qemu-img, in LUKS1.
while read -r cipher mode iv; do
	luks_image -o "cipher-alg=$cipher,cipher-mode=$mode,ivgen-alg=$iv" \
		-o "ivgen-hash-alg=sha256,hash-alg=sha512" plain.img qemu.img
	run anyfs cat --key file:key qemu.img /name | expect "inside of the volume"
done <<-END
	aes-128 xts plain64
	aes-256 cbc essiv
	serpent-256 xts plain64
	twofish-256 xts plain64
	cast5-128 cbc plain64
END

# In LUKS2.  The cipher is written into a header of AES, because cryptsetup makes only volumes
# whose ciphers the host's kernel has.
for bits in 256 512; do
	truncate -s 20M $bits.hdr
	run cryptsetup luksFormat -q --type luks2 --key-file key --cipher aes-xts-plain64 \
		--key-size $bits --sector-size 512 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 $bits.hdr
done
while read -r cipher bits; do
	cp "$bits.hdr" luks.img
	run "${0%/*}/edit-luks2.py" luks.img "h['segments']['0']['encryption'] = '$cipher'"
	program image/plain --write luks.img key <plain.img
	run anyfs cat --key file:key luks.img /name | expect "inside of the volume"
	! grep -qF "inside of the volume" luks.img || fail "$cipher: the data is not encrypted"
	tail -c 4M luks.img | sha256sum >>data.sums
done <<-END
	aes-xts-plain64 256
	aes-xts-plain64 512
	aes-cbc-essiv:sha256 256
	aes-cbc-plain64 256
	serpent-xts-plain64 512
	serpent-cbc-essiv:sha256 256
	twofish-xts-plain64 512
	camellia-xts-plain64 512
	aria-xts-plain64 512
	cast6-xts-plain64 512
	sm4-xts-plain64 256
	xchacha12,aes-adiantum-plain64 256
	xchacha20,aes-adiantum-plain64 256
	capi:hctr2(aes)-plain64 256
END
[ "$(sort -u data.sums | wc -l)" -eq 14 ] || fail "two ciphers gave the same data"

# A cipher that does not exist.
run "${0%/*}/edit-luks2.py" luks.img "h['segments']['0']['encryption'] = 'rot13-xts-plain64'"
refuse "the kernel cannot decrypt rot13-xts-plain64" anyfs cat --key file:key luks.img /name
