#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If standard output cannot be written, every verb that prints reports it and fails.
# Verbs that change the image still make their changes.
. "${0%/*}/lib-errors.sh"
[ -w /dev/full ] || skip "this host has no /dev/full"
mkdir tree
echo hello >tree/hello
setfattr -n user.name -v value tree/hello || skip "no attributes on this file system"
image_ext4 tree
fails() {
	local code=0
	echo "+ $*" >&2
	"$@" </dev/null >/dev/full 2>err || code=$?
	[ $code -eq 1 ] || fail "exit $code: $*: $(cat err)"
	grep -q "^anyfs[a-z-]*: standard output: No space left on device" err || fail "$*: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] || fail "not one line: $*: $(cat err)"
}
for verb in ls "ls -l" cat stat hash getfattr tar-out "stat --json" "hash --json"; do
	# shellcheck disable=SC2086  # options
	fails anyfs $verb "$img" /hello
done
for verb in parts info "parts --json" "info --json"; do
	# shellcheck disable=SC2086
	fails anyfs $verb "$img"
done
fails anyfs info --features
fails anyfs --help
fails anyfs ls --help
fails anyfs --version
fails anyfs-lspart "$img"
fails anyfs get --json "$img" /hello out
same tree/hello out
fails anyfs mkdir --json "$img" /made
run anyfs ls "$img" /made
run e2fsck -fn "$img"
