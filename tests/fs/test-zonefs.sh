#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# zonefs needs a device with zones, which an image does not have: mounting an image as
# zonefs fails with a message.
. "${0%/*}/../lib.sh"
scratch_image 64M
printf 'SFOZ' | dd of="$img" conv=notrunc status=none
refuse "zonefs|Not a zoned block device" anyfs ls --fstype zonefs "$img"
