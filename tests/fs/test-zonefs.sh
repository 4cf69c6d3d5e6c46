#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# zonefs is there, but lives on zones, which an image does not have: it is
# refused in words and not by a wrong answer.
. "${0%/*}/../lib.sh"
scratch_image 64M
printf 'SFOZ' | dd of="$img" conv=notrunc status=none
refuse "zonefs|Not a zoned block device" anyfs ls --fstype zonefs "$img"
