#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# tar-in confines archives that try to escape from the destination, reports damaged
# and truncated ones, and handles long and odd names and entries that the file system
# does not support.
. "${0%/*}/lib-write.sh"
tool=$ANYFS_TOP/tests/write/make-tar.py
make_fs ext4
echo secret | run anyfs put "$img" - /secret
run anyfs mkdir -p "$img" /in/here

python3 "$tool" hostile hostile.tar
code=0
anyfs tar-in --json "$img" /in/here <hostile.tar >result 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code"
grep -q '^anyfs: .*: \.\./dotdot: not extracted: ".." would escape' err || fail "$(cat err)"
grep -q ': hard: not extracted: it is a hard link to "../secret", which is outside' err ||
	fail "$(cat err)"
grep -q ': hard2: not extracted: it is a hard link to "/secret", which is not in' err ||
	fail "$(cat err)"
python3 -c '
import json
failed = [f["reason"] for f in json.load(open("result"))["failed"]]
assert len(failed) == 5, failed		# two with "..", two links to /secret, the loop' || fail "$(cat result)"
anyfs ls "$img" / >top
expect $'in\nlost+found\nsecret' <top
anyfs ls "$img" /in >above
expect here <above
run anyfs cat "$img" /secret | expect secret
[ "$(anyfs stat "$img" /secret | grep -c 'Links: 1')" -eq 1 ] || fail "a hard link to a file outside"
for f in absolute via-link via-absolute outside good; do
	run anyfs cat "$img" "/in/here/$f" >/dev/null
done

# An existing link in the image does not lead outside either.
run anyfs mkdir "$img" /trap
run anyfs ln -s "$img" /in /trap/d
mkdir -p t/d
echo x >t/d/f
tar -C t -cf d.tar d/f
if anyfs tar-in "$img" /trap <d.tar; then fail "wrote through a link to nowhere"; fi
refuse "/in/f|No such file" anyfs cat "$img" /in/f

python3 "$tool" names names.tar
run anyfs mkdir "$img" /names
code=0
anyfs tar-in "$img" /names <names.tar 2>err || code=$?
[ $code -eq 1 ] && [ "$(wc -l <err)" -eq 1 ] || fail "exit $code: $(cat err)"
grep -q 'yyy: not extracted: File name too long' err || fail "$(cat err)"
run anyfs tar-out "$img" /names >names-out.tar
python3 "$tool" show names-out.tar | cut -d' ' -f1 >names-out
python3 "$tool" show names.tar | grep -v "^'yyy" | cut -d' ' -f1 >names-in
[ -z "$(comm -23 <(sort names-in) <(sort names-out))" ] || fail "names: $(comm -23 <(sort names-in) <(sort names-out) | cut -c 1-60)"

# Damaged and truncated archives.
python3 "$tool" full full.tar
run anyfs mkdir "$img" /cut
damaged() {
	local text=$1 code=0
	shift
	anyfs tar-in "$img" "$1" <"$2" 2>err || code=$?
	[ $code -eq 1 ] || fail "exit $code: $2"
	grep -q "^anyfs: .*$text" err || fail "no \"$text\" in: $(cat err)"
}
head -c 6000 full.tar >cut.tar
damaged "runcated" /cut cut.tar
head -c $((512 * 6)) full.tar >cut.tar
damaged "archive" /cut cut.tar
gzip -c full.tar | head -c 300 >cut.tar.gz
damaged "archive" /cut cut.tar.gz
head -c 20000 /dev/urandom >noise
damaged "archive" /cut noise
damaged "archive" /cut /dev/null
damaged "/nowhere: No such" /nowhere full.tar
check_fs ext4

# A file system without owners, links and devices: each loss is reported, everything else is
# extracted.
make_fs vfat
code=0
anyfs tar-in "$img" / <full.tar 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code onto vfat"
grep -q '^anyfs: .*: soft: not extracted: ' err || fail "$(cat err)"
grep -q 'owners of .* not kept' err || fail "$(cat err)"
run anyfs cat "$img" /dir/plain | expect 'inherits nothing'
check_fs vfat
