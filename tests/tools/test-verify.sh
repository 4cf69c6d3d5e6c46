#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs hash writes the formats of sha256sum and similar programs, and of mtree.  anyfs verify
# reports each difference, and fails for a damaged manifest.
. "${0%/*}/../lib.sh"
mkdir -p tree/etc/conf.d 'tree/odd names'
echo root >tree/etc/passwd
echo a >tree/etc/conf.d/a.conf
: >tree/empty
head -c 300 /dev/zero >tree/blocks
head -c 128 /dev/zero >tree/block
head -c 129 /dev/zero >tree/block-and-one
echo x >'tree/odd names/b\s'
echo x >$'tree/odd names/new\nline'
echo x >'tree/odd names/ümlaut #='
ln -s passwd tree/etc/link
mkfifo tree/etc/fifo
image_ext4 tree

sums() { (cd tree && find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 "$1"); }
for sum in md5sum sha1sum sha256sum sha512sum b2sum; do
	sums $sum >theirs
	run anyfs hash --format $sum "$img" | diff - theirs >&2 || fail "$sum"
	[ $sum = b2sum ] || run anyfs verify "$img" theirs >out
	[ ! -s out ] || fail "differences of $sum: $(cat out)"
done
run anyfs verify --sum blake2b "$img" theirs | expect ""
run anyfs hash --sum md5 "$img" /etc |
	expect "conf.d/a.conf	2	$(md5sum <tree/etc/conf.d/a.conf | cut -d' ' -f1)
passwd	5	$(md5sum <tree/etc/passwd | cut -d' ' -f1)"
(cd tree/etc && md5sum passwd) | run anyfs verify "$img" - /etc

# libarchive reads our manifest, and we read its manifest.
run anyfs hash --format mtree "$img" >ours.mtree
run anyfs verify "$img" ours.mtree | expect ""
if bsdtar --version >/dev/null 2>&1; then
	bsdtar -tf ours.mtree | grep -c . | expect "$(grep -vc '^#' ours.mtree)"
	rmdir tree/lost+found 2>/dev/null || true
	bsdtar -cf tree.mtree --format=mtree --options='!all,type,mode,size,sha256,link' -C tree .
	anyfs verify "$img" tree.mtree >out || true
	expect "lost+found: not in the manifest" <out
fi

# Manifests of nested directories, in the form of mtree(8).
cat >nested.mtree <<'END'
#mtree
/set type=file uid=0
.               type=dir
    etc         type=dir
        conf.d  type=dir
            a.conf  size=2 \
                    sha256digest=87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7
        ..
        fifo    type=fifo
        link    type=link link=passwd
        passwd  size=5
    ..
..
END
(cd tree && sha256sum etc/conf.d/a.conf) | grep -q 87428fc5 || fail "the test's own sum"
anyfs verify --json "$img" nested.mtree >out || true
python3 -c 'import json; print(sorted({d["difference"] for d in json.load(open("out"))
	if not d["difference"].startswith("uid")}))' | expect "['not in the manifest']"

differs() { local code=0; anyfs verify "$img" ours.mtree >out 2>err || code=$?
	[ $code -eq 1 ] || fail "exit $code: $(cat err)"; grep -v ': time [0-9]' out | expect "$1"; }
cp "$img" whole.img
run anyfs chmod "$img" 600 /etc/passwd
differs "etc/passwd: mode 0600, not 0$(stat -c %a tree/etc/passwd)"
cp whole.img "$img"
echo rood >new
run anyfs put "$img" new /etc/passwd
differs "etc/passwd: the content differs (sha256)"
differs_from_list() { code=0; anyfs verify "$img" list >out || code=$?
	[ $code -eq 1 ] || fail "exit $code for a difference"; expect "$1" <out; }
sums sha256sum >list
differs_from_list "etc/passwd: the content differs (sha256)"
cp whole.img "$img"
run anyfs rm "$img" /empty
differs_from_list "empty: missing"

# The default output of anyfs hash is a manifest, too, also of names with tabs.
cp whole.img "$img"
echo y >$'tab\t'
echo y >'#mtree'
run anyfs put "$img" $'tab\t' '/odd names'
run anyfs put "$img" '#mtree' /
run anyfs hash "$img" >list
matches 'b\\\\s' <list || fail "no escape in the list"
run anyfs verify "$img" list | expect ""
run anyfs hash --sum md5 "$img" /etc | run anyfs verify "$img" - /etc | expect ""
run anyfs put "$img" new /etc/passwd
differs_from_list "etc/passwd: the content differs (sha256)"
echo longer >longer
run anyfs put "$img" longer /etc/passwd
differs_from_list "etc/passwd: size 7, not 5"
run anyfs rm "$img" $'/odd names/tab\t' /etc/passwd '/#mtree'
differs_from_list $'#mtree: missing\netc/passwd: missing\nodd names/tab\t: missing'

refuses() { code=0; anyfs verify "$img" bad >out 2>err || code=$?
	[ $code -eq 2 ] && grep -q "$1" err || fail "exit $code: $(cat out err)"; }
echo "$(md5sum <new | cut -c1-32)  ../../etc/passwd" >bad
refuses "bad:1: the path leads out"
echo "not a sum" >bad
refuses "bad:1: neither a checksum"
: >bad
refuses "names no files"
rm bad
refuses "No such file"
printf '#mtree\n./a mode=9x\n' >bad
refuses "bad:2: a value is not a number"
refuse "--sum crc: give md5" anyfs hash --sum crc "$img"
