# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Functions for tests with images as a power cut leaves them: a read-only mount must show the
# synced data.

# left_dirty IMAGE [OPTION...]: change the file system IMAGE, and end without unmounting it.
left_dirty() {
	local image=$1
	shift
	program overlay/change -d "$@" "$image" 0
	chmod 444 "$image"
	cp --sparse=always "$image" "$image.before"
}

# shows_synced NOTE IMAGE [PATH]: PATH contains the synced files; standard error is the
# one line NOTE; the image is unchanged.
shows_synced() {
	local note=$1 image=$2 path=${3-}
	anyfs cat "$image" "$path/old" "$path/sub/kept" >got 2>err || fail "exit $?: $(cat err)"
	(echo changed; seq 1 5000) >want
	same got want
	reported_once "$note"
	same "$image" "$image.before"
}

# reported_once NOTE: standard error is exactly this line.
reported_once() {
	if [ "$(wc -l <err)" -ne 1 ] || ! grep -q "^anyfs: .*$1" err; then
		fail "expected one line \"$1\": $(cat err)"
	fi
}

# replays FSTYPE SIZE MKFS...: run these checks on a file system that MKFS makes, FSTYPE.img.
replays() {
	local image=$1.img size=$2
	shift 2
	requires command -v "$1"
	truncate -s "$size" "$image"
	run "$@" "$image" >mkfs.log 2>&1
	left_dirty "$image" ${mount_options:+-m "$mount_options"}
	shows_synced 'its journal was replayed into memory; the image is unchanged' "$image"
}

# on_partition IMAGE: run the same checks with the file system in a partition of a disk.
on_partition() {
	local size
	size=$(stat -c %s "$1")
	truncate -s $((size + (4 << 20))) disk.img
	echo "start=2048, size=$((size / 512))" | sfdisk -q disk.img >sfdisk.log 2>&1 ||
		fail "$(cat sfdisk.log)"
	dd if="$1" of=disk.img bs=1M seek=1 conv=notrunc,sparse status=none
	rm -f "$1" "$1.before"
	chmod 444 disk.img
	cp --sparse=always disk.img disk.img.before
	shows_synced '/p1: its journal was replayed into memory' disk.img /p1
}
