#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# LVM2 volumes with redundancy (raid1, raid5, raid10, mirror) over several images are read and
# written, and opened with a physical volume missing; such a mirror is read-only.
# make-lvm.py writes the group without a device mapper.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
mkdir tree
echo inside >tree/file
head -c 300000 /dev/urandom >tree/random
# Too large to be synchronised before put ends: the array stays dirty, with all members or fewer.
image_ext4 tree fs.img 40M
echo new >new

# members A B C...: the options that open A with the others, in $opened
members() {
	opened=("$1")
	shift
	for pv; do opened+=(--member "$pv"); done
}
# reads [OPTIONS]: the volume has the files
reads() {
	run anyfs cat "$@" "${opened[@]}" /vol/file /vol/random >got
	cat tree/file tree/random | cmp - got || fail "${opened[*]}: other bytes"
}

for kind in raid1 raid5 raid10 mirror; do
	case $kind in
	raid10) pvs=(a b c d) ;;
	mirror) pvs=(a b) ;;
	*) pvs=(a b c) ;;
	esac
	run "${0%/*}/make-lvm.py" $kind fs.img "${pvs[@]}"
	sha256sum "${pvs[@]}" >sums
	members "${pvs[@]}"
	run anyfs ls "${opened[@]}" / | expect vol
	reads
	run sha256sum -c --quiet sums
	# The metadata volumes are written too, and mark the legs as in use.
	run anyfs put "${opened[@]}" new /vol/
	run anyfs cat "${opened[@]}" /vol/new | expect new
	for gone in a b; do
		left=()
		for pv in "${pvs[@]}"; do [ "$pv" = $gone ] || left+=("$pv"); done
		members "${left[@]}"
		refuse "missing|--degraded" anyfs ls "${opened[@]}" /vol
		reads --degraded
		run anyfs cat --degraded "${opened[@]}" /vol/new | expect new
		[ $kind != mirror ] || refuse "ead-only" \
			anyfs put --degraded "${opened[@]}" new /vol/
	done
done
