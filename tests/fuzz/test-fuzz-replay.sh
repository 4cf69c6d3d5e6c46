#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Some hostile images of each file system are opened, and no child process dies
# together with its kernel.
. "$(dirname "$0")/../lib.sh"

"${0%/*}/seeds" seeds
tried=0
while read -r name type full options <&3; do
	more=()
	[ "$full" != fill ] || more+=(--fill)
	[ "$options" = - ] || more+=(-o "$options")
	if (program fuzz/fuzz --images 60 --seconds 3 "${more[@]}" "$type" "seeds/$name.img") \
		>out 2>err; then
		tried=$((tried + 1))
	elif ! grep 'fuzz: the seed: ' err; then
		fail "$name: $(cat out)"
	fi
	tail -n 1 out
done 3<seeds/list
[ $tried -ge 20 ] || fail "only $tried file systems were tried"
