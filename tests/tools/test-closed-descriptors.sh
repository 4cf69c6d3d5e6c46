#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If standard descriptors are closed, no other file gets their numbers.  Programs do
# the work that does not need them, and report the rest with status 1.
. "${0%/*}/../lib.sh"
mkdir tree
echo hello >tree/file
image_ext4 tree
cp "$img" original.img

# Run CMD with the descriptors in $1 closed, and with a time limit.
closed() {
	local which=$1 redirect=
	shift
	[[ $which != *0* ]] || redirect+=" <&-"
	[[ $which != *1* ]] || redirect+=" >&-"
	[[ $which != *2* ]] || redirect+=" 2>&-"
	code=0
	eval "timeout -k 1 300 \"\$@\" $redirect" || code=$?
}

for which in 0 2 02; do
	closed $which anyfs cat "$img" /file >out 2>err
	[ $code -eq 0 ] || fail "cat without $which: exit $code: $(cat err)"
	expect hello <out
done
for which in 1 01 12 012; do
	closed $which anyfs cat "$img" /file >out 2>err
	[ $code -eq 1 ] || fail "cat without $which: exit $code: $(cat err)"
	[[ $which == *2* ]] || grep -q "standard output: Bad file descriptor" err || fail "$(cat err)"
done
same original.img "$img"

# Verbs that need no standard descriptor work without them, and messages do not end up
# in the image.
echo new >new
for which in 0 1 2 01 02 12 012; do
	closed $which anyfs put "$img" new "/new$which" >out 2>err
	[ $code -eq 0 ] || fail "put without $which: exit $code: $(cat err)"
	closed $which anyfs rm "$img" /missing >out 2>err
	[ $code -eq 1 ] || fail "rm without $which: exit $code: $(cat err)"
	run anyfs cat "$img" "/new$which" | expect new
done
run e2fsck -fn "$img"

# Standard input that is closed, or cannot be read, is an error at once.
cp "$img" before.img
: >written
for verb in "put $img - /b" "tar-in $img /"; do
	for which in 0 01 012; do
		# shellcheck disable=SC2086  # a verb and its arguments
		closed $which anyfs $verb 2>err
		[ $code -eq 1 ] || fail "$verb without $which: exit $code: $(cat err)"
	done
	# shellcheck disable=SC2086
	closed 0 anyfs $verb 2>err
	grep -qx "anyfs: standard input: closed, or not open for reading" err || fail "$verb: $(cat err)"
	code=0
	# shellcheck disable=SC2086
	timeout -k 1 300 anyfs $verb 0>>written 2>err || code=$?
	[ $code -eq 1 ] || fail "$verb with write-only input: exit $code"
	grep -q "not open for reading" err || fail "$verb: $(cat err)"
done
same before.img "$img"

# Every program ends, and never writes messages to another file.
for which in 0 1 2 012; do
	closed $which anyfs-lspart "$img" >out 2>err
	[[ $which == *1* ]] && want=1 || want=0
	[ $code -eq "$want" ] || fail "anyfs-lspart without $which: exit $code: $(cat err)"
	closed $which anyfs-umount "$PWD/tree" >out 2>err
	[ $code -eq 1 ] || fail "anyfs-umount without $which: exit $code: $(cat err)"
	closed $which anyfs-fuse "$img" "$PWD/file" >out 2>err
	[ $code -eq 1 ] || fail "anyfs-fuse without $which: exit $code: $(cat err)"
	closed $which anyfs mkfs --size 4M new.img ext4 -- -q >out 2>err
	[ $code -eq 0 ] || fail "anyfs mkfs without $which: exit $code: $(cat err)"
	run e2fsck -fn new.img
	rm new.img
done
same before.img "$img"
