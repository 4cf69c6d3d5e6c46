# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests with the programs of LVM2, which see the block devices of the directory "dev" only:
#
#	own_lvm ARGS...		run lvm with the settings of the test
#	lvm_device NAME DEVICE	make dev/NAME, another name of the block device DEVICE
. "${BASH_SOURCE[0]%/*}/../lib.sh"
requires lvm version
needs_loop

mkdir dev
cat >lvm.conf <<EOC
devices { dir="$PWD/dev" scan=["$PWD/dev"] use_devicesfile=0 external_device_info_source="none"
	obtain_device_list_from_udev=0 }
activation { udev_sync=0 udev_rules=0 monitoring=0 }
backup { backup=0 archive=0 }
EOC
own_lvm() { LVM_SYSTEM_DIR=$PWD LVM_SUPPRESS_FD_WARNINGS=1 lvm "$@"; }
lvm_device() { mknod "dev/$1" b "$((0x$(stat -c %t "$2")))" "$((0x$(stat -c %T "$2")))"; }
