#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A kernel object that is missing, damaged, truncated or of another version causes one
# clear error line and no crash.
. "${0%/*}/../lib.sh"
requires cc --version
mkdir tree
echo hello >tree/hello
image_ext4 tree
try() {	# TEXT OBJECT
	ANYFS_KERNEL=$2 refuse "$1" anyfs cat "$img" /hello
}
good=$ANYFS_BUILD/lib/anyfs/kernel.so
try "missing.so|No such file" "$PWD/missing.so"
echo "no object" >text.so
try "text.so|not a kernel object" "$PWD/text.so"
head -c 5000 "$good" >cut.so
try "cut.so" "$PWD/cut.so"
: >empty.so
try "empty.so|not a kernel object" "$PWD/empty.so"
# The message for a kernel object that was built for another version of the library.
echo 'const void *lkl_entry(const void *host); const void *lkl_entry(const void *host) { return 0; }' >other.c
run cc -shared -fPIC -nostdlib -Wl,-e,lkl_entry other.c -o other.so
try "other.so|version" "$PWD/other.so"
ANYFS_KERNEL=$good run anyfs cat "$img" /hello | expect hello

# The kernel's memory counts as a file for the host's limit of file sizes.
(ulimit -f 9000 && refuse "cannot allocate 192 MiB|ulimit -f" anyfs touch "$img" /hello)

# The kernel reserves addresses, and fewer if they are limited.  Sanitizers need more.
if [ -z "${ANYFS_FLAVOUR-}" ]; then
	(ulimit -v 1500000 && run anyfs cat "$img" /hello | expect hello)
	(ulimit -v 400000 && refuse "cannot allocate 512 MiB|ulimit -v" anyfs cat --mem 512 "$img" /hello)
fi
