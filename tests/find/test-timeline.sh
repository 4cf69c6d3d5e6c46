#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs timeline prints the same lines as fls of the Sleuth Kit for ext4.  For FAT and NTFS, the
# names, sizes and times of files are the same.
# root: owners and devices
. "${0%/*}/lib-find.sh"
requires fls -V
requires setfattr --version
requires mkfs.ntfs --version
find_tree tree
rm "tree/odd names/"*line
image_ext4 tree

# fls does not list the root, and it lists virtual files that are not in the image.
theirs() { fls -r -m / "$@" | grep -v '/\$' | LC_ALL=C sort; }
ours() { run anyfs timeline "$@" | grep -v '^0|/|' | LC_ALL=C sort; }
theirs "$img" >theirs.out
ours "$img" >ours.out
diff theirs.out ours.out >&2 || fail "ext4"
[ "$(wc -l <ours.out)" -gt 70 ] || fail "few lines: $(wc -l <ours.out)"

# The inode numbers of FAT and NTFS differ: compare names, sizes and times.
mkdir plain
cp -r tree/many tree/etc plain
image_vfat plain fat.img 32M
fields() { awk -F'|' '$4 ~ /^r/ { print $2, $7, $9 }'; }
TZ=UTC fls -z UTC -r -m / fat.img | grep -v '/\$\|VOLUME\|Volume' | fields | LC_ALL=C sort >theirs
TZ=UTC anyfs timeline fat.img | fields | LC_ALL=C sort >ours
[ "$(wc -l <ours)" -gt 60 ] || fail "few lines of FAT"
diff theirs ours >&2 || fail "FAT"
truncate -s 32M ntfs.img
mkfs.ntfs -q -F -f ntfs.img >/dev/null 2>&1
run anyfs put ntfs.img plain/many plain/etc /
fls -r -m / ntfs.img | grep -v '/[$]\|[$]FILE_NAME' | fields | LC_ALL=C sort >theirs
run anyfs timeline ntfs.img | fields | LC_ALL=C sort >ours
[ "$(wc -l <ours)" -gt 60 ] || fail "few lines of NTFS"
diff theirs ours >&2 || fail "NTFS"

echo "a name cannot make fields or lines"
mkdir odd
touch 'odd/a|1|r' odd/$'b\n0|x'
image_ext4 odd odd.img
run anyfs timeline odd.img | cut -d'|' -f2 | LC_ALL=C sort | expect '/
/a\x7c1\x7cr
/b\x0a0\x7cx
/lost+found'
mactime -b <(anyfs timeline odd.img) -y -d >mac 2>/dev/null || fail "mactime cannot read it"
grep -q 'a.x7c1' mac || fail "mactime: $(head -3 mac)"

echo "a path may be a file"
run anyfs timeline odd.img /lost+found | cut -d'|' -f2 | expect /lost+found
run anyfs timeline odd.img '/a|1|r' | cut -d'|' -f2 | expect '/a\x7c1\x7cr'
