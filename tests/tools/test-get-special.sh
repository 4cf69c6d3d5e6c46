#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs get copies hard links, holes, attributes and FIFOs.  It reports each file that
# an ordinary user cannot create, and copies the rest.
. "${0%/*}/../lib.sh"
requires fakeroot --version
requires setfattr --version
mkdir -p tree/d
echo one >tree/d/a
ln tree/d/a tree/d/b
ln tree/d/a tree/c
truncate -s 40M tree/d/holes
echo end >>tree/d/holes
mkfifo tree/d/fifo
echo x >tree/d/attr
chmod 4755 tree/d/a
scratch_image 32M
# shellcheck disable=SC2016
fakeroot sh -c 'mknod tree/d/null c 1 3; chown 1234:1234 tree/d/a; mkfs.ext4 -q -d tree "$1"' sh "$img"
rm -f tree/d/null
# fakeroot hides attributes from mkfs, so set them afterwards.
debugfs -w -R 'ea_set /d/attr user.colour blue' "$img" 2>debugfs.err
code=0
anyfs get "$img" / out 2>err || code=$?
[ "$(stat -c %i out/d/a)" = "$(stat -c %i out/d/b)" ] || fail "a and b are two files"
[ "$(stat -c %h out/c)" -eq 3 ] || fail "c is not a third link"
same tree/d/holes out/d/holes
[ "$(stat -c %b out/d/holes)" -lt 2000 ] || fail "the hole takes $(stat -c %b out/d/holes) blocks"
[ -p out/d/fifo ] || fail "no FIFO"
if setfattr -n user.test -v x tree/d/attr 2>/dev/null; then
	[ "$(getfattr --only-values -n user.colour out/d/attr)" = blue ] || fail "no attribute"
fi
if [ "$(id -u)" -eq 0 ]; then
	[ $code -eq 0 ] || fail "exit $code: $(cat err)"
	[ "$(stat -c '%F %t:%T' out/d/null)" = "character special file 1:3" ] || fail "device"
	[ "$(stat -c '%a %u:%g' out/d/a)" = "4755 1234:1234" ] || fail "$(stat out/d/a)"
else
	[ $code -eq 1 ] || fail "exit $code although a device was not made"
	grep -q '^anyfs: .*: /d/null: .*only root' err || fail "not reported: $(cat err)"
	[ "$(stat -c %a out/d/a)" = 755 ] || fail "set-id bit kept: $(stat out/d/a)"
	grep -q 'set-id' err || fail "lost set-id bit not reported: $(cat err)"
fi
# Copy again over the existing files, one of which is an older file instead of a link.
anyfs get "$img" /d out 2>err || true
[ "$(stat -c %i out/d/a)" = "$(stat -c %i out/d/b)" ] || fail "a and b are two files"
