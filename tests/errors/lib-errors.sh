# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for tests that pass every verb the same bad argument:
#
#	every_reader FN IMAGE PATH	call FN with the arguments of each verb that reads PATH
#	every_writer FN IMAGE PATH	call FN with the arguments of each verb that changes PATH
#	every_verb FN IMAGE PATH	both
. "${BASH_SOURCE[0]%/*}/../lib.sh"

every_reader() {
	local fn=$1 image=$2 path=$3
	"$fn" ls "$image" "$path"
	"$fn" ls -lR "$image" "$path"
	"$fn" cat "$image" "$path"
	"$fn" get "$image" "$path" out
	"$fn" stat "$image" "$path"
	"$fn" hash "$image" "$path"
	"$fn" getfattr "$image" "$path"
	"$fn" tar-out "$image" "$path"
}

every_writer() {
	local fn=$1 image=$2 path=$3
	[ -e source ] || echo source >source
	"$fn" put "$image" source "$path/new"
	"$fn" mkdir "$image" "$path/new"
	"$fn" rm "$image" "$path"
	"$fn" rm -r "$image" "$path"
	"$fn" mv "$image" "$path" "$path/new"
	"$fn" ln "$image" "$path" "$path/new"
	"$fn" chmod "$image" 600 "$path"
	"$fn" chown "$image" 1:1 "$path"
	"$fn" touch "$image" "$path/new"
	"$fn" truncate -s 1 "$image" "$path/new"
	"$fn" setfattr -n user.name -v value "$image" "$path"
	"$fn" sync "$image" "$path"
	"$fn" fsync "$image" "$path"
	"$fn" tar-in "$image" "$path"
}

every_verb() { every_reader "$@"; every_writer "$@"; }
