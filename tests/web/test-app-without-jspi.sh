#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# In a browser without JSPI the application opens a disk, unlocks LUKS, and keeps for later use
# without a network only the modules that this browser runs.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_unix_tree tree
image_ext4 tree ext4.img
printf secret >key
luks_image ext4.img luks.img

web app-without-jspi.mjs ext4.img luks.img
