#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs put copies a file, a tree or standard input, with the right metadata and
# owners, and fsck finds no error.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
mkdir -p tree/sub/deep tree/empty
echo one >tree/one
ln tree/one tree/sub/second-name
ln -s ../one tree/sub/link
ln -s /nowhere tree/dangling
head -c 3000000 /dev/urandom >tree/sub/large
truncate -s 30M tree/holes
echo end >>tree/holes
mkfifo tree/fifo
printf 'x' >"tree/$(printf 'odd \001 n\303\244me\n')"
chmod 600 tree/one
chmod 4755 tree/sub/large
touch -d '2001-02-03 04:05:06.123456789' tree/one tree/sub/deep
scratch_image 64M
mkfs.ext4 -q "$img"
run anyfs put "$img" tree /
run e2fsck -fn "$img"
run anyfs get "$img" /tree out
diff -r --no-dereference -x fifo tree out
[ "$(stat -c '%a %.Y' out/one)" = "600 $(stat -c %.Y tree/one)" ] || fail "mode or time: $(stat out/one)"
[ "$(stat -c %.Y out/sub/deep)" = "$(stat -c %.Y tree/sub/deep)" ] || fail "time of a directory"
[ "$(stat -c %i out/one)" = "$(stat -c %i out/sub/second-name)" ] || fail "two files"
[ -p out/fifo ] || fail "no FIFO"
[ "$(anyfs stat --json "$img" /tree/holes | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["blocks"])')" -lt 100 ] ||
	fail "the hole is filled"
anyfs ls -n "$img" /tree >list
[ "$(awk '{print $3":"$4}' list | sort -u)" = 0:0 ] || fail "root does not own all files: $(cat list)"
if [ "$(id -u)" -ne 0 ]; then
	[ "$(anyfs ls -n "$img" /tree/sub/large | cut -c 1-10)" = -rwxr-xr-x ] || fail "set-id bit for root"
fi

# Under a given name, into a directory, from standard input, over an existing file.
run anyfs put "$img" tree/one /renamed
run anyfs cat "$img" /renamed | expect one
echo two | run anyfs put "$img" - /renamed
run anyfs cat "$img" /renamed | expect two
run anyfs put "$img" tree/one tree/sub /tree/empty
run anyfs cat "$img" /tree/empty/sub/second-name | expect one
mkdir content
echo c >content/c
run anyfs put "$img" content/. /
run anyfs cat "$img" /c | expect c

# Owners and modes.
run anyfs put --archive "$img" tree /kept
[ "$(anyfs ls -n "$img" /kept/one | awk '{print $3":"$4}')" = "$(id -u):$(id -g)" ] || fail "owner not kept"
[ "$(anyfs ls -n "$img" /kept/sub/large | cut -c 1-10)" = -rwsr-xr-x ] || fail "set-id bit of a kept owner"
run anyfs put --owner 7:8 --mode 640 "$img" tree/sub /owned
anyfs ls -n "$img" /owned | matches '^-rw-r----- .* 7  *8 .* large$' || fail "$(anyfs ls -n "$img" /owned)"
anyfs ls -n "$img" | matches '^drwxr-x--- .* 7  *8 .* owned$' || fail "$(anyfs ls -n "$img")"
mkdir etc
printf 'root:x:0:0::/:\nada:x:4711:42::/:\n' >etc/passwd
printf 'crew:x:99:\n' >etc/group
run anyfs put "$img" etc /
run anyfs put --owner ada:crew "$img" tree/one /by-name
[ "$(anyfs ls -n "$img" /by-name | awk '{print $3":"$4}')" = 4711:99 ] || fail "names of the image"
refuse "nobody-here|no such user" anyfs put --owner nobody-here "$img" tree/one /x

# Failures are reported, and the rest is done.
mkdir into
echo x >into/renamed
code=0
anyfs put --json "$img" missing into/renamed /tree >result 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code with a missing source"
grep -q '^anyfs: missing: .*No such file' err || fail "not reported: $(cat err)"
python3 -c '
import json, sys
r = json.load(open("result"))
assert [f["code"] for f in r["failed"]] == ["ENOENT"] and r["failed"][0]["path"] == "missing", r
assert r["files"] == 1 and r["exit"] == 1, r'
run anyfs cat "$img" /tree/renamed | expect x
refuse "no such directory" anyfs put "$img" tree/one tree/holes /nowhere
refuse "directory" anyfs put "$img" tree/one /c/below
refuse "standard input has no name" anyfs put "$img" - /
run e2fsck -fn "$img"
