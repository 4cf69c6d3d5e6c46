#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The process of a file server can read its image, write it with -w, and accept clients on its
# listening sockets.  It can neither open files nor make, bind or connect sockets.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-sandbox.sh"
make_scene
threads="main service"
export ATTACK_TARGET=neighbour
for server in "anyfs-nfsd --port=0 $img" "anyfs-nfsd --port=0 -w $img"; do
	for name in open_read open_write open_truncate do_truncate do_unlink do_rename do_link \
		do_symlink do_mkdir do_chmod do_setxattr do_chdir list_dir do_socket unix_socket \
		do_connect execute do_fork do_clone3 signal_parent signal_by_owner map_executable \
		be_dumpable raise_limit catch_sigsys socket_with_signals_blocked; do
		# shellcheck disable=SC2086  # a command with arguments
		{ works "$name" $server; stopped "$name" $server; }
		[ "$(cat neighbour)" = secret ] || fail "$name changed the file beside the image"
		scene_is ""
		[ ! -s inherited ] || fail "$name wrote to a descriptor that was inherited"
	done
	for name in inherited new_namespace trace other_memory do_mount do_bpf do_io_uring \
		newer_call; do
		# shellcheck disable=SC2086
		stopped "$name" $server
	done
done

# Open files of the server: the image, its listening sockets, and no other file of the machine.
anyfs-nfsd --port=0 --ready-fd 3 "$img" 3>ready 99>inherited >out.txt 2>err &
pid=$!
at_exit "kill -9 $pid 2>/dev/null"
wait_for test -s ready
for fd in "/proc/$pid/fd"/*; do
	[ "${fd##*/}" -gt 2 ] || continue
	open=$(readlink "$fd" || true)
	case $open in
	"$img" | /dev/null | socket:* | '/memfd:'* | anon_inode:* | '') ;;
	*)	fail "it has open: $open" ;;
	esac
done
kill -TERM "$pid"
wait "$pid" || fail "exit $?: $(cat err)"
