# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions shared by the tests of file systems.  A test makes an image with the
# system's own tool and calls one of
#
#	writable NAME IMAGE FSCK [TYPE [OPTIONS]]	filled by the kernel, then compared
#	packed_image NAME COMMAND [TYPE [OPTIONS]]	packed from a directory; see host_tree
#
# They form NAME's row of docs/file-systems.md from the results and compare it with the row in
# the document, which is the expectation.  tests/fs/matrix rewrites the rows from the logs of a
# run.  FSCK is a command that fails unless the image is clean, or "-" if there is none.
. "${0%/*}/../lib.sh"

fs=$ANYFS_BUILD/${ANYFS_FLAVOUR:+$ANYFS_FLAVOUR/}meson/tests/fs/fs
export ANYFS_KERNEL=${ANYFS_KERNEL-$ANYFS_BUILD/lib/anyfs/kernel.so}

# Columns of the document, in its order.
columns=(probe read write directories times owners symlinks hardlinks devices xattr ACL
	'>4GiB' '>255' unicode sparse fsck dirty)

declare -A found

# Fill found[] from "feature value" lines.
read_features() {
	local feature value
	while read -r feature value; do
		found[$feature]=$value
	done <"$1"
}

# Check that every feature that can be checked later still has the value that was written.
compare() {
	local image=$1 before=$2
	shift 2
	found[read]=no
	if "$fs" check "$image" "$@" <"$before" >after; then
		read_features after
		[ "${found[write]}" != yes ] || found[read]=yes
	fi
}

# Probe the superblock: it must give the expected type.
probe() {
	found[probe]=no
	if anyfs ls "$1" / >/dev/null 2>probe.err; then
		found[probe]=yes
	fi
}

# Leave the image as after a crash, and check that opening it read-only does not write to it.
crash_and_look() {
	local image=$1 changed
	shift
	run "$fs" crash "$image" "$@"
	changed=$(stat -c '%y %z' "$image")
	found[dirty]=no
	if "$fs" dirty "$image" "$@" >dirty.out; then
		read_features dirty.out
	fi
	[ "$(stat -c '%y %z' "$image")" = "$changed" ] || fail "opened read-only, and written to"
}

# A disk of 5 GiB for file systems without holes, in memory if enough is free.
big_image() {
	img=$PWD/$1
	if [ "$(df --output=avail -B1G /dev/shm 2>/dev/null | tail -1)" -gt 6 ] 2>/dev/null; then
		img=$(mktemp /dev/shm/anyfs-test.XXXXXX)
		at_exit "rm -f $img"
	fi
	truncate -s 5G "$img"
}

# Print the row of file system $1 for the document.
row() {
	local column row="| $1 |"
	for column in "${columns[@]}"; do
		row+=" ${found[$column]:--} |"
	done
	echo "$row"
}

# Print the line that tests/fs/matrix reads, and compare it with the document.
judge() {
	local name=$1 row want
	row=$(row "$name")
	echo "result: $row"
	want=$(grep -F "| $name |" "$ANYFS_TOP/docs/file-systems.md" || true)
	if [ "$row" != "$want" ]; then
		echo "documented: ${want:-nothing}" >&2
		wrong+=" $name"
	fi
	found=()
}
wrong=
# Report the result of the test.
verdict() { [ -z "$wrong" ] || fail "differs from docs/file-systems.md:$wrong"; }

writable() {
	local name=$1 image=$2 fsck=$3
	shift 3
	probe "$image"
	run "$fs" fill "$image" "$@" >before
	read_features before
	if [ "$fsck" != - ]; then
		found[fsck]=yes
		"$fsck" "$image" >fsck.out 2>&1 || { found[fsck]=no; cat fsck.out; }
	fi
	compare "$image" before "$@"
	crash_and_look "$image" "$@"
	judge "$name"
}

# The source of images that are packed from a directory: tree/ with the files that an
# ordinary user can create, faked/ with those that need fakeroot (which hides
# attributes).
host_tree() {
	requires fakeroot true
	mkdir tree faked
	run "$fs" fill-host "$PWD/tree" "$@" >before.tree
	sed -i '/^owners\|^devices/d' before.tree
	run fakeroot -s fakeroot.db -- "$fs" fill-host "$PWD/faked" write owners devices >before.faked
}

# NAME COMMAND [TYPE [OPTIONS]]: COMMAND is a shell command that packs the directory $2 into the
# image $1.  A feature that the image lacks gets "no": the tool or the file system cannot store it.
packed_image() {
	local name=$1 command=$2 image=$PWD/packed.img feature
	shift 2
	rm -f "$image"
	run fakeroot -i fakeroot.db -- bash -ec "$command" pack "$image" faked >/dev/null
	compare "$image" before.faked "$@"
	rm "$image"
	run bash -ec "$command" pack "$image" tree >/dev/null
	probe "$image"
	compare "$image" before.tree "$@"
	for feature in "${!found[@]}"; do
		[ "${found[$feature]}" != lost ] || found[$feature]=no
	done
	found[write]=no
	judge "$name"
}
