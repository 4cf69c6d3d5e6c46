#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The library replays the log of jfs, which Linux does not do: an image that was not
# unmounted shows the tree of the last sync.  A log that cannot be replayed is ignored
# with a note.  A clean image causes no note.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
requires which mkfs.jfs

made() {
	rm -f "$1" "$1.before"
	truncate -s 64M "$1"
	run mkfs.jfs -q "$1" >mkfs.log 2>&1
}

# patched IMAGE OFFSET BYTES: write BYTES (escapes of printf) into the image.
patched() {
	# shellcheck disable=SC2059
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# not_replayed WHY: odd.img is shown without its log, with a note.
not_replayed() {
	cp --sparse=always odd.img odd.img.before
	anyfs ls odd.img >listed 2>err || fail "$(cat err)"
	reported_once "its journal was not replayed ($1"
	same odd.img odd.img.before
}

made clean.img
program overlay/change clean.img 0
anyfs cat clean.img /old 2>err | expect changed
[ ! -s err ] || fail "standard error: $(cat err)"

# The kernel that made the tree lists it before the power fails.
for seed in 1 2 3 4; do
	made churn.img
	program overlay/churn -u -s "$((seed + 100))" -n 150 churn.img >used
	program overlay/churn -s "$seed" -n "$((seed * 150))" churn.img | sort >live
	chmod 444 churn.img
	cp --sparse=always churn.img churn.img.before
	program overlay/churn -l churn.img 2>err | sort >shown
	same live shown
	grep -q 'its journal was replayed into memory' err || fail "$(cat err)"
	same churn.img churn.img.before
done

replays jfs 64M mkfs.jfs -q
chmod 644 jfs.img
cp --sparse=always jfs.img odd.img
flags=$(od -An -tu1 -j$((32768 + 37)) -N1 odd.img)
patched odd.img $((32768 + 37)) "\\$(printf %o $((flags & ~8)))"
not_replayed 'it is on another device; only jfs_fsck can replay it)'

cp --sparse=always jfs.img odd.img
log=$(od -An -tu4 -j$((32768 + 76)) -N4 odd.img)
patched odd.img $(((log + 1) * 4096)) '\0'
not_replayed 'only jfs_fsck can replay it)'

# An error flag that only fsck can clear.
cp --sparse=always jfs.img odd.img
patched odd.img $((32768 + 40)) '\002'
not_replayed 'only jfs_fsck can replay it)'

on_partition jfs.img
