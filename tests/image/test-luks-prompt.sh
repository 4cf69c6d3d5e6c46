#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# On a terminal, the tools ask without echo for the password of an encrypted volume if
# no --key opens it.  The echo is on after the prompt, even if a signal ends it.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
requires qemu-img --version
terminal=$ANYFS_TOP/tests/image/with-terminal.py

mkdir tree
echo inside >tree/name
image_ext4 tree plain.img 24M
printf 'right words' >key
luks_image plain.img luks.img

# on_terminal STATUS ANSWER... -- CMD...: write the output of the terminal to the file "shown"
on_terminal() {
	local want=$1 code=0
	shift
	echo "+ on a terminal: $*" >&2
	timeout 300 "$terminal" "$@" >shown 2>&1 || code=$?
	[ $code -eq "$want" ] || fail "exit $code, not $want: $*: $(cat shown)"
}
shows() { grep -qF "$1" shown || fail "the terminal does not show \"$1\": $(cat shown)"; }

on_terminal 0 "right words" -- anyfs cat luks.img /name
shows "Password for luks.img:"
shows inside
! grep -q "right words" shown || fail "the password is on the screen"
on_terminal 0 wrong "right words" -- anyfs cat luks.img /name
shows "Wrong password."
on_terminal 4 wrong wrong wrong -- anyfs cat luks.img /name
shows "the key opens none of the keyslots tried: 0"
on_terminal 4 "" -- anyfs cat luks.img /name /name
shows "no key was given"
on_terminal 0 "right words" -- anyfs mkdir luks.img /made
on_terminal 0 "right words" -- anyfs ls luks.img /
shows made

# Signals end or stop the program and restore the terminal.
on_terminal 130 "^C" -- anyfs cat luks.img /name
on_terminal 143 TERM -- anyfs cat luks.img /name
on_terminal 130 "^C" -- anyfs mkdir luks.img /other
on_terminal 0 "^Z" CONT "right words" -- anyfs cat luks.img /name
shows inside

# There is no prompt if a key was given, if no key is needed, or with --no-prompt.
printf wrong >wrong
on_terminal 4 -- anyfs cat --key file:wrong luks.img /name
on_terminal 4 -- anyfs cat --no-prompt luks.img /name
on_terminal 0 -- anyfs parts luks.img
shows crypto_LUKS
