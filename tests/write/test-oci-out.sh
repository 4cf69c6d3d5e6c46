#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# oci-out writes image layouts that umoci and oci-in unpack to the same files.  Two runs write the
# same bytes, and a run that fails leaves nothing behind.
. "${0%/*}/lib-write.sh"
requires umoci --version
make=$ANYFS_TOP/tests/write/make-oci.py
export SOURCE_DATE_EPOCH=1500000000
python3 "$make" layout layout
make_fs btrfs
run anyfs oci-in "$img" layout
run anyfs touch -d @1600000000 "$img" /tree
run anyfs setfattr -n user.a -v b "$img" /etc/kept
run anyfs hash --format mtree "$img" / >manifest
mv "$img" from.img
for how in none gzip zstd; do
	run anyfs oci-out --compress $how from.img $how
	run anyfs oci-out --compress $how from.img $how.tar
	make_fs btrfs
	run anyfs oci-in "$img" $how
	[ "$(anyfs stat --format %Y "$img" /tree)" = 1500000000 ] || fail "a time after the epoch"
	run anyfs touch -d @1600000000 "$img" /tree
	run anyfs verify "$img" manifest
	anyfs getfattr "$img" /etc/kept | matches 'user.a="b"' || fail "attributes"
	mkdir unpacked
	tar -C unpacked -xf $how.tar
	diff -r $how unpacked || fail "the archive has other files than the directory"
	rm -r unpacked
done
grep -q 'image.ref.name": *"latest"' none/index.json || fail "$(cat none/index.json)"
find layout none gzip -name '*.tmp' | expect ""

run umoci unpack --rootless --image gzip:latest bundle
find bundle/rootfs -mindepth 1 -printf '%P %y %m\n' | sort >umoci
anyfs find from.img / -mindepth 1 -printf '%P %y %m\n' | sort | diff - umoci || fail "umoci unpacks other files"

echo "two runs write the same bytes, also from a part of the tree"
mkdir again
for how in none gzip zstd; do
	run anyfs oci-out --compress $how from.img again/$how.tar
	same $how.tar again/$how.tar
done
run anyfs oci-out --platform linux/arm64/v8 --ref part from.img:/etc part
anyfs oci-in --platform linux/arm64 --ref part "$img" part /
[ "$(anyfs cat "$img" /replaced)" = new ] || fail "a part of the tree"

echo "the path may be a word of its own, and a pattern"
run anyfs oci-out --platform linux/arm64/v8 --ref part from.img '/et*' words
diff -r part words || fail "IMAGE PATH and IMAGE:PATH differ"

echo "failures"
refuse "from.img:/etc and /etc: the path is given twice" anyfs oci-out from.img:/etc /etc new
exists() { local code=0; refuse "$1" anyfs oci-out from.img "$2"
	anyfs oci-out from.img "$2" 2>/dev/null || code=$?
	[ $code -eq 1 ] || fail "exit $code: no failure to open the image"; }
exists "none: cannot be created: Directory not empty" none
exists "none.tar: cannot be created: File exists" none.tar
refuse "" anyfs oci-out from.img:/none new
refuse "" anyfs oci-out missing.img new.tar
refuse "--compress xz" anyfs oci-out --compress xz from.img new
SOURCE_DATE_EPOCH=soon refuse "SOURCE_DATE_EPOCH=soon" anyfs oci-out from.img new
# ulimit must allow the file that holds the memory of the library's kernel, but not the archive.
mkdir big
head -c 80M /dev/zero | tr '\0' x >big/file
image_ext4 big big.img 128M
rm -r big
before=$(ls -A)
for output in new.tar new; do
	code=0
	(ulimit -f $((70 << 10)); exec anyfs oci-out big.img $output) 2>err || code=$?
	[ $code -eq 1 ] && [ "$(wc -l <err)" -eq 1 ] || fail "exit $code: $(cat err)"
	grep -q "^anyfs: $output: File too large; the archive is not complete" err || fail "$(cat err)"
done
rm -f err
[ "$(ls -A)" = "$before" ] || fail "files are left: $(ls -A)"
run anyfs touch "$img" /.wh.file
code=0
anyfs oci-out "$img" whiteout 2>err || code=$?
[ $code -eq 1 ] && grep -q '/.wh.file: not archived: in a layer' err || fail "exit $code: $(cat err)"
