#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A file system type that does not exist, one that the image is not of, and
# options that the file system does not know.
. "${0%/*}/../lib.sh"
mkdir tree
echo hello >tree/hello
image_ext4 tree
refuse "nosuchfs" anyfs cat --fstype nosuchfs "$img" /hello
refuse "vfat" anyfs cat --fstype vfat "$img" /hello
refuse "no_such_option" anyfs cat -o no_such_option "$img" /hello
run anyfs cat --fstype ext4 "$img" /hello | expect hello
run anyfs cat -o errors=remount-ro "$img" /hello | expect hello
