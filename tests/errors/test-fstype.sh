#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every verb refuses an unknown file system type, a type that the image does not have,
# and unknown mount options.  The image does not change.
. "${0%/*}/lib-errors.sh"
mkdir tree
echo hello >tree/hello
image_ext4 tree
before=$(sha256sum "$img")
as_given() { refuse "$text" anyfs "$1" "${given[@]}" "${@:2}"; }

text=nosuchfs given=(--fstype nosuchfs)
every_verb as_given "$img" /hello
text=vfat given=(--fstype vfat)
every_verb as_given "$img" /hello
text=no_such_option given=(-o no_such_option)
every_verb as_given "$img" /hello
[ "$before" = "$(sha256sum "$img")" ] || fail "the image was changed"

run anyfs cat --fstype ext4 "$img" /hello | expect hello
run anyfs cat -o errors=remount-ro "$img" /hello | expect hello
