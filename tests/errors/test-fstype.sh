#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A file system type that does not exist, one that the image is not of, and
# options that the file system does not know: refused by every verb, and the
# image stays as it is.
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
