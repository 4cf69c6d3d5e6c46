#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel uses the processor's instructions for ciphers, and gives the same bytes without
# them: volumes that were written with all instructions are read with some of them hidden.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
requires cryptsetup --version

printf 'right words' >key
head -c 1M /dev/urandom >data
for bits in 256 512; do
	truncate -s 17M $bits.header
	run cryptsetup luksFormat -q --type luks2 --key-file key --cipher aes-xts-plain64 \
		--offset 32768 --key-size $bits --sector-size 512 --pbkdf pbkdf2 \
		--pbkdf-force-iterations 1000 $bits.header
done

# has FEATURE: the host's processor has it
has() { grep -qw -e "$1" /proc/cpuinfo; }
# volume CIPHER BITS: write luks.img with the data; BITS is the length of the key
volume() {
	cp "$2.header" luks.img
	run "${0%/*}/edit-luks2.py" luks.img "h['segments']['0']['encryption'] = '$1'"
	program image/plain --write luks.img key luks <data
}
# used FEATURES: the drivers that luks.img uses with these features hidden
used() {
	program image/plain --cmdline "clearcpuid=$1" --drivers luks.img key |
		awk '$1 == "driver" { name = $3 } $1 == "refcnt" && $3 > 1 { print name }'
}

no_vectors=sse2,ssse3,pclmulqdq,aes,avx,sha_ni
while read -r cipher bits; do
	volume "$cipher" "$bits"
	for hidden in none vaes avx avx2,ssse3 aes,avx $no_vectors; do
		program image/plain --cmdline "clearcpuid=$hidden" luks.img key >got
		cmp got data || fail "$cipher: other bytes without $hidden"
	done
done <<-END
	aes-xts-plain64 256
	aes-xts-plain64 512
	aes-cbc-essiv:sha256 256
	serpent-xts-plain64 512
	serpent-cbc-essiv:sha256 256
	twofish-xts-plain64 512
	camellia-xts-plain64 512
	xchacha20,aes-adiantum-plain64 256
	capi:hctr2(aes)-plain64 256
END

volume aes-xts-plain64 512
used none >drivers
! has aes || grep -q 'aesni\|vaes' drivers || fail "no AES instructions: $(cat drivers)"
! has vaes || grep -q vaes drivers || fail "no vector AES instructions: $(cat drivers)"
used vaes >drivers
! has aes || grep -q aesni drivers || fail "no AES instructions: $(cat drivers)"
! grep -q vaes drivers || fail "hidden instructions: $(cat drivers)"
used $no_vectors >drivers
grep -q aes-generic drivers || fail "hidden instructions: $(cat drivers)"
! grep -q 'aesni\|vaes' drivers || fail "hidden instructions: $(cat drivers)"
