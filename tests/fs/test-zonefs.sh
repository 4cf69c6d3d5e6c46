#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# zonefs needs a device with zones.  An image has none, so it is refused with a
# message.
. "${0%/*}/../lib.sh"
scratch_image 64M
printf 'SFOZ' | dd of="$img" conv=notrunc status=none
refuse "zonefs|Not a zoned block device" anyfs ls --fstype zonefs "$img"
