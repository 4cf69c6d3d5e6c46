#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A tool that only reads the image can do nothing else, even if an attacker controls its kernel.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-sandbox.sh"
make_scene
export ATTACK_TARGET=neighbour

# Attacks that succeed for any user without the sandbox.
can_be_done="open_read open_write open_path open_truncate openat2_read do_truncate do_unlink
	do_rename do_link do_symlink do_mkdir do_mkfifo do_chmod do_chown do_setxattr
	do_chdir list_dir inherited do_socket unix_socket do_connect execute execute_fd
	do_fork do_clone do_clone3 signal_parent signal_group signal_thread signal_tkill
	signal_pidfd signal_by_owner map_executable make_executable make_executable_pkey
	executable_reading do_inotify do_shmget be_dumpable raise_limit do_timer
	type_into_terminal change_terminal catch_sigsys socket_with_signals_blocked"
for name in $can_be_done; do
	works "$name" anyfs cat "$img" /file
	stopped "$name" anyfs cat "$img" /file
	[ "$(cat neighbour)" = secret ] || fail "$name changed the file beside the image"
	scene_is ""
	[ ! -s inherited ] || fail "$name wrote to a descriptor that was inherited"
done

# Attacks that the host may forbid to users, or not support.
for name in open_tmpfile new_namespace trace other_memory do_mount do_chroot do_bpf \
	do_userfaultfd do_io_uring do_keyctl do_perf make_device newer_call x32_call i386_call; do
	stopped "$name" anyfs cat "$img" /file
done

# The image itself: it is open for reading, and cannot be opened for more.
before=$(sha256sum "$img")
ATTACK_TARGET=$img works open_write anyfs cat "$img" /file
for name in open_write open_read do_truncate do_unlink; do
	ATTACK_TARGET=$img stopped "$name" anyfs cat "$img" /file
done
[ "$before" = "$(sha256sum "$img")" ] || fail "the image changed"

# Every tool and verb that reads has the same restrictions.
for tool in "anyfs ls $img" "anyfs stat $img /file" "anyfs hash $img" "anyfs parts $img" \
	"anyfs-lspart $img"; do
	for name in open_read execute do_socket; do
		# shellcheck disable=SC2086  # a command with arguments
		attack main "$name" $tool
		[ "$code" -eq 98 ] || grep -q "stopped by the sandbox" err || fail "$tool: $name: exit $code"
	done
done
