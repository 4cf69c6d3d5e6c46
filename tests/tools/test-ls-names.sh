#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Directories with a thousand files, and names with spaces, quotes, newlines and bytes
# that are not UTF-8, are listed completely.
. "${0%/*}/../lib.sh"
mkdir -p tree/many tree/odd
for i in $(seq 1000); do : >"tree/many/file-number-$i"; done
for name in 'a b' "it's" 'q"q' $'t\tt' 'back\slash' 'ümläut' $'\377bytes' '-n' '*'; do
	echo "$name" >"tree/odd/$name"
done
image_ext4 tree
run anyfs ls "$img" /many >out
find tree/many -type f -printf '%f\n' | LC_ALL=C sort | cmp - out
while IFS= read -r -d '' name; do
	run anyfs cat "$img" "/odd/$name" >out
	same out "tree/odd/$name"
done < <(find tree/odd -type f -printf '%f\0')
