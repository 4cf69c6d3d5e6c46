#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Check that the library still has the interface of tests/library/libanyfs.abi.xz:
# functions may be added, and members at the end of the structs that have a struct_size
# (libanyfs.abignore); nothing may be removed or changed.  `abi.sh --store` writes the stored
# interface again, for a release that changes it.
set -uo pipefail

lib=build/lib/libanyfs.so.0
stored=tests/library/libanyfs.abi.xz
[ -f $lib ] || { echo "$lib: missing: run make first"; exit 1; }
command -v abidiff >/dev/null || { echo "abidiff: not installed: apt-get install abigail-tools"; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

abidw --headers-dir include --headers-dir build/include --drop-private-types --no-show-locs \
	--no-corpus-path --no-comp-dir-path --out-file "$scratch/new.abi" $lib || exit 1
if [ "${1-}" = --store ]; then
	xz -c "$scratch/new.abi" >$stored
	exit
fi
xz -dc $stored >"$scratch/old.abi" &&
	abidiff --no-added-syms --suppressions tests/library/libanyfs.abignore \
		"$scratch/old.abi" "$scratch/new.abi" >"$scratch/changes" && exit 0
cat "$scratch/changes"
echo "$lib: the interface has changed in a way that breaks programs"
exit 1
