#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The exit status distinguishes a mistake on the command line, an image that cannot be opened and
# a failure.  The message about a misspelt option suggests the right one.
. "${0%/*}/../lib.sh"
mkdir tree
echo hello >tree/file
image_ext4 tree

# exits STATUS CMD...: CMD must exit with STATUS.
exits() {
	local want=$1 code=0
	shift
	"$@" >out 2>err </dev/null || code=$?
	[ "$code" -eq "$want" ] || fail "exit $code, not $want: $*: $(cat err)"
}
head -c 1000 /dev/zero >short.qcow2
printf 'QFI\xfb\0\0\0\3' | dd of=short.qcow2 conv=notrunc status=none
for verb in ls cat stat hash parts info rm mkdir tar-out; do
	paths=/file
	case $verb in parts|info) paths= ;; mkdir) paths=/new ;; esac
	exits 3 anyfs $verb missing.img $paths
	exits 3 anyfs $verb short.qcow2 $paths
	exits 3 anyfs $verb . $paths
	exits 2 anyfs $verb --no-such-option "$img" $paths
	exits 2 anyfs $verb
done
exits 3 anyfs put missing.img tree/file /
exits 3 anyfs copy tree/file missing.img:/
exits 1 anyfs cat "$img" /missing
exits 1 anyfs rm "$img" /missing
exits 0 anyfs cat "$img" /file
exits 2 anyfs diff missing.img "$img"
exits 2 anyfs grep x missing.img /
exits 1 anyfs-lspart missing.img

refuse "unknown option --fulltime; did you mean --full-time?" anyfs ls --fulltime "$img" /
refuse "did you mean --format?" anyfs ls --fromat=raw "$img" /
exits 2 anyfs ls --xyzzy "$img" /
! grep -q "did you mean" err || fail "a suggestion for --xyzzy: $(cat err)"
