#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The process of a shell that has the image can use no files of the host and start no programs,
# although it takes commands; with --host it can use one directory.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-sandbox.sh"
make_scene
# A shell starts no thread before its first command, so the attacks come with that command.
cat >script <<'END'
cat /file
END
# attack() runs its command with standard input from /dev/null.
cat >../shell-script <<'END'
#!/bin/sh
image=$1
shift
exec anyfs shell "$@" "$image" <../script
END
mv script ..
chmod +x ../shell-script
export ATTACK_TARGET=neighbour
for name in open_read open_write open_truncate do_truncate do_unlink do_rename do_link do_symlink \
	do_mkdir do_chmod list_dir inherited do_socket execute do_fork signal_parent \
	map_executable; do
	works "$name" ../shell-script "$img"
	stopped "$name" ../shell-script "$img"
	stopped "$name" ../shell-script "$img" --write
	[ "$(cat neighbour)" = secret ] || fail "$name changed a file"
	scene_is ""
done
mkdir ../shared
for name in open_read open_write open_truncate do_unlink do_rename do_mkdir list_dir execute \
	do_fork map_executable; do
	stopped "$name" ../shell-script "$img" --host ../shared
	[ "$(cat neighbour)" = secret ] || fail "$name changed a file with --host"
	scene_is ""
done
run e2fsck -fn "$img"
