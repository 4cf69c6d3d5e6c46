#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A verb that writes has access to the image and can read the files that it copies in,
# and nothing else.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-sandbox.sh"
make_scene
prepare() {
	clear_scene
	echo source >source
}
put=(anyfs put "$img" source /)
export ATTACK_TARGET=neighbour
for name in open_read open_write open_truncate openat2_read do_truncate do_unlink do_rename \
	do_link do_symlink do_mkdir do_mkfifo do_chmod do_chown do_setxattr list_dir \
	inherited do_socket execute do_fork signal_parent map_executable; do
	works "$name" "${put[@]}"
	stopped "$name" "${put[@]}"
	[ "$(cat neighbour)" = secret ] || fail "$name changed a file"
	scene_is source
done
# put must read its source file, but must not be able to change it.
export ATTACK_TARGET=source
for name in open_write open_truncate do_unlink do_chmod; do
	works "$name" "${put[@]}"
	stopped "$name" "${put[@]}"
	[ "$(cat source)" = source ] || fail "$name changed the source"
done
run e2fsck -fy "$img" >/dev/null || true
run anyfs put "$img" source /copy
run anyfs cat "$img" /copy | expect source
run e2fsck -fn "$img"
