#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Users need the right password, guests need permission, and clients sign and encrypt.
. "${0%/*}/lib-serve.sh"
requires smbclient --version
mkdir tree
echo hello >tree/hello
image_ext4 tree
printf '%s\n' 'pässword with spaces' 'not part of it' >secret
export ALICE=secret

try() { smbclient -s /dev/null -p "$port" "$@" //127.0.0.1/p0 -c 'get hello -' >out 2>&1; }

serve anyfs-ksmbd --user alice:env:ALICE --user "Bob:file:secret" "$img"
try -U alice%secret || fail "alice: $(cat out)"
try -U 'bob%pässword with spaces' || fail "bob: $(cat out)"
if try -U alice%wrong; then fail "a wrong password was accepted"; fi
grep -q NT_STATUS_LOGON_FAILURE out || fail "output: $(cat out)"
if try -U carol%secret; then fail "an unknown user was accepted"; fi
if try -N -U %; then fail "a client without a name was accepted"; fi
grep -q "wrong password of user alice, 1 in a row" server.log || fail "output: $(cat server.log)"
grep -q "there is no user carol" server.log || fail "output: $(cat server.log)"
for protocol in SMB2_10 SMB3_00 SMB3_02 SMB3_11; do
	try -U alice%secret -m "$protocol" || fail "$protocol: $(cat out)"
done
try -U alice%secret --client-protection=sign || fail "signed: $(cat out)"
try -U alice%secret --client-protection=encrypt || fail "encrypted: $(cat out)"
if try -U alice%secret -m NT1; then fail "SMB 1 was accepted"; fi
stop_server

ALICE+=$'\nnot part of it'
serve anyfs-ksmbd --user alice:env:ALICE --encrypt required "$img"
try -U alice%secret --client-protection=encrypt || fail "encrypted: $(cat out)"
stop_server

serve anyfs-ksmbd --guest "$img"
try -N || fail "a guest: $(cat out)"
stop_server
