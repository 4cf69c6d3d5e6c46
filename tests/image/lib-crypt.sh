# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A function of the tests of encrypted and verified volumes:
#
#	refused STATUS TEXT COMMAND...		COMMAND exits with STATUS, reports TEXT and prints nothing
. "${BASH_SOURCE[0]%/*}/../lib.sh"

refused() {
	local want=$1 text=$2 code=0
	shift 2
	echo "+ refused: $*" >&2
	"$@" >out 2>err </dev/null || code=$?
	[ $code -eq "$want" ] || fail "exit $code, not $want: $*: $(cat err)"
	[ ! -s out ] || fail "it was read: $*"
	grep -qF -e "$text" err || fail "no \"$text\" in: $(cat err)"
}
