#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs-umount ends the mount, and names the reason if it cannot: with bind mounts, in
# other mount namespaces, with a program that closes its files a moment later, with a
# deleted image.  A new mount waits for the process of the previous one.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires python3 --version
own_mounts
image_of ext4 64M
mkdir bind
mounted() { grep -q " $1 .* fuse.anyfs " /proc/self/mountinfo; }
at_exit "umount -l bind '$mnt' 2>/dev/null"
sleeps() { grep -q nanosleep "/proc/$1/wchan"; }
patiently() { timeout -k 5 300 "$@"; }

# One of two mounts is unmounted: the image stays in use until the other is unmounted.
run anyfs-fuse --write "$img" "$mnt"
run mount --bind "$mnt" bind
# The completion of the command line offers mount points, also with a blank.
mkdir "with blank"
run mount --bind "$mnt" "with blank"
run anyfs __complete --program anyfs-umount "$PWD/with" | cut -f1 | expect "$PWD/with blank"
run umount "with blank"
for name in bind "$mnt"; do
	code=0
	patiently anyfs-umount "$name" 2>err || code=$?
	[ $code -ne 124 ] || fail "anyfs-umount hangs"
	if [ "$name" = bind ]; then
		[ $code -eq 1 ] || fail "exit $code although the image is still in use"
		grep -q "^anyfs-umount: bind: unmounted, but $img is still mounted at $mnt" err || fail "$(cat err)"
		if mounted "$PWD/bind"; then fail "bind is still mounted"; fi
	else
		[ $code -eq 0 ] || fail "exit $code: $(cat err)"
	fi
done
# Both mounts in one command, in any order: then the image is free.
for order in "bind $mnt" "$mnt bind"; do
	run anyfs-fuse --write "$img" "$mnt"
	run mount --bind "$mnt" bind
	# shellcheck disable=SC2086  # two words
	run patiently anyfs-umount $order
	fsck_image ext4
done
# The image is also mounted in a namespace that anyfs-umount cannot see: it waits for that
# mount as long as --wait says.
for seconds in 0 600; do
	run anyfs-fuse --write "$img" "$mnt"
	mkfifo hold$seconds
	unshare -m --propagation private bash -c "echo >ready$seconds; exec cat hold$seconds" &
	elsewhere=$!
	wait_for test -s ready$seconds
	if [ $seconds -eq 0 ]; then
		refuse 'in another mount namespace' anyfs-umount --wait 0 "$mnt"
		: >hold0
	else
		anyfs-umount --wait 600 "$mnt" &
		umounter=$!
		wait_for sleeps $umounter
		: >hold600
		run wait $umounter
	fi
	wait $elsewhere
done

# SIGTERM ends the process although a bind mount is left; the exit code is 1.
anyfs-fuse -f --write "$img" "$mnt" 2>server.log &
pid=$!
answers() { mounted "$mnt" && ls "$mnt"; }
wait_for answers
run mount --bind "$mnt" bind
kill -TERM $pid
code=0
patiently tail --pid=$pid -f /dev/null
wait $pid || code=$?
[ $code -eq 1 ] || fail "exit $code although it was in use: $(cat server.log)"
grep -q 'in use' server.log || fail "no reason: $(cat server.log)"
umount -l bind
fsck_image ext4

# A program that closes its file a moment after anyfs-umount has begun does not cause an
# error.  The program closes it when it sees anyfs-umount sleep between two tries.
run anyfs-fuse --write "$img" "$mnt"
echo text >"$mnt/file"
exec 8<"$mnt/file"
anyfs-umount "$mnt" 2>err 8<&- &
umounter=$!
sleeps_or_ended() { sleeps $umounter || ! kill -0 $umounter; }
wait_for sleeps_or_ended
exec 8<&-
wait $umounter || fail "reported as busy, although it was busy only for a moment: $(cat err)"
# A file that is mapped by a program that has ended.
for ((i = 0; i < 10; i++)); do
	run anyfs-fuse --write "$img" "$mnt"
	python3 -c 'import mmap, sys; f = open(sys.argv[1], "r+b"); mmap.mmap(f.fileno(), 4)[0:1] = b"m"' "$mnt/file"
	run anyfs-umount "$mnt"
done

# Right after umount(8) the process may still write to the image: the next mount waits.  Five
# seconds may be too short for all these mounts on a busy machine, but not for each.
in_time=0
mount_again() {
	if anyfs-fuse --write "$img" "$mnt" 2>err; then
		in_time=$((in_time + 1))
	else
		grep -q 'in use by another process' err || fail "$(cat err)"
		wait_for anyfs-fuse --write "$img" "$mnt"
	fi
}
run anyfs-fuse --write "$img" "$mnt"
for ((i = 0; i < 5; i++)); do
	head -c 8M /dev/urandom >"$mnt/data$((i % 2))"
	run umount "$mnt"
	mount_again
done
[ $in_time -gt 0 ] || fail "no mount waited for the process of the one before: $(cat err)"
# The next mount waits for a limited time only.
refuse 'in use by another process' anyfs-fuse --write "$img" bind
run anyfs-umount "$mnt"

# The image, or the file of an overlay, was deleted: a message says that written data is lost.
for deleted in copy.img overlay; do
	cp "$img" copy.img
	if [ $deleted = overlay ]; then set -- --overlay overlay; else set -- --write; fi
	run anyfs-fuse "$@" copy.img "$mnt"
	echo new >"$mnt/new"
	rm $deleted
	refuse 'deleted while it was mounted' anyfs-umount "$mnt"
done
# No message if the image was renamed, or if the mount is read-only.
cp "$img" copy.img
run anyfs-fuse --write copy.img "$mnt"
mv copy.img moved.img
run anyfs-umount "$mnt"
run anyfs-fuse moved.img "$mnt"
rm moved.img
run anyfs-umount "$mnt"
fsck_image ext4
