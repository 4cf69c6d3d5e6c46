#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Build scripts written for LKL's cptofs, cpfromfs, fs2tar and lklfuse run unchanged.
. "${0%/*}/../lib.sh"
mkdir -p empty src/dir out
echo hello >src/file
echo deep >src/dir/deep
chmod 640 src/file
image_ext4 empty

run cptofs -p -t ext4 -i "$img" src/file src/dir / 2>messages
grep -q 'Linux version' messages || fail "-p shows no messages of the kernel"
anyfs cat "$img" /file | expect hello
anyfs cat "$img" /dir/deep | expect deep
anyfs stat -c '%a %u:%g' "$img" /file | expect "640 $(stat -c %u:%g src/file)"
run cptofs -i "$img" -o 12 -g 34 -m 64 -s system_u:object_r:etc_t:s0 src/file /labelled
anyfs stat -c '%u:%g' "$img" /labelled | expect 12:34
anyfs getfattr --only-values -n security.selinux "$img" /labelled | tr -d '\0' |
	expect system_u:object_r:etc_t:s0
run cpfromfs -i "$img" /dir /file out
same src/file out/file
same src/dir/deep out/dir/deep

echo "A partition is chosen by its number."
image_gpt src src
run cptofs -P 2 -i "$img" src/file /copy
anyfs cat "$img" /p2/copy | expect hello
run cpfromfs -P 1 -i "$img" /file out/from-fat
same src/file out/from-fat

echo "fs2tar writes a tar archive, and the contexts to a file."
image_ext4 empty
run cptofs -i "$img" -s ctx src/file src/dir /
run fs2tar -t ext4 -s contexts "$img" all.tar
tar -tf all.tar | matches 'dir/deep$' || fail "all.tar has: $(tar -tf all.tar)"
sort contexts | expect "$(printf '%s ctx\n' /dir /dir/deep /file)"

echo "Mistakes are errors."
for command in "cptofs -i $img src/file" "cpfromfs /file out" "fs2tar $img" "lklfuse $img"; do
	code=0
	# shellcheck disable=SC2086 # the words of the command
	$command >output 2>&1 || code=$?
	[ "$code" -ne 0 ] && grep -q '^usage: ' output || fail "$command: exit $code: $(cat output)"
done
code=0
cptofs -i "$img" none / 2>err || code=$?
[ "$code" -eq 1 ] && grep -q 'none: .*No such file' err || fail "exit $code: $(cat err)"
code=0
fs2tar none.img none.tar 2>err || code=$?
[ "$code" -ne 0 ] || fail "fs2tar of a missing image succeeded"
