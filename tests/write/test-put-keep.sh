#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If anyfs put replaces a file or directory, mode, owner and attributes of the image
# are kept, unless -a, --mode, --owner or --no-keep is given.
. "$ANYFS_TOP/tests/write/lib-write.sh"
requires mkfs.ext4 -V

me=$(id -u):$(id -g)
echo new >passwd
chmod 600 passwd
mkdir -p tree/sub
echo new >tree/sub/file
chmod 700 tree/sub

# An image with a file and a directory with special owner, mode and labels.
fresh() {
	make_fs ext4 16M
	echo old | run anyfs put --mode 4640 --owner 7:8 "$img" - /passwd
	run anyfs mkdir "$img" /tree /tree/sub
	echo old | run anyfs put --mode 604 "$img" - /tree/sub/file
	for path in /passwd /tree/sub /tree/sub/file; do
		run anyfs setfattr -n security.selinux -v label_t "$img" $path
		run anyfs setfattr -n security.ima -v signature "$img" $path
	done
	run anyfs chown "$img" 3:4 /tree/sub
	run anyfs chmod "$img" 1775 /tree/sub
}
# Print mode, owner and, if present, the label of a path.
state() {
	anyfs stat --json "$img" "$1" | python3 -c '
import json, sys
s = json.load(sys.stdin)[0]
print("%s %s:%s" % (s["mode"], s["uid"], s["gid"]))'
	anyfs getfattr "$img" "$1" | grep -o 'security.selinux' || true
}
is() {
	[ "$(state "$1" | tr '\n' ' ')" = "$2 " ] || fail "$1: $(state "$1" | tr '\n' ' '), expected: $2"
}

fresh
python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["mode"])' < <(anyfs stat --json "$img" /passwd) >mode
read -r old <mode
echo "standard input and a file replace the content alone"
echo new | run anyfs put "$img" - /passwd
run anyfs cat "$img" /passwd | expect new
is /passwd "$old 7:8 security.selinux"
! anyfs getfattr "$img" /passwd | matches security.ima || fail "the signature of the old content was kept"
run anyfs put "$img" passwd /passwd
is /passwd "$old 7:8 security.selinux"
echo new | run anyfs put -a "$img" - /passwd
is /passwd "$old 7:8 security.selinux"
run anyfs put -a --keep "$img" passwd /passwd
is /passwd "$old 7:8 security.selinux"

echo "a tree adds files to directories whose metadata stays"
before=$(state /tree/sub; state /tree/sub/file)
run anyfs put "$img" tree /
[ "$before" = "$(state /tree/sub; state /tree/sub/file)" ] || fail "was: $before, is: $(state /tree/sub; state /tree/sub/file)"
run anyfs cat "$img" /tree/sub/file | expect new

echo "a symbolic link and a FIFO that replace one of their type keep its owner and mode"
mkdir special
ln -s new-target special/link
mkfifo -m 600 special/fifo
run anyfs put "$img" special /
run anyfs chmod "$img" 640 /special/fifo
run anyfs chown -h "$img" 65534:65533 /special/link /special/fifo
run anyfs setfattr -h -n trusted.note -v kept "$img" /special/link
run anyfs put "$img" special/. /special
is /special/link "0777 65534:65533"
is /special/fifo "0640 65534:65533"
run anyfs getfattr -h --only-values -n trusted.note "$img" /special/link | expect kept
run anyfs put --no-keep "$img" special/. /special
is /special/link "0777 0:0"
is /special/fifo "0600 0:0"

echo "options set owner and mode"
run anyfs put --mode 444 "$img" passwd /passwd
[[ $(state /passwd) == *" 7:8"$'\n'security.selinux ]] || fail "$(state /passwd)"
anyfs ls -l "$img" /passwd | matches '^-r--r--r-- ' || fail "$(anyfs ls -l "$img" /passwd)"
run anyfs put --owner 5:6 "$img" passwd /passwd
[[ $(state /passwd) == *" 5:6"$'\n'security.selinux ]] || fail "$(state /passwd)"

echo "-a and --no-keep take nothing from the old file"
fresh
run anyfs put -a "$img" passwd tree /
[[ $(state /passwd) == *" $me" ]] || fail "$(state /passwd)"
[[ $(state /tree/sub) == *" $me"* ]] || fail "$(state /tree/sub)"
anyfs ls -l "$img" /passwd | matches '^-rw------- ' || fail "$(anyfs ls -l "$img" /passwd)"
fresh
echo new | run anyfs put --no-keep "$img" - /passwd
[[ $(state /passwd) == *" 0:0" ]] || fail "$(state /passwd)"
anyfs ls -l "$img" /passwd | matches '^-rw-r--r-- ' || fail "$(anyfs ls -l "$img" /passwd)"

echo "a link that is replaced has no metadata to keep"
run anyfs ln -sf "$img" elsewhere /passwd
run anyfs put "$img" passwd /passwd
anyfs ls -l "$img" /passwd | matches '^-rw------- .* 0  *0 ' || fail "$(anyfs ls -l "$img" /passwd)"
check_fs ext4
