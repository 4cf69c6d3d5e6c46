#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The short name of a file on FAT and its long name are the same file, also after so many
# other files that it has been forgotten in between: what is written by one name is read
# by the other.
# root: mounts
# timeout: 600
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires mkfs.vfat --help

scratch_image 256M
mkfs.vfat -F 32 "$img" >/dev/null
python3 - <<'P' | run anyfs tar-in "$img" /
import io, sys, tarfile
with tarfile.open(fileobj=sys.stdout.buffer, mode='w|') as t:
    def add(name, data=b''):
        e = tarfile.TarInfo(name)
        e.size, e.mode, e.mtime = len(data), 0o644, 1600000000
        t.addfile(e, io.BytesIO(data))
    add('dir/a file with a long name.txt', b'old\n')
    add('dir/another~1', b'its name only looks short\n')
    for n in range(8000):
        add(f'others/{n // 1000}/{n}')
P
mount_image --write -omem=20
long="$mnt/dir/a file with a long name.txt" short="$mnt/dir/AFILEW~1.TXT"
expect old <"$long"
same_file() {
	[ "$(stat -c %i "$long")" = "$(stat -c %i "$1")" ] || fail "$1 has another inode number"
}
for round in 1 2; do
	[ "$(find "$mnt/others" -type f -printf '%s\n' | wc -l)" -eq 8000 ] || fail "find"
	echo "by the short name, $round" >"$short"
	expect "by the short name, $round" <"$long"
	[ "$(find "$mnt/others" -type f -printf '%s\n' | wc -l)" -eq 8000 ] || fail "find"
	echo "by the long name, round $round" >"$long"
	expect "by the long name, round $round" <"$short"
	same_file "$short"
	same_file "$mnt/dir/afilew~1.txt"
done
expect "its name only looks short" <"$mnt/dir/another~1"
mv "$short" "$mnt/dir/moved to a long name"
expect "by the long name, round 2" <"$mnt/dir/moved to a long name"
[ ! -e "$long" ] || fail "the long name is still there"
umount_image
run anyfs cat "$img" "/dir/moved to a long name" | expect "by the long name, round 2"
run fsck.vfat -n "$img"
