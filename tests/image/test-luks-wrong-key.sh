#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A wrong key is derived once for each volume and keyslot, even if many paths are read.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
requires cryptsetup --version

printf 'right words' >key
printf 'wrong words' >wrong
printf 'other words' >other
truncate -s 24M luks.img
run cryptsetup luksFormat -q --key-file key --pbkdf argon2id --pbkdf-memory 1024 \
	--pbkdf-force-iterations 4 --pbkdf-parallel 1 luks.img
shim=$ANYFS_BUILD/meson/tests/image/libcount-kdf.so
[ -f "$shim" ] || skip "libcount-kdf.so is not built"

# derivations ARGUMENT...: print the number of key derivations of anyfs cat ARGUMENT...
derivations() {
	local code=0
	LD_PRELOAD=$shim anyfs cat "$@" >out 2>err </dev/null || code=$?
	[ $code -eq 4 ] || fail "exit $code, not 4: $(cat err)"
	grep -c '^kdf$' err || fail "no derivation: $(cat err)"
}
one=$(derivations --key file:wrong luks.img /a)
three=$(derivations --key file:wrong luks.img /a /b /c)
[ "$(grep -c 'keyslots tried: 0' err)" -eq 3 ] || fail "not an error for each path: $(cat err)"
[ "$three" -eq "$one" ] || fail "$one derivations for a path, $three for three"
two=$(derivations --key file:wrong --key file:other luks.img /a)
[ "$two" -eq $((2 * one)) ] || fail "$one derivations for a key, $two for two keys"
