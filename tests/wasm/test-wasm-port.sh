#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A disk is opened through a MessagePort, and the changes of its overlay are written to the image
# by commit(), not before; images in a format and images opened to be read are refused.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"
requires qemu-img --version

make_unix_tree tree
image_ext4 tree
cp "$img" formatted.img
run qemu-img convert -O qcow2 formatted.img disk.qcow2
cp disk.qcow2 before.qcow2
wasm port.mjs "$img" disk.qcow2
run anyfs cat "$img" /os-release | expect committed
run anyfs cat "$img" /again | expect second
run e2fsck -fn "$img"
same disk.qcow2 before.qcow2
