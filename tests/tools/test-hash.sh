#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs hash prints path, size and sha256 of every regular file, sorted, with special
# characters escaped.
. "${0%/*}/../lib.sh"
mkdir -p tree/b/c tree/B
echo one >tree/b/one
echo two >tree/b/c/two
echo three >'tree/b c'
: >tree/B/empty
echo tab >$'tree/t\tab'
echo nl >$'tree/new\nline'
echo bs >'tree/back\slash'
ln tree/b/one tree/hard
ln -s b/one tree/link
mkfifo tree/fifo
image_ext4 tree
"$ANYFS_TOP/tools-dev/debian-disk/hashes.py" dir tree >wanted
run anyfs hash "$img" >seen
same wanted seen
run anyfs hash "$img" /b >seen
printf 'c/two\t4\t%s\none\t4\t%s\n' "$(sha256sum <tree/b/c/two | cut -d' ' -f1)" \
	"$(sha256sum <tree/b/one | cut -d' ' -f1)" | cmp - seen
