#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs diff compares images and directories: its patches of generated texts are correct and no
# longer than those of diff(1), it reports each kind of metadata, and sets the exit status.
# root: owners are set on the host
. "${0%/*}/../lib.sh"
requires diff --version
requires setfattr --version
requires patch --version

# status N CMD...: CMD must exit with N.
status() {
	local want=$1 code=0
	shift
	"$@" >out 2>err || code=$?
	[ $code -eq "$want" ] || fail "exit $code, not $want: $*: $(cat out err)"
}

echo "generated texts: the output of anyfs diff is a patch, and as short as that of diff"
python3 - <<'END'
import os, random
random.seed(7)
os.makedirs("a/texts"); os.makedirs("b/texts")
for i in range(60):
    lines = [f"{random.randrange(12)}" for _ in range(random.randrange(0, 60))]
    other = list(lines)
    for _ in range(random.randrange(0, 12)):
        at = random.randrange(len(other) + 1)
        if random.random() < .5:
            other.insert(at, f"{random.randrange(14)}")
        elif at < len(other):
            del other[at]
    for side, text in ("a", lines), ("b", other):
        with open(f"{side}/texts/{i:02}", "w") as f:
            f.write("\n".join(text) + random.choice(["", "\n", "\n"]))
END
image_ext4 a a.img; a=$img
image_ext4 b b.img; b=$img
code=0
anyfs diff --content "$a:/texts" "$b:/texts" >ours.patch || code=$?
[ $code -eq 1 ] || fail "exit $code"
cp -r a/texts patched
(cd patched && patch -s -p0 --no-backup-if-mismatch < <(sed -E "s,^(---|\+\+\+) .*/,\1 ," ../ours.patch)) ||
	fail "patch does not accept the output"
diff -r b/texts patched || fail "the patch does not lead to the second text"
diff -ru a/texts b/texts >reference || :
changes() { grep -c '^[-+]' "$1"; }
[ "$(changes ours.patch)" -le "$(changes reference)" ] ||
	fail "$(changes ours.patch) lines of changes; diff has $(changes reference)"

echo "metadata"
rm -rf a b
mkdir -p a/dir
echo same >a/dir/same
for name in mode owner time attr content target kind only-a; do echo text >a/$name; done
head -c 3000000 /dev/zero >a/binary
rm a/target
ln -s here a/target
mknod a/device c 1 3
cp -a a b
chmod 600 b/mode
chown 5:6 b/owner
touch -d '2020-01-01 00:00:00.25' b/time
setfattr -n user.note -v x b/attr
echo other >b/content; touch -r a/content b/content
ln -sfn there b/target; touch -h -r a/target b/target
rm b/kind b/only-a b/device
mkdir b/kind
mknod b/device c 1 5; touch -r a/device b/device
printf x | dd of=b/binary bs=1 seek=2999999 conv=notrunc status=none; touch -r a/binary b/binary
mkdir b/only-b
# Whole seconds: mkfs.ext4 -d stores no others.
find a b ! -path b/time -exec touch -h -d @1600000000 {} +
image_ext4 a a.img
image_ext4 b b.img
run_diff() { status 1 anyfs diff --exclude lost+found "$@"; sort out; }
wanted='+++ B/content
--- A/content
-text
@@ -1 +1 @@
attr: attribute user.note differs: none, present
binary: content from byte 2999999 on differs
device: device differs: 1:3, 1:5
kind: type differs: file, directory
mode: mode differs: 0644, 0600
only in A: only-a
only in B: only-b
owner: owner differs: 0:0, 5:6
target: target differs: here, there'
check() {
	local list
	list=$(run_diff "$1" "$2" | sed "s,^\(only in\|---\) $1\b,\1 A,; s,^\(only in\|+++\) $2\b,\1 B,; /^time: mtime differs: .*, 2020-01-01 00:00:00.[0-9]* /d; /^\.: mtime/d; /^+other/d")
	[ "$list" = "$wanted" ] || fail "$1 $2: $list"
}
check a.img b.img
check a.img b
check a b.img
run_diff -q --content a.img b | expect "binary: content from byte 2999999 on differs
content: content from byte 0 on differs
device: device differs: 1:3, 1:5
kind: type differs: file, directory
only in a.img: only-a
only in b: only-b
target: target differs: here, there"
status 0 anyfs diff a.img:/dir b.img:/dir
status 0 anyfs diff --exclude lost+found --no-times a.img a
status 0 anyfs diff a.img:/dir a/dir
status 0 anyfs diff a.img:/dir a.img:/dir/
[ ! -s out ] || fail "no difference, but: $(cat out)"
status 1 anyfs diff -q --print0 a.img b.img
tr '\0' '\n' <out | expect "attr
binary
content
device
kind
mode
only-a
only-b
owner
target
time"
status 0 anyfs diff --print0 a.img:/dir b.img:/dir
[ ! -s out ] || fail "no difference, but: $(cat out)"
status 2 anyfs diff --print0 --json a.img b.img
status 1 anyfs diff --json --no-mode --no-times --no-xattrs --no-owner a.img b.img
python3 - <<'END'
import json
found = {(v["path"], v["difference"]) for v in json.load(open("out"))}
assert ("content", "content") in found and ("only-a", "only in a") in found, found
assert not [v for v in found if v[1] in ("mode", "owner", "mtime")], found
END

echo "partitions, and failures"
mkdir boot
echo efi >boot/file
image_gpt boot b
cp --sparse=always disk.img disk2.img
status 0 anyfs diff disk.img disk2.img
run anyfs put disk2.img boot/file /p1/new
status 1 anyfs diff disk.img disk2.img
expect "only in disk2.img: p1/new" <out
status 2 anyfs diff disk.img:/p1/missing disk2.img:/p1
[ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
status 2 anyfs diff disk.img
status 2 anyfs diff a b
status 2 anyfs diff a.img missing.img
