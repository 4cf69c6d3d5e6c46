#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Each verb takes options after operands, and after "--" an image whose name begins with "-".
. "${0%/*}/../lib.sh"
mkdir -p tree/dir
echo hello >tree/dir/f
image_ext4 tree
mv "$img" fresh.img
anyfs hash --format sha256sum fresh.img >manifest
tar -C tree -cf dir.tar dir
echo text >host.txt

# Verb, options and the operands after the image.
cat >table <<'TABLE'
ls|-l --utc|/dir
tree|-L 1|/
find|--no-glob|/dir -name f
grep|-n -i|HELLO /dir/f
du|-a|/dir
df|-h|
cat|--range 1:3|/dir/f
get|--no-xattrs|/dir/f got
stat|--json|/dir/f
extents|--json-lines|/dir/f
blocks|--unallocated|/dir
hash|--sum md5|/dir
verify|--sum sha256|manifest
timeline|--json|/dir
parts|-b|
info|--json|
put|--mode 600|host.txt /
edit|-e s/hello/bye/|/dir/f
mkdir|-p|/new/a
rm|-r|/dir
cp|-a|/dir/f /dir/g
mv|--json|/dir/f /dir/h
ln|-s|f /dir/l
chmod|-R|600 /dir
chown|-R|1:2 /dir
touch|-d 2020-01-01|/dir/f
truncate|-s 3|/dir/f
lsattr|-d|/dir
chattr|-R|+A /dir
getfattr|-h|/dir/f
setfattr|-n user.a -v b|/dir/f
getfacl|-n|/dir/f
setfacl|-m u:1:r|/dir/f
getcap|-r|/
setcap|--json|cap_chown=p /dir/f
sync|--json|
fsync|--json|/dir/f
tar-in|--no-owner|/
tar-out|--numeric-owner|/dir
mkfs|--force|ext4
fsck|--json|
label|--json|/
uuid|--json|/
shell|-e|
TABLE
cut -d'|' -f1 table | sort >in-table
# Verbs whose operands do not begin with an image, or do not fit into the table.
printf '%s\n' copy diff mkdisk oci-in oci-out scan tune resize | sort >others
anyfs help | sed -n 's/^  \([a-z-]*\)  *.*/\1/p' | sort | comm -23 - <(sort in-table others) | expect ""

# try WORDS...: run the verb on a fresh image; output and result go to the files $name.*
try() {
	rm -rf got ./-disk.img
	cp --sparse=always fresh.img ./-disk.img
	echo "+ anyfs $*" >&2
	code=0
	SOURCE_DATE_EPOCH=1700000000 anyfs "$@" <"$input" >"$name.out" 2>"$name.err" || code=$?
	echo "$code" >"$name.code"
	if [ -f got ]; then cat got >>"$name.out"; fi
	sed -i 's,\./-disk\.img,-disk.img,g' "$name.out" "$name.err"
}
while IFS='|' read -r verb options operands; do
	input=/dev/null
	[ "$verb" = tar-in ] && input=dir.tar
	read -ra opts <<<"$options"
	read -ra ops <<<"$operands"
	name=first try "$verb" "${opts[@]}" -- -disk.img "${ops[@]}"
	[ "$(cat first.code)" = 0 ] || fail "$verb with --: $(cat first.err)"
	name=last try "$verb" ./-disk.img "${ops[@]}" "${opts[@]}"
	cmp first.out last.out || fail "$verb: options first, then last: $(diff first.out last.out; cat last.err)"
	same first.code last.code
done <table

echo "After -- nothing is an option:"
cp fresh.img plain.img
for word in -l --json; do
	refuse "$word|No such file" anyfs ls -- plain.img "/dir/$word"
	refuse "$word|No such file" anyfs ls plain.img -- "$word"
	refuse "$word" anyfs ls -- "$word"
done
refuse 'did you mean --recursive' anyfs ls plain.img / --recursve
refuse 'did you mean "tree"' anyfs tre plain.img
