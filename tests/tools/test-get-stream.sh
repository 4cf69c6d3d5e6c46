#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs get to a device, a FIFO, /dev/stdout or "-" writes the content there and
# replaces nothing.  In a directory, a file does not replace a FIFO either.
. "$ANYFS_TOP/tests/lib.sh"
mkdir tree
echo hi >tree/hi
head -c 3000000 /dev/urandom >tree/large
ln -s hi tree/link
image_ext4 tree

echo "standard output under its names, through links too"
run anyfs get "$img" /hi - | expect hi
run anyfs get "$img" /link - | expect hi
ln -s /proc/self/fd/1 to-stdout
ln -s to-stdout again
for name in /dev/stdout /dev/fd/1 to-stdout again; do
	[ -L /dev/stdout ] || [ $name != /dev/stdout ] || continue
	run anyfs get "$img" /hi $name | expect hi
	echo first >file
	run anyfs get "$img" /hi $name >>file
	run cat file | expect "first"$'\n'"hi"
done
[ -L to-stdout ] && [ -L again ] || fail "a link was replaced"
anyfs get "$img" /large - | cmp - tree/large || fail "not the whole file"

echo "a FIFO and a device are not replaced"
mkfifo fifo
cat fifo >from-fifo &
reader=$!
run anyfs get "$img" /large fifo
wait $reader
same from-fifo tree/large
[ -p fifo ] || fail "the FIFO was replaced"
run anyfs get "$img" /large /dev/null
[ -c /dev/null ] || fail "/dev/null was replaced"

echo "a file in a directory does not replace a FIFO"
mkdir out
mkfifo out/hi
refuse "/hi: |remove it first" anyfs get "$img" /hi out
code=0
anyfs get "$img" / out 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code"
[ -p out/hi ] || fail "the FIFO in the directory was replaced"
same out/large tree/large

echo "impossible combinations are reported"
refuse "takes one file" anyfs get "$img" /hi /large -
refuse "json" anyfs get --json "$img" /hi -
refuse "Is a directory" anyfs get "$img" / /dev/null
refuse "/none" anyfs get "$img" /none -
if [ -c /dev/full ]; then
	refuse "/dev/full|No space" anyfs get "$img" /hi /dev/full
fi
