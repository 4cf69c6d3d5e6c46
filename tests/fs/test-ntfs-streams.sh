#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# get and tar-out do not copy named streams of NTFS: they name each file that has
# streams, and fail.  With --no-xattrs they succeed.
# root: ntfs-3g mounts
. "$ANYFS_TOP/tests/lib.sh"
requires mkfs.ntfs --version
requires which ntfs-3g
[ -c /dev/fuse ] || skip "this host has no /dev/fuse"

scratch_image 64M
mkfs.ntfs -F -q -f "$img" >mkfs.log 2>&1
mkdir m
ntfs-3g -o streams_interface=windows "$img" m || skip "ntfs-3g cannot mount here"
at_exit "umount -l m 2>/dev/null"
mkdir m/dir m/plain-dir
echo zone >m/dir:stream
echo main >m/file
echo zone >m/file:Zone.Identifier
echo umlaut >"m/file:é"
echo plain >m/plain-dir/plain
# "many" has more attributes than a record holds, "lots" more than one record can list.
echo many >m/many
echo lots >m/lots
for i in {1..5}; do
	head -c 300 /dev/zero >"m/many:stream-$i"
done
for i in {1..40}; do
	head -c 100 /dev/zero >"m/lots:stream-$i"
done
# A large stream in several pieces is one stream.
echo big >m/big
head -c 3M /dev/urandom >m/big:large
umount m

lost() { sed -E 's/[0-9]+ or more/N or more/' "$1" | sed -n "s|^anyfs[^:]*: [^:]*: /*\([^/]*\): \([0-9N].* streams*\) not.*|\1 \2|p" | sort; }
want="big 1 stream
dir 1 stream
file 2 streams
lots N or more streams
many 5 streams"

code=0
anyfs get "$img" / out 2>get.err || code=$?
[ "$code" -eq 1 ] || fail "get: exit $code: $(cat get.err)"
lost get.err | expect "$want"
grep -q 'Zone.Identifier' get.err || fail "the stream is not named: $(cat get.err)"
expect main <out/file
code=0
anyfs tar-out "$img" / 2>tar.err >out.tar || code=$?
[ "$code" -eq 1 ] || fail "tar-out: exit $code: $(cat tar.err)"
lost tar.err | expect "$want"

run anyfs get "$img" /plain-dir plain-out
run anyfs tar-out "$img" /plain-dir >plain.tar
run anyfs get --no-xattrs "$img" / all
run anyfs tar-out --no-xattrs "$img" / >all.tar
