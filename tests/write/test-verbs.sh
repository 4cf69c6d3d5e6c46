#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# mkdir, rm, mv, ln, chmod, chown, touch, truncate, setfattr and sync work on each
# file system, and fsck finds no error.
. "${0%/*}/lib-write.sh"

show() { anyfs ls -l "$img" "$1" | awk '{print $1, $3":"$4, $5}'; }

for fs in $write_types; do
	echo "== $fs"
	make_fs "$fs"
	run anyfs mkdir "$img" /a
	run anyfs mkdir -p "$img" /a/b/c /d/e/ /a/b
	refuse "/a|exists" anyfs mkdir "$img" /a
	refuse "/x|No such file" anyfs mkdir "$img" /x/y
	refuse "/nodir|No such" anyfs rm "$img" /nodir
	run anyfs rm -f "$img" /nodir /no/where

	echo content | run anyfs put "$img" - /a/file
	run anyfs mv "$img" /a/file /a/b/moved
	run anyfs cat "$img" /a/b/moved | expect content
	run anyfs mv "$img" /a/b/moved /d
	run anyfs cat "$img" /d/moved | expect content
	echo other | run anyfs put "$img" - /other
	run anyfs mv "$img" /other /d/moved
	run anyfs cat "$img" /d/moved | expect other
	refuse "/missing" anyfs mv "$img" /missing /d
	refuse "/d: not moved: the destination is inside this directory" anyfs mv "$img" /d /d/e

	run anyfs touch -d '2004-05-06 07:08:10Z' "$img" /d/moved /new
	[ "$(TZ=UTC anyfs ls -l "$img" /new | grep -c '2004-05-06 07:08')" -eq 1 ] || fail "touch: $(anyfs ls -l "$img")"
	[ "$(anyfs stat --json "$img" /d/moved | grep -c '"mtime": 1083827290')" -eq 1 ] || fail "touch: $(anyfs stat "$img" /d/moved)"
	run anyfs touch -c "$img" /not-made
	refuse "/not-made" anyfs cat "$img" /not-made
	run anyfs truncate -s 1K "$img" /new
	run anyfs truncate -s +1 "$img" /new
	[ "$(anyfs cat "$img" /new | wc -c)" -eq 1025 ] || fail "truncate"
	run anyfs truncate -s -1000 "$img" /new
	[ "$(anyfs cat "$img" /new | wc -c)" -eq 25 ] || fail "truncate"
	refuse "/d|directory" anyfs truncate -s 0 "$img" /d

	if has "$fs" links modes owners; then
		run anyfs ln "$img" /d/moved /hard
		run anyfs ln -s "$img" d/moved /soft
		run anyfs cat "$img" /soft /hard | expect $'other\nother'
		refuse "/hard|exists" anyfs ln "$img" /new /hard
		run anyfs ln -f "$img" /new /hard
		run anyfs ln -sf "$img" /a /soft-dir
		run anyfs ln "$img" /new /soft-dir
		[ "$(anyfs stat "$img" /a/new | grep -c 'Links: 3')" -eq 1 ] || fail "links: $(anyfs stat "$img" /a/new)"

		run anyfs chmod "$img" 4750 /d/moved
		run anyfs chmod "$img" g+w,o=g /soft
		[ "$(show /d/moved)" = "-rwsrwxrwx 0:0 6" ] || fail "chmod: $(show /d/moved)"
		run anyfs chmod -R "$img" go-rwx,u+X /d
		[ "$(show /d/moved)" = "-rwx------ 0:0 6" ] ||
			[ "$(show /d/moved)" = "-rws------ 0:0 6" ] || fail "chmod -R: $(show /d/moved)"
		refuse "not a mode" anyfs chmod "$img" rw /d
		run anyfs chown "$img" 1234:5678 /soft
		[ "$(show /d/moved | awk '{print $2}')" = 1234:5678 ] || fail "chown: $(show /d/moved)"
		run anyfs chown -h "$img" :9 /soft
		anyfs ls -l "$img" / | matches '^l.* 0  *9 .* soft -> d/moved' || fail "chown -h: $(anyfs ls -l "$img")"
		run anyfs chown -R "$img" 77 /d
		[ "$(show /d/moved | awk '{print $2}')" = 77:5678 ] || fail "chown -R: $(show /d/moved)"

		refuse "/e: not linked: the target is a directory" anyfs ln "$img" /d /e

		run anyfs setfattr -n user.text -v 'some words' "$img" /soft
		run anyfs setfattr -n user.bytes -v 0x0001ff "$img" /d/moved
		run anyfs setfattr -n trusted.b -v 0sAAEC "$img" /d/moved
		run anyfs getfattr --only-values -n user.text "$img" /d/moved | expect 'some words'
		run anyfs getfattr -e hex -n user.bytes "$img" /soft | expect $'# file: soft\nuser.bytes=0x0001ff\n'
		run anyfs getfattr -n trusted.b "$img" /soft | expect $'# file: soft\ntrusted.b=0sAAEC\n'
		run anyfs setfattr -x user.text "$img" /d/moved
		refuse "user.text|No data" anyfs getfattr -n user.text "$img" /d/moved
	else
		refuse "/soft: not linked: the destination cannot hold a symbolic link" \
			anyfs ln -s "$img" a /soft
		refuse "/hard: not linked: the destination cannot hold a hard link" \
			anyfs ln "$img" /new /hard
		refuse "owner not changed" anyfs chown "$img" 5:5 /new
		refuse "mode not changed" anyfs chmod "$img" 4711 /new
		refuse "user.x|not supported" anyfs setfattr -n user.x -v y "$img" /new
	fi
	run anyfs sync "$img"
	run anyfs fsync "$img" /new /a

	refuse "/d|directory" anyfs rm "$img" /d
	refuse "root of its file system" anyfs rm -rf "$img" /
	run anyfs rm -r "$img" /d /new /a/b
	anyfs ls "$img" / >left
	if grep -qx 'd\|new' left; then fail "rm left: $(cat left)"; fi
	check_fs "$fs"
done
