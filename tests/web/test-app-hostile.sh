#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An image that kills its kernel ends in a message, and other pages of the application go on;
# damaged images show what can be read, or an error in words.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_tree fat-tree
make_unix_tree tree
image_gpt fat-tree tree
good=$img
image_ext4 tree ext4.img
image_vfat fat-tree vfat.img
run mksquashfs tree squashfs.img -quiet -noappend >/dev/null
run xorriso -as mkisofs -quiet -R -o iso.img tree

# The image itself says that its errors are to be fatal.
cp ext4.img hostile.img
run tune2fs -e panic hostile.img >/dev/null
block=$(debugfs -R 'bmap /deep/er/est 0' hostile.img 2>/dev/null)
block_size=$(dumpe2fs -h hostile.img 2>/dev/null | sed -n 's/^Block size: *//p')
printf '\377%.0s' {1..64} | dd of=hostile.img bs="$block_size" seek="$block" conv=notrunc status=none

web app-hostile.mjs "$good" hostile.img ext4.img vfat.img squashfs.img iso.img
