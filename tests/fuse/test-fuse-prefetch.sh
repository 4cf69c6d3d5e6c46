#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Small files that are sent to the host before it requests them have the right
# content, with any order and number of readers.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
for dir in one two three four; do
	mkdir -p "tree/$dir"
	for size in 0 1 4095 4096 4097 8192 12000 65535 65536 65537 200000; do
		for i in 1 2 3 4 5; do head -c "$size" /dev/urandom >"tree/$dir/$size-$i"; done
	done
done
# Hard links: the second name of a file is in the same or in another directory.
for i in 1 2 3 4 5 6 7 8; do
	mkdir "tree/linked-$i"
	for j in 1 2 3 4; do
		echo "$i $j" >"tree/linked-$i/$j" && ln "tree/linked-$i/$j" "tree/linked-$i/$j-again"
		ln "tree/linked-$i/$j" "tree/linked-$((i / 2 + 1))/$j-of-$i"
	done
done
mkdir tree/single
echo alone >tree/single/file
image_ext4 tree
(cd tree && find . -type f -exec sha256sum {} + | sort -k 2 >../sums)

for threads in 64 1; do
	mount_image -o "threads=$threads"
	# Orders of reading: as listed, by three readers; by name; by inode number, down and
	# up; half of each directory.
	run tar -C "$mnt" --exclude lost+found -cf alone.tar .
	run tar -C tree -df alone.tar
	umount_image
	mount_image -o "threads=$threads"
	for i in 1 2 3; do
		tar -C "$mnt" --exclude lost+found -cf - . | tar -C tree -df - >"diff.$i" 2>&1 &
	done
	(cd "$mnt" && run sha256sum --quiet -c "$OLDPWD/sums")
	wait
	for i in 1 2 3; do same /dev/null "diff.$i"; done
	umount_image
	mount_image -o "threads=$threads"
	(cd "$mnt" && find . -type f -printf '%i %p\n' | sort -rn | cut -d ' ' -f 2- |
		run xargs sha256sum | sort -k 2) >got
	same sums got
	umount_image
	mount_image -o "threads=$threads"
	run cp -a "$mnt/." copied
	run diff -r tree copied -x lost+found
	rm -r copied
	umount_image
	mount_image -o "threads=$threads"
	for dir in one two three four; do
		find "$mnt/$dir" -type f | head -n 30
	done | while read -r file; do run cmp "$file" "tree${file#"$mnt"}"; done
	umount_image
done

# Only the unreadable file gives an error; the files next to it are correct.
run debugfs -w -R 'set_inode_field /two/4096-3 block[0] 0' "$img" >log 2>&1
mount_image
(cd "$mnt" && find . -name lost+found -prune -o -type f -exec sha256sum {} +) 2>err >sums.got ||
	true	# reading one file fails
sort -k 2 sums.got >got
grep -q '4096-3' err || fail "not reported: $(cat err)"
grep -v '/two/4096-3$' sums >want
same want got
umount_image

# A server that is killed while programs read ends, and the programs continue.
ended() { [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; }
for i in 1 2 3 4 5; do
	anyfs-fuse -f "$img" "$mnt" &
	server=$!
	at_exit "kill -9 $server 2>/dev/null; umount -l '$mnt' 2>/dev/null"
	wait_for test -e "$mnt/one"
	readers=()
	for order in -r -n; do
		(cd "$mnt" && find . -type f | sort "$order" | xargs cat) >/dev/null 2>&1 &
		readers+=($!)
	done
	[ "$i" -eq 1 ] || sleep "0.0$i"	# kill at different times
	kill -9 "$server"
	wait_for ended "$server"
	wait "${readers[@]}" "$server" || true	# the programs got errors
	umount -l "$mnt"
done
