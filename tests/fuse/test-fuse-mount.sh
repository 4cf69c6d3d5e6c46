#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mount can be made by mount(8) and a line of fstab, with an overlay, with prefetch
# and with auto_unmount.  Locks between programs work; the host manages them.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires python3 --version
mkdir one two
echo efi >one/boot
echo root >two/etc
image_gpt one two
cp "$img" before.img

# With --overlay the image does not change, and a second mount shows the written files.
mount_image --overlay changes -o part=p2
echo new >"$mnt/new" && echo changed >"$mnt/etc" && mkdir "$mnt/d"
umount_image
same before.img "$img"
mount_image --overlay=changes -o part=p2
expect new <"$mnt/new"
expect changed <"$mnt/etc"
umount_image
mount_image -o part=p2
[ ! -e "$mnt/new" ] || fail "the image was written to"
expect root <"$mnt/etc"
umount_image

# prefetch: the image is read into the host's cache in the background, except its holes.
cached() { fincore -nbo PAGES "$img"; }
head -c 30M /dev/urandom >part
dd if=part of="$img" bs=1M seek=18 conv=notrunc,fsync status=none
truncate -s 500M "$img"
dd if="$img" of=/dev/null iflag=nocache count=0 status=none
if [ "$(cached)" -lt 1000 ]; then
	mount_image -o prefetch
	all_cached() { [ "$(cached)" -ge 7680 ]; }
	wait_for all_cached
	umount_image
	[ "$(cached)" -lt 64000 ] || fail "holes were read: $(cached) pages"
else
	echo "prefetch: this host does not forget what it has cached"
fi
cp before.img "$img"

# auto_unmount: a mount whose process was killed is unmounted, whether read-only or writable.
gone() { ! grep -q " $mnt " /proc/self/mountinfo; }
for option in ro write; do
	anyfs-fuse -f -o auto_unmount,$option "$img" "$mnt" &
	pid=$!
	at_exit "umount -l '$mnt' 2>/dev/null"
	wait_for test -e "$mnt/p1/boot"
	ls "$mnt" >/dev/null
	kill -9 $pid
	wait_for gone
	wait $pid || true
done

# Locks between programs.
mount_image --write
run python3 "$ANYFS_TOP/tests/fuse/locks.py" "$mnt/p2/etc"
run python3 "$ANYFS_TOP/tests/fuse/locks.py" "$PWD/changes"	# the host passes the same checks
umount_image

# mount(8) finds its helper only in /sbin: use a private /sbin, which no other process
# sees.
cat >fstab <<EOF
$img  $mnt  fuse.anyfs  part=p2,write,noauto,user,nofail,x-test,uid=1234  0 0
EOF
cat >mounts.sh <<'EOF'
set -eu
mount --make-rprivate /
drop_copies
mkdir sbin
ln -s "$ANYFS_BUILD/bin/anyfs-fuse" sbin/mount.fuse.anyfs
mount -t overlay overlay -o "lowerdir=$PWD/sbin:/usr/sbin" /usr/sbin 2>err || exit 77
mount -t fuse.anyfs -o part=p2 "$img" "$mnt"
[ "$(cat "$mnt/etc")" = root ]
[ "$(findmnt -no FSTYPE,SOURCE "$mnt")" = "fuse.anyfs $img" ]
if touch "$mnt/new" 2>/dev/null; then exit 1; fi
anyfs-umount "$mnt"
mount --fstab "$PWD/fstab" "$mnt"
echo fstab >"$mnt/by-fstab"
[ "$(stat -c %u "$mnt/by-fstab")" = 1234 ]
anyfs-umount "$mnt"
if mount -t fuse.anyfs -o part=p9 "$img" "$mnt" 2>err; then exit 1; fi
grep -q 'there is no partition 9' err
EOF
export img mnt
export -f drop_copies
code=0
unshare -m bash -x mounts.sh || code=$?
[ $code -ne 77 ] || skip "this host cannot put mount.fuse.anyfs where mount(8) looks: $(cat err)"
[ $code -eq 0 ] || fail "mount(8): exit $code"
mount_image -o part=p2
expect fstab <"$mnt/by-fstab"
umount_image
