# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of image formats: a raw disk, and copies of it that qemu-img makes.
. "${0%/*}/../lib.sh"
requires qemu-img --version

# A partitioned disk with small and large files and holes: $img, its hashes in "wanted".
make_disk() {
	mkdir -p tree/many fat
	head -c 3000000 /dev/urandom >tree/random
	seq 1 300000 >tree/compressible
	for i in $(seq 200); do echo "file $i" >"tree/many/$i"; done
	echo hello >fat/hello
	image_gpt fat tree
	anyfs hash "$img" /p2 >wanted
	[ "$(wc -l <wanted)" -eq 202 ] || fail "not all files of the raw disk were hashed"
}

# Compare image $1, opened with the options that follow, with the raw disk.
same_files() {
	local image=$1
	shift
	run anyfs hash "$@" "$image" /p2 >got
	same wanted got
	run anyfs cat "$@" "$image" /p1/hello | expect hello
}

# Copy the disk to a new image $1 in format $2, with options $3, and compare.
try_variant() {
	run qemu-img convert -O "$2" ${3:+-o "$3"} "${@:4}" "$img" "$1"
	sha256sum "$1" >before
	same_files "$1"
	sha256sum -c --quiet before || fail "$1 was written to"
	rm "$1"
}

# mutate IMAGE SEED N: open N damaged copies of IMAGE.  None may cause a crash, a hang or
# allocations without bound.
mutate() { parses formats "$3" "$1" --seed "$2"; }
