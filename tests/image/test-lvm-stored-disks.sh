#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# LVM2 volumes that only a kernel with a device mapper can write are read and written: RAID 6,
# RAID 1 with integrity, cache, writecache, thin volumes and snapshots.  Debian's kernel and
# LVM2 wrote the disks: see tools-dev/make-volume-images.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
requires xz --version

seq 20000 >numbers
echo new >new
# reads DISK VOLUME NAME [OPTIONS]: the volume has the files
reads() {
	run anyfs cat "${@:4}" "$1" "/p1/$2/name" | expect "$3"
	run anyfs cat "${@:4}" "$1" "/p1/$2/numbers" >got
	same got numbers
}
for kind in raid6 integrity cache writecache thin; do
	xz -dc "${0%/*}/volumes/$kind.img.xz" >disk.img
	sha256sum disk.img >sums
	case $kind in
	thin)
		reads disk.img vol later
		reads disk.img snap vol
		reads disk.img cow vol
		;;
	*) reads disk.img vol vol ;;
	esac
	run sha256sum -c --quiet sums
	run anyfs put disk.img new /p1/vol
	run anyfs cat disk.img /p1/vol/new | expect new
done

# Two of five members of the RAID 6 are missing.
xz -dc "${0%/*}/volumes/raid6.img.xz" >disk.img
for part in 2 4; do
	read -r start size < <(sfdisk -l -q -o Start,Sectors disk.img | sed -n "$((part + 1))p")
	dd if=/dev/zero of=disk.img bs=512 seek="$start" count="$size" conv=notrunc status=none
done
refuse "missing|--degraded" anyfs cat disk.img /p1/vol/name
reads disk.img vol vol --degraded
