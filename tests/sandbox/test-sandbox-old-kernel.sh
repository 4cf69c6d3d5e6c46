#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Features that the host's kernel lacks are listed by -v and skipped; the others are
# used.  A feature that exists but fails ends the tool before it reads the image.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-sandbox.sh"
make_scene
old_kernel=$ANYFS_BUILD/meson/tests/sandbox/old-kernel
ENOSYS=38 EOPNOTSUPP=95 EPERM=1 ENOMEM=12 EINVAL=22
no_landlock="landlock_create_ruleset $ENOSYS"
export ATTACK_TARGET=/etc/passwd

says() {
	local text=$1
	shift
	anyfs_says=$("$old_kernel" "$@" -- anyfs ls -v "$img" / 2>&1 >list | grep "sandbox: ") ||
		fail "no message: $*"
	[[ $anyfs_says == *"$text"* ]] || fail "no \"$text\": $anyfs_says"
	grep -q "^file$" list || fail "it does not continue"
}
says "no Landlock: not supported by this host's kernel" landlock_create_ruleset $ENOSYS
says "no Landlock: disabled in this host's kernel" landlock_create_ruleset $EOPNOTSUPP
says "no seccomp: not supported by this host's kernel; Landlock ABI" seccomp $ENOSYS
says "no seccomp: not supported by this host's kernel; Landlock ABI" seccomp $EOPNOTSUPP
says "no seccomp: not supported by this host's kernel; no Landlock" seccomp $ENOSYS \
	landlock_create_ruleset $ENOSYS

# Silent without -v.
# shellcheck disable=SC2086  # several words
"$old_kernel" $no_landlock -- anyfs cat "$img" /file 2>err | expect hello
[ ! -s err ] || fail "without -v it prints: $(cat err)"

# Each part of the sandbox works without the other.
# shellcheck disable=SC2086  # several words
for name in open_read do_unlink do_socket execute; do
	stopped "$name" "$old_kernel" $no_landlock -- anyfs cat "$img" /file
done
stopped open_read "$old_kernel" seccomp $ENOSYS -- anyfs cat "$img" /file
# shellcheck disable=SC2086  # several words
attack main open_read "$old_kernel" seccomp $ENOSYS $no_landlock -- anyfs cat "$img" /file
[ "$code" -eq 99 ] || fail "an attack was stopped without any part of the sandbox: $(cat err)"

# If entering a part fails with another error than ENOSYS or EOPNOTSUPP, the host has that
# part, and the tool must fail.
refuses() {
	local call=$1 error=$2 text=$3
	code=0
	"$old_kernel" "$call" "$error" -- anyfs cat "$img" /file >out 2>err || code=$?
	[ "$code" -eq 1 ] || fail "$call fails with $text: exit $code: $(cat err)"
	[ ! -s out ] || fail "$call fails with $text: it read the image"
	grep -q "^anyfs: cannot enter the sandbox: .*$text; --no-sandbox runs without it$" err ||
		fail "$call fails with $text: $(cat err)"
	"$old_kernel" "$call" "$error" -- anyfs cat --no-sandbox "$img" /file | expect hello
}
for call in landlock_create_ruleset landlock_restrict_self seccomp; do
	refuses $call $ENOMEM "Cannot allocate memory"
	refuses $call $EPERM "Operation not permitted"
	refuses $call $EINVAL "Invalid argument"
done
