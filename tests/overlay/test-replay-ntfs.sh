#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The driver ntfs3 writes no journal, so there is nothing to replay in a volume that it left
# unclean: all files are shown.  A volume whose log Windows left open shows all files, too.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
requires which mkntfs
truncate -s 64M fs.img
run mkntfs -qF fs.img >mkfs.log 2>&1
left_dirty fs.img
anyfs cat fs.img /old /sub/kept >got 2>err || fail "$(cat err)"
(echo changed; seq 1 5000) >want
same got want
[ ! -s err ] || fail "standard error: $(cat err)"
same fs.img fs.img.before

# A mount for writing closes an open log.  This image is read-only: the write goes to memory.
rm -f fs.img*
truncate -s 64M fs.img
run mkntfs -qF fs.img >mkfs.log 2>&1
program overlay/change fs.img 0
run "${0%/*}/open-ntfs-log.py" fs.img
chmod 444 fs.img
cp fs.img fs.img.before
shows_synced 'its journal was replayed into memory; the image is unchanged' fs.img

# A volume that is marked as in use can be read, and is written only with --force-write.
rm -f fs.img*
truncate -s 64M fs.img
run mkntfs -qF fs.img >mkfs.log 2>&1
echo old | run anyfs put fs.img - /old
run ntfsfix fs.img >ntfsfix.log		# leaves the volume marked
run anyfs cat fs.img /old | expect old
refuse "the volume is dirty|chkdsk|force" anyfs mkdir fs.img /new
run anyfs mkdir -o force fs.img /new
run anyfs ls fs.img | expect $'new\nold'
run ntfsfix -d fs.img >ntfsfix.log
run anyfs rm -r fs.img /new
