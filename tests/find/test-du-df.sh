#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs du and df print what du(1) and df(1) print on the host kernel's mount.
# root: mounts
. "${0%/*}/lib-find.sh"
needs_loop
requires setfattr --version
find_tree tree
# du(1) counts a file with several links in the directory that it reads first.
mv "tree/usr/share/doc/hard link" tree/etc/conf.d/link
truncate -s 5M tree/many/sparse
image_ext4 tree
mkdir mnt
mount -o ro,loop "$img" mnt
at_exit "umount mnt"

(cd mnt && du -k .) | sed 's,\t\./,\t/,; s,\t\.$,\t/,' | sort >theirs
run anyfs du "$img" | sort | diff - theirs >&2 || fail "du"
# Either name of a.conf may be the one that is counted.
(cd mnt && du -ka .) | sed 's,\t\./,\t/,; s,\t\.$,\t/,; s,/a.conf$,/link,' | sort >theirs
run anyfs du -a "$img" | sed 's,/a.conf$,/link,' >ours
sort ours | diff - theirs >&2 || fail "du -a"
tail -1 ours | matches '	/$' || fail "the root is not last"
(cd mnt && du -kd1 .) | sed 's,\t\./,\t/,; s,\t\.$,\t/,' | sort >theirs
run anyfs du -d 1 "$img" | sort | diff - theirs >&2 || fail "du -d 1"
run anyfs du -s "$img" /etc /usr >ours
(cd mnt && du -s etc usr) | sed 's,\t,\t/,' | diff ours - >&2 || fail "links counted twice"
run anyfs du -b "$img" /many/sparse | expect $'5242880\t/many/sparse'
run anyfs du "$img" /many/sparse | expect $'0\t/many/sparse'
(cd mnt && du -ch many/file59 many/file60) | sed 's,\tmany,\t/many,' >theirs
run anyfs du -ch "$img" /many/file59 /many/file60 | diff - theirs >&2 || fail "du -ch"
run anyfs du --json "$img" /etc | python3 -c 'import json, sys; print(json.load(sys.stdin)[-1]["files"])' |
	expect 7
refuse "/none|No such file" anyfs du "$img" /none
refuse "--max-depth x" anyfs du -d x "$img"

df -k --output=size,used,avail,pcent mnt | sed 1d | xargs >theirs
run anyfs df "$img" | sed 1d | awk '{print $3, $4, $5, $6}' | diff - theirs >&2 || fail "df"
run anyfs df "$img" /etc | sed 1d | awk '{print $1, $2}' | expect "/etc ext4"
df --output=itotal,iused,iavail,ipcent mnt | sed 1d | xargs >theirs
run anyfs df -i "$img" | sed 1d | awk '{print $3, $4, $5, $6}' | diff - theirs >&2 || fail "df -i"
run anyfs df --json "$img" | python3 -c '
import json, sys
fs, = json.load(sys.stdin)
print(fs["path"], fs["fstype"], fs["size"] - fs["used"] == fs["free"])' | expect "/ ext4 True"

# df lists all file systems of a disk, and names those that cannot be mounted.
mkdir -p small
echo boot >small/boot
image_gpt small tree
run anyfs df "$img" | sed 1d | awk '{print $1, $2}' | expect $'/p1 vfat\n/p2 ext4'
run anyfs df "$img" /p2/etc | sed 1d | awk '{print $1, $2}' | expect "/p2/etc ext4"
refuse "contains only the partitions" anyfs df "$img" /

# A partition that is no file system is named once.
truncate -s 32M swap.img
printf 'size=20M\nsize=8M, type=82\n' | sfdisk -q swap.img >sfdisk.log 2>&1 || fail "$(cat sfdisk.log)"
run anyfs mkfs swap.img/p1 vfat >/dev/null
run anyfs mkfs swap.img/p2 swap >/dev/null
anyfs df swap.img 2>err >/dev/null || fail "exit $?: $(cat err)"
expect "anyfs: swap.img: /p2: holds swap, not a file system; skipped" <err
