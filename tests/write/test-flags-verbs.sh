#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs lsattr prints the same flags as lsattr(1) on a mount of the host's kernel, and anyfs
# chattr changes flags like chattr(1) there.
# root: mounts the image
. "$ANYFS_TOP/tests/write/lib-write.sh"
needs_loop
requires lsattr -V

make_fs ext4 32M
mkdir -p tree/dir/sub
touch tree/a tree/.hidden tree/dir/b tree/dir/sub/c
mkfifo tree/fifo
run anyfs put "$img" tree /
mkdir mnt
on_host() {
	mount -o loop "$img" mnt
	(cd mnt && "$@") >host || fail "on the host: $*"
	umount mnt
}
same_lists() {
	on_host lsattr -R -a tree
	# lsattr prints a heading for each directory, and "." and "..".
	grep -v ':$\|/\.\.\?$\|^$' host | awk '{print $1, "/" $2}' | sort >wanted
	run anyfs lsattr -R -a "$img" /tree | sort >got
	diff wanted got || fail "lsattr differs"
}

same_lists
on_host chattr +dA tree/a tree/dir
same_lists
run anyfs chattr "$img" +iS -d /tree/a
same_lists
anyfs lsattr "$img" /tree/a | matches '^--S-i--A' || fail "flags: $(anyfs lsattr "$img" /tree/a)"
run anyfs chattr -R "$img" =j /tree/dir
same_lists
run anyfs chattr -i "$img" /tree/a
same_lists
anyfs lsattr -d --json "$img" /tree/dir | python3 -c 'import json, sys
v = json.load(sys.stdin)
assert v[0]["path"] == "/tree/dir" and "j" in v[0]["flags"], v'
run anyfs ln -s "$img" a /tree/link
refuse "/tree/link: no flags: only regular files and directories have them (type: symlink)" \
	anyfs lsattr "$img" /tree/link
refuse "/tree/fifo: no flags: only regular files and directories have them (type: fifo)" \
	anyfs lsattr "$img" /tree/fifo
refuse "/tree/fifo: flags not changed: Operation not supported" anyfs chattr "$img" +i /tree/fifo
refuse "give + or = and letters" anyfs chattr "$img" +q /tree/a
refuse "the flags contradict each other" anyfs chattr -i "$img" +i /tree/a
refuse "give flags to set or clear" anyfs chattr "$img" /tree/a
refuse "/missing: flags not changed: No such file" anyfs chattr "$img" +i /missing
check_fs ext4
make_fs vfat
run anyfs put "$img" tree/a /
refuse "/a: flags not changed: Operation not supported" anyfs chattr "$img" +i /a
