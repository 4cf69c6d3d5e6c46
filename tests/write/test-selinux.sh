#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# put, tar-in and oci-in with --selinux give files the contexts that matchpathcon finds in the
# same file_contexts file.
. "${0%/*}/../lib.sh"
requires which matchpathcon
requires debugfs -V
mkdir -p tree/etc/ssh tree/usr/bin tree/var/lib/x
echo root >tree/etc/passwd
echo key >tree/etc/ssh/ssh_host_rsa_key
echo x >tree/usr/bin/su
ln -s su tree/usr/bin/link
mkfifo tree/var/lib/x/fifo
echo "odd" >"tree/var/lib/x/a b"
cat >contexts <<'END'
/.*	system_u:object_r:default_t:s0
/	-d	system_u:object_r:root_t:s0
/etc(/.*)?	system_u:object_r:etc_t:s0
/etc/passwd	--	system_u:object_r:passwd_file_t:s0
/etc/ssh/ssh_host.*_key	--	system_u:object_r:sshd_key_t:s0
/usr/bin/su	--	system_u:object_r:su_exec_t:s0
/usr/bin/.*	-l	system_u:object_r:link_t:s0
/var/lib(/.*)?	system_u:object_r:var_lib_t:s0
/var/lib/x/fifo	-p	system_u:object_r:fifo_t:s0
/srv/.*	<<none>>
END
# type PATH: the type of file for matchpathcon -m
type() {
	case $(stat -c %F "tree/$1") in
	directory)	echo dir ;;
	"symbolic link") echo link ;;
	fifo)		echo pipe ;;
	*)		echo file ;;
	esac
}
# check IMAGE TOP: all files of the tree are below TOP with their contexts.
check() {
	local path whole
	e2fsck -fn "$1" >e2fsck.log 2>&1 || fail "$(cat e2fsck.log)"
	(cd tree && find . | cut -c3-) | while IFS= read -r path; do
		whole=$2${path:+/$path}
		whole=${whole:-/}
		debugfs -R "ea_get \"$whole\" security.selinux" "$1" 2>/dev/null |
			sed -n 's/.* = "\(.*\)\\000".*/\1/p' >got
		matchpathcon -n -f contexts -m "$(type "$path")" "$whole" >wanted
		cmp -s got wanted || fail "$whole: $(cat got), not $(cat wanted)"
		echo "$path" >>checked
	done
}
run anyfs mkfs --size 8M put.img ext4
run anyfs put --selinux contexts put.img tree/. /
check put.img ""
run anyfs mkdir put.img /opt
run anyfs put --selinux contexts put.img tree /opt
check put.img /opt/tree
run anyfs put --selinux contexts put.img tree/etc/passwd /etc/shadow
debugfs -R "ea_get /etc/shadow security.selinux" put.img 2>/dev/null | matches ":etc_t:" ||
	fail "a new name"
tar -C tree -cf tree.tar .
run anyfs mkfs --size 8M tar.img ext4
run anyfs tar-in --selinux contexts tar.img / <tree.tar
check tar.img ""
[ "$(sort -u checked | wc -l)" -ge 11 ] || fail "too few files: $(cat checked)"

echo "Without a context:"
run anyfs mkdir tar.img /srv
run anyfs put --selinux contexts tar.img tree/etc/passwd /srv/file
anyfs getfattr tar.img /srv/file | expect ""

echo "Mistakes:"
refuse "none: No such file or directory" anyfs put --selinux none put.img tree /
printf 'put --selinux contexts tree /\n' | anyfs shell --write --host . put.img 2>err || true
matches "selinux cannot be used in a shell" <err || fail "in a shell: $(cat err)"
