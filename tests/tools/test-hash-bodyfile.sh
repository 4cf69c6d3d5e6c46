#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs hash --format bodyfile prints the lines of anyfs timeline with the MD5 of regular files.
. "${0%/*}/../lib.sh"
mkdir -p tree/etc
echo hello >tree/etc/motd
ln -s motd tree/etc/link
image_ext4 tree
run anyfs timeline "$img" >expected
run anyfs hash --format bodyfile "$img" >body
md5=$(md5sum <tree/etc/motd)
sed "/|\/etc\/motd|/s/^0|/${md5%% *}|/" expected >wanted
same wanted body
matches "^${md5%% *}|/etc/motd|" <body || fail "$(cat body)"
refuse "a body file has md5" anyfs hash --format bodyfile --sum sha1 "$img"
refuse "two forms of output" anyfs hash --format bodyfile --json "$img"
