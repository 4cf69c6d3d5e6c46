#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ts/electron lists block devices of Linux with sizes and models, and reports which are in use,
# directly, below the device mapper or as swap, and which the user has no permission to read.
. "${BASH_SOURCE[0]%/*}/lib-electron.sh"

# device NAME SECTORS [PARTITION...]
device() {
	local name=$1 sectors=$2 part
	shift 2
	mkdir -p "root/sys/block/$name/device" root/sys/class/block root/dev
	echo "$sectors" >"root/sys/block/$name/size"
	echo 0 >"root/sys/block/$name/removable"
	echo 0 >"root/sys/block/$name/ro"
	for part; do mkdir -p "root/sys/block/$name/$part"; done
}
# node MAJOR:MINOR NAME
node() {
	mkdir -p "root/sys/dev/block/$1"
	echo "DEVNAME=$2" >"root/sys/dev/block/$1/uevent"
}

mkdir -p root/proc/self root/dev/cciss
device sda 2000 sda1
device sdb 500 sdb1
device sdc 300 sdc2
device sr0 0
device ram0 100
device 'cciss!c0d0' 100
echo 'ATA     ' >root/sys/block/sda/device/vendor
echo 'Example Disk  ' >root/sys/block/sda/device/model
echo 'Stick' >root/sys/block/sdb/device/model
echo 1 >root/sys/block/sdb/removable
echo 1 >root/sys/block/sdb/ro
touch root/dev/sda root/dev/sdc root/dev/cciss/c0d0
# A volume of the device mapper on sda1 is mounted, and sdc2 is swap.
node 254:0 dm-0
mkdir -p root/sys/class/block/dm-0/slaves/sda1
echo '25 1 254:0 / / rw,relatime shared:1 - ext4 /dev/mapper/root rw' >root/proc/self/mountinfo
printf 'Filename\tType\tSize\n/dev/sdc2 partition 1000\n' >root/proc/swaps
web electron-devices.mjs "$PWD/root"
