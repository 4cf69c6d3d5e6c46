#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An ordinary user mounts and unmounts through fusermount3, the only set-user-id
# program: for that user alone, so that not even root has access, and for all users or by fstab
# if root allows it. ext4, xfs and btrfs are tested.
# root: it becomes the user nobody itself, and may use set-user-id programs
#
# This test mounts over files in /etc and /dev: no other process may see these mounts.
. "${0%/*}/lib-fuse.sh"
own_mounts
needs_fuse
[ -u "$(command -v fusermount3)" ] || skip "fusermount3 is not set-user-id here"
chmod 755 . ..
chown nobody "$mnt"
mknod fuse c 10 229 && chmod 666 fuse && mount --bind fuse /dev/fuse
echo '# nothing is allowed' >fuse.conf && mount --bind fuse.conf /etc/fuse.conf

as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups --inh-caps=-all --)
user() { "${as_user[@]}" "$@"; }
stranger() { setpriv --reuid=daemon --regid=daemon --clear-groups --inh-caps=-all -- "$@"; }
mounted() { grep -q " $mnt .* - fuse.anyfs .*user_id=$(id -u nobody)" /proc/self/mountinfo; }
mount_as_user() {
	run user anyfs-fuse "$@" "$img" "$mnt"
	at_exit "umount -l '$mnt' 2>/dev/null"
	mounted || fail "not the user's mount: $(cat /proc/self/mountinfo)"
}
umount_as_user() {
	run user anyfs-umount "$mnt"
	unset 'cleanups[-1]'
	if mounted; then fail "still mounted"; fi
}

# Files of another user, one with an ACL, to be copied.
requires setfacl --version
mkdir source && echo text >source/file && chown -R daemon source && chmod 755 source
setfacl -m u:4321:r source/file

for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	chown nobody "$img"
	# The user may do everything, with any modes in the image.
	mount_as_user --write
	user sh -ec "cd '$mnt' && mkdir d && echo text >d/file && chown 12:34 d/file && chmod 640 d/file" ||
		fail "$fs: not everything is allowed"
	user stat -c '%u:%g %a' "$mnt/d/file" | expect '12:34 640'
	if ls "$mnt" 2>err; then fail "$fs: root has access"; fi
	grep -q 'Permission denied' err || fail "$fs: $(cat err)"
	umount_as_user
	fsck_image "$fs"
	# With default_permissions, the owners and modes of the image count.
	mount_as_user --write -o default_permissions
	if user cat "$mnt/d/file" 2>err; then fail "$fs: modes are not enforced"; fi
	if user touch "$mnt/new" 2>err; then fail "$fs: modes are not enforced"; fi
	umount_as_user
	# With --map-owner the user owns all files.
	mount_as_user --write --map-owner
	user stat -c '%U:%G' "$mnt/d/file" | expect nobody:nogroup
	user sh -ec "echo more >>'$mnt/d/file' && echo mine >'$mnt/d/mine'"
	user cp -a source "$mnt/d/" || fail "$fs: cp -a of the files of others"
	getfacl_of() { user getfacl -cp "$mnt/d/source/file"; }
	getfacl_of | matches '^user:4321:r--' || fail "$fs: the ACL is not copied: $(getfacl_of)"
	user rm -r "$mnt/d/source"
	umount_as_user
	fsck_image "$fs"
	mount_image -o ro
	stat -c '%u:%g' "$mnt/d/file" | expect 12:34
	stat -c %u "$mnt/d/mine" | expect "$(stat -c %u "$mnt/d")"
	umount_image
done

# Forbidden: to unmount another user's mount, or one that is in use.
# The server is the process of the mount that has the FUSE channel open.
server() {
	local pid
	for pid in $(pgrep -u nobody -f "^anyfs-fuse .*$mnt\$"); do
		[ -z "$(find "/proc/$pid/fd" -lname /dev/fuse)" ] || echo "$pid"
	done
}
status() { grep -h "$1" "/proc/$(server)/status"; }
mount_as_user
status '^Seccomp:' | expect "Seccomp:	2"
status '^NoNewPrivs:' | expect "NoNewPrivs:	1"
if stranger anyfs-umount "$mnt" 2>err; then fail "another user can unmount it"; fi
mounted || fail "another user has unmounted it"
user sh -c "exec <'$mnt/d/file' && { anyfs-umount '$mnt' || exit 5; }" 2>err && fail "unmounted in use"
grep -q busy err || fail "$(cat err)"
mounted || fail "unmounted in use"
umount_as_user
mount_as_user
run anyfs-umount "$mnt"			# root can
unset 'cleanups[-1]'
refuse_user() {
	local text=$1
	shift
	if user "$@" 2>err; then fail "not refused: $*"; fi
	grep -q "$text" err || fail "$(cat err)"
	wait_for not_mounted
}
not_mounted() { ! grep -q " $PWD/.* fuse.anyfs " /proc/self/mountinfo; }
refuse_user user_allow_other anyfs-fuse -o allow_other "$img" "$mnt"
mkdir own
refuse_user 'no write access' anyfs-fuse "$img" "$PWD/own"
chmod 600 "$img" && chown root "$img"
refuse_user "^anyfs-fuse: $img: .*Permission denied" anyfs-fuse "$img" "$mnt"
chown nobody "$img"

# With user_allow_other, other users have access by the permissions of the image.
echo user_allow_other >fuse.conf
mount_as_user -o allow_other
expect $'text\nmore' <"$mnt/d/file"
if stranger cat "$mnt/d/file" 2>err; then fail "modes are not enforced"; fi
umount_as_user

# Signals, fusermount3, and a process that is killed.
for end in TERM INT fusermount3 KILL; do
	"${as_user[@]}" anyfs-fuse -f --write -o auto_unmount "$img" "$mnt" 2>server.log &
	pid=$!
	at_exit "kill -9 $pid 2>/dev/null; umount -l '$mnt' 2>/dev/null"
	wait_for user test -e "$mnt/d/file"
	user ls "$mnt" >/dev/null
	user touch "$mnt/d/$end"
	code=0
	if [ $end = fusermount3 ]; then run user fusermount3 -u "$mnt"; else kill -$end $pid; fi
	wait $pid || code=$?
	[ $code -eq 0 ] || [ $end = KILL ] || fail "$end: exit $code: $(cat server.log)"
	wait_for not_mounted
	unset 'cleanups[-1]'
done
mount_as_user --write		# replays the journal after the kill
umount_as_user
fsck_image "$fs"
mount_image -o ro
names "$mnt/d" | grep -v KILL | expect $'INT\nTERM\nfile\nfusermount3\nmine'
umount_image

# Mount by fstab.
echo "$img  $mnt  fuse.anyfs  write,noauto,user  0 0" >fstab
mkdir sbin && ln -s "$ANYFS_BUILD/bin/anyfs-fuse" sbin/mount.fuse.anyfs
if [ ! -u "$(command -v mount)" ] || ! mount -t overlay overlay -o "lowerdir=$PWD/sbin:/usr/sbin" /usr/sbin 2>err; then
	skip "this host cannot put mount.fuse.anyfs where mount(8) looks: $(cat err)"
fi
mount --bind fstab /etc/fstab
if stranger mount "$mnt" 2>err; then fail "mounted where the user has no permission to write"; fi
run user mount "$mnt"
at_exit "umount -l '$mnt'"
mounted || fail "not mounted by fstab"
echo written | user tee "$mnt/by-fstab" | expect written
umount_as_user
fsck_image "$fs"
