#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If put, tar-in, ln -f or get cannot make a link, device, FIFO or directory, the file
# that it would replace stays.  A hard link in an archive to its own name changes
# nothing, and no temporary file is left behind.
. "$ANYFS_TOP/tests/write/lib-write.sh"
requires mkfs.vfat --help
requires mkfs.ext4 -V
requires python3 -V

mkdir s
ln -s elsewhere s/l
mkfifo s/f
echo precious >l
cp l f

# One line of stderr for each, and exit 1.
fails() {
	local code=0
	"$@" 2>err || code=$?
	[ $code -eq 1 ] || fail "exit $code: $*"
}
kept() {
	anyfs cat "$img" "$1" | expect precious
	! anyfs ls "$img" | grep -i new || fail "a temporary file was left"
}

echo "vfat has neither links nor FIFOs"
make_fs vfat
run anyfs put "$img" l f /
for name in l f; do
	fails anyfs put "$img" s/$name /
	grep -q "cannot hold a" err || fail "$(cat err)"
	kept /$name
	tar -C s -c $name >s.tar
	fails anyfs tar-in "$img" / <s.tar
	grep -q "cannot hold a" err || fail "$(cat err)"
	kept /$name
done
fails anyfs ln -sf "$img" elsewhere /l
kept /l

echo "ext4 takes links up to the size of a block"
rm -f disk.img
scratch_image 16M
mkfs.ext4 -q -b 1024 "$img"
long=$(head -c 2000 /dev/zero | tr '\0' a)
run anyfs put "$img" l /
ln -sfn "$long" s/l
fails anyfs put "$img" s/l /
kept /l
tar -C s -c l >s.tar
fails anyfs tar-in "$img" / <s.tar
kept /l
fails anyfs ln -sf "$img" "$long" /l
kept /l

echo "a hard link to its own name, in an archive and in the image"
cp l foo
tar cf twice.tar foo foo
run anyfs tar-in "$img" / <twice.tar
kept /foo
run anyfs tar-in "$img" / <twice.tar
kept /foo
run anyfs ln "$img" /foo /bar
run anyfs ln -f "$img" /foo /bar
kept /bar
kept /foo
python3 - <<'END'
import tarfile
with tarfile.open("odd.tar", "w") as t:
    for name, to in (("foo", "foo"), ("bar", "./foo"), ("foo", "bar")):
        i = tarfile.TarInfo(name)
        i.type, i.linkname = tarfile.LNKTYPE, to
        t.addfile(i)
END
run anyfs tar-in "$img" / <odd.tar
kept /foo
kept /bar
run e2fsck -fn "$img"

echo "a directory in an archive for a file, with no room for it"
mkdir d
mkdir d/foo
tar -C d -c foo >dir.tar
rm -f disk.img
scratch_image 2M
mkfs.ext4 -q -N 16 "$img"
run anyfs put "$img" l /foo
for ((i = 0; i < 20; i++)); do
	anyfs put "$img" l /more$i 2>/dev/null || break
done
fails anyfs tar-in "$img" / <dir.tar
kept /foo
run anyfs rm "$img" /more0 /more1
run anyfs tar-in "$img" / <dir.tar
anyfs ls -l "$img" | matches '^drwx.* foo$' || fail "the directory did not replace the file"
run e2fsck -fn "$img"
