#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The file browser renames, makes, moves and deletes files, takes dropped files and directories,
# asks before it replaces anything, and changes permissions and owners.  The changed image
# contains all these changes.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

mkdir -p tree/etc tree/docs tree/old/deep/er tree/target host/directory/sub
echo 'keeper:x:1234:1234::/:/bin/sh' >tree/etc/passwd
echo notes >tree/docs/notes.txt
echo original >tree/docs/report.txt
chmod 640 tree/docs/report.txt
seq 100 >tree/old/deep/er/numbers
echo moved >tree/move-me
echo keep >tree/keep
echo replaced >host/report.txt
head -c 3000000 /dev/urandom >host/directory/big
echo inner >"host/directory/sub/ä file"
touch -d '2020-02-02 02:02:02' host/directory/big
image_ext4 tree ext4.img

bundle trees page
web trees-change.mjs page "$img" "$PWD/host" changed.img
run e2fsck -fn changed.img
anyfs cat changed.img /docs/renamed.md | expect notes
anyfs cat changed.img "/docs/report.txt" | expect replaced
anyfs cat changed.img "/docs/report 2.txt" | expect replaced
anyfs cat changed.img "/target/move-me" | expect moved
anyfs cat changed.img "/New place/directory/sub/ä file" | expect inner
anyfs get changed.img "/New place/directory/big" big
same big host/directory/big
[ "$(stat -c %Y big)" = "$(stat -c %Y host/directory/big)" ] || fail "the time of a dropped file is lost"
anyfs ls changed.img / | sort | tr '\n' ' ' | expect "New place docs etc keep lost+found target "
anyfs ls -l changed.img /docs >listing
matches '^-rw-r-----.*report\.txt' <listing || fail "a replaced file has another mode"
anyfs ls -l changed.img / | matches '^-rwsr-xr-x.* keep$' || fail "permissions were not changed"
if anyfs ls -R changed.img / | matches partial; then fail "a part of a file was left"; fi
