#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: mounts
# The process of a mount can read its image, write it if the mount is writable, and
# answer the host.  It can do nothing else, even if an attacker controls its kernel and
# all its threads.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-sandbox.sh"
. "${0%/*}/../fuse/lib-fuse.sh"
needs_fuse
make_scene
threads="main service pool serving"
tidy() { umount -l "$mnt" 2>/dev/null || true; }
export ATTACK_TARGET=neighbour
for mount in "anyfs-fuse -f $img $mnt" "anyfs-fuse -f --write $img $mnt"; do
	for name in open_read open_write open_truncate openat2_read do_truncate do_unlink \
		do_rename do_link do_symlink do_mkdir do_mkfifo do_chmod do_chown do_setxattr \
		do_chdir list_dir do_socket unix_socket do_connect execute execute_fd \
		do_fork do_clone do_clone3 signal_parent signal_group signal_thread \
		signal_pidfd signal_by_owner map_executable make_executable do_shmget \
		be_dumpable raise_limit catch_sigsys socket_with_signals_blocked; do
		# shellcheck disable=SC2086  # a command with arguments
		{ works "$name" $mount; stopped "$name" $mount; }
		[ "$(cat neighbour)" = secret ] || fail "$name changed the file beside the image"
		scene_is ""
		[ ! -s inherited ] || fail "$name wrote to a descriptor that was inherited"
	done
	# Not tried without a sandbox, where these attacks succeed only on some hosts, and where
	# anyfs-fuse has closed inherited descriptors.
	for name in inherited open_tmpfile new_namespace trace other_memory do_mount do_chroot do_bpf \
		do_userfaultfd do_io_uring do_keyctl do_perf make_device newer_call; do
		# shellcheck disable=SC2086
		stopped "$name" $mount
	done
done

# With no_awake, the server has open the image, the FUSE channel and the socket of its helper,
# and no other file of the machine.
anyfs-fuse -f --write -o no_awake "$img" "$mnt" 99>inherited &
pid=$!
at_exit "kill -9 $pid 2>/dev/null; umount -l '$mnt' 2>/dev/null"
wait_for test -e "$mnt/file"
for fd in "/proc/$pid/fd"/*; do
	[ "${fd##*/}" -gt 2 ] || continue
	open=$(readlink "$fd" || true)
	case $open in
	"$img" | /dev/fuse | /dev/null | socket:* | '/memfd:'* | anon_inode:* | '') ;;
	*)	fail "it has open: $open" ;;
	esac
done
[ "$(find "/proc/$pid/fd" -lname 'socket:*' | wc -l)" -eq 1 ] || fail "sockets: $(ls -l "/proc/$pid/fd")"
readlink "/proc/$pid/cwd" | expect /
run anyfs-umount "$mnt"
wait "$pid" || fail "exit $?"
