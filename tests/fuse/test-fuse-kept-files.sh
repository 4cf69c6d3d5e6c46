#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# On file systems without file handles a mount serves more files and directories than it
# has descriptors: walks find all of them, and files keep their numbers; an open file, a
# moved one and the current directory stay usable; rm -r removes all.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse

requires command -v mkfs.exfat

# With 20 MiB there are fewer than 6,000 descriptors.
nr_dirs=3000 nr_files=5000

tree() {
	python3 - $nr_dirs $nr_files <<'P'
import sys, tarfile
dirs, files = map(int, sys.argv[1:])
with tarfile.open(fileobj=sys.stdout.buffer, mode='w|') as t:
    def add(name, kind, mode):
        e = tarfile.TarInfo(name)
        e.type, e.mode, e.mtime = kind, mode, 1600000000
        t.addfile(e)
    add('kept', tarfile.DIRTYPE, 0o755)
    for d in range(10):
        add(f'd{d}', tarfile.DIRTYPE, 0o755)
        for n in range(dirs // 10 - 1):
            add(f'd{d}/dir{n}', tarfile.DIRTYPE, 0o755)
        for n in range(files // 10):
            add(f'd{d}/file{n}', tarfile.REGTYPE, 0o644)
P
}

# walk OUTPUT FILES: write inode numbers and names of the tree, which has FILES files
walk() {
	local n
	timeout 300 find "$mnt" -mindepth 1 -printf '%i %s %P\n' | sort >"$1" || fail "$fs: find"
	n=$(wc -l <"$1")
	[ "$n" -eq $((nr_dirs + 1 + $2)) ] || fail "$fs: find finds $n files"
	n=$(cut -d' ' -f1 "$1" | sort -u | wc -l)
	[ "$n" -eq $((nr_dirs + 1 + $2)) ] || fail "$fs: there are only $n inode numbers"
}

# Every file and directory is used while some of them are open and moved.
use() (
	mv "$mnt/d1/file1" "$mnt/kept/one"
	mv "$mnt/d1/dir1" "$mnt/kept/sub"
	python3 -c 'import os, sys; os.rename(*sys.argv[1:])' "$mnt/kept/one" "$mnt/kept/ONE"
	cd "$mnt/kept/sub"
	exec 3>"$mnt/d1/file1" 4<"$mnt/d2/FILE2"
	echo written >&3
	walk "$OLDPWD/after" $((nr_files + 1))
	echo more >&3
	[ "$(pwd -P)" = "$mnt/kept/sub" ] || fail "$fs: the current directory is lost"
	[ -e ../one ] || fail "$fs: a file has lost its name in other case"
	printf 'written\nmore\n' | cmp - "$mnt/d1/File1" || fail "$fs: the open file lost data"
	expect "" <&4
	echo new >new
	rm "$mnt/d1/file1"
	echo last >&3
	[ "$(stat -Lc %s /dev/fd/3)" -eq 18 ] || fail "$fs: a removed file lost data"
	mv "$mnt/kept/one" "$mnt/d1/file1"
)

tree >tree.tar
for fs in vfat exfat; do
	scratch_image 256M
	case $fs in
	vfat)	requires mkfs.vfat --help && mkfs.vfat -F 32 "$img" >/dev/null ;;
	exfat)	mkfs.exfat "$img" >/dev/null ;;
	esac
	run anyfs tar-in "$img" / <tree.tar
	mount_image -oro,mem=20
	walk first $nr_files
	walk second $nr_files
	same first second
	umount_image
	mount_image --write -omem=20
	use
	timeout 300 rm -r "$mnt"/d? || fail "$fs: rm -r"
	names "$mnt" | expect kept
	umount_image
	run anyfs cat "$img" /kept/sub/new | expect new
	if [ $fs = vfat ]; then run fsck.vfat -n "$img" >fsck.log; fi
	rm "$img"
done
