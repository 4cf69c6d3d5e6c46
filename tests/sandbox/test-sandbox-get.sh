#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs get creates files only below its destination, and cannot read files that were
# there before.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-sandbox.sh"
make_scene
prepare() {
	clear_scene
	mkdir dest
	echo mine >dest/mine
}
get=(anyfs get "$img" /file dest)

# Attack files beside the destination.
export ATTACK_TARGET=neighbour
for name in open_read open_write open_path open_truncate openat2_read do_truncate do_unlink \
	do_rename do_link link_into do_symlink do_mkdir do_mkfifo do_chmod do_chown do_setxattr \
	list_dir inherited do_socket execute do_fork signal_parent map_executable; do
	works "$name" "${get[@]}"
	stopped "$name" "${get[@]}"
	[ "$(cat neighbour)" = secret ] || fail "$name changed the file beside the destination"
	[ "$(stat -c %a neighbour)" = 644 ] || fail "$name changed the mode"
	scene_is dest
done
export ATTACK_TARGET=new
works open_create "${get[@]}"
stopped open_create "${get[@]}"
[ ! -e new ] || fail "open_create made a file"

# The image's kernel must not read files that were in the destination before.
export ATTACK_TARGET=dest/mine
for name in open_read open_write open_path open_truncate do_chmod do_setxattr; do
	works "$name" "${get[@]}"
	stopped "$name" "${get[@]}"
	[ "$(cat dest/mine)" = mine ] || fail "$name changed a file in the destination"
done

# get still copies the files.
prepare
run anyfs get "$img" /file dest
expect hello <dest/file
run anyfs get -v "$img" /file dest 2>&1 | matches "Landlock ABI [0-9]*: only below dest$"
