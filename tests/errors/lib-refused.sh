# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A function for tests in which the file system refuses an operation of a verb:
#
#	refused_with CODE VERB ARGS...	VERB must fail with this errno and no other, with and
#	without --json
#
# Standard input is hello.tar; $options precede ARGS.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

options=()
refused_with() {
	local want=$1 verb=$2 text code=0
	shift 2
	text=$(python3 -c 'import errno, os, sys; print(os.strerror(getattr(errno, sys.argv[1])))' "$want")
	anyfs "$verb" --json "${options[@]}" "$@" >result 2>err <hello.tar || code=$?
	[ $code -eq 1 ] || fail "$verb $*: exit $code: $(cat err)"
	grep -q "^anyfs: .*: $text" err || fail "$verb $*: $(cat err)"
	python3 -c '
import json, sys
r = json.load(open("result"))
assert r["exit"] == 1 and {f["code"] for f in r["failed"]} == {sys.argv[1]}, r' "$want" ||
		fail "$verb $*: $(cat result)"
}
