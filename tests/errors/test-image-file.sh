#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every verb prints one clear line about an image file that is missing, empty,
# truncated, unreadable, a directory or not an image.  No such file changes.
. "${0%/*}/lib-errors.sh"
mkdir tree dir.img
echo hello >tree/hello
image_ext4 tree good.img
: >empty.img
head -c 100 /dev/urandom >tiny.img
head -c 1000000 /dev/urandom >noise.img
truncate -s 10M zero.img
head -c 70000 good.img >cut.img
mkfifo fifo.img
cp good.img secret.img
chmod 000 secret.img
bad="empty.img tiny.img noise.img zero.img cut.img"
# shellcheck disable=SC2086  # a list
before=$(sha256sum $bad)

refused() { refuse "$text" anyfs "$@"; }
every_image() {	# FN: a function that calls refused for some verbs on the image $1
	text="missing.img|No such file" "$1" missing.img
	text="empty.img|empty" "$1" empty.img
	text="dir.img|directory" "$1" dir.img
	text="tiny.img" "$1" tiny.img
	text="fifo.img" "$1" fifo.img
	[ "$(id -u)" -eq 0 ] || text="secret.img|ermission denied" "$1" secret.img
}
path_verbs() { every_verb refused "$1" /hello; }
whole_verbs() {
	refused ls "$1"
	refused hash "$1"
	refused sync "$1"
	[ "$1" = cut.img ] || refused info "$1"		# info prints what the beginning of the file contains
}
tables() {
	refused parts "$1"
	refuse "$text" anyfs-lspart "$1"
}
every_image path_verbs
every_image whole_verbs
every_image tables		# noise.img, zero.img and cut.img look like an empty disk
for image in noise.img zero.img cut.img; do
	text=$image
	path_verbs "$image"
	whole_verbs "$image"
done
code=0
anyfs info cut.img >output 2>err || code=$?
[ $code -eq 1 ] && grep -q "^anyfs: cut.img: " err || fail "info of a partial image: exit $code: $(cat err)"
[ ! -e missing.img ] || fail "the missing image was made"
[ ! -e out ] || fail "something was copied"
# shellcheck disable=SC2086
[ "$before" = "$(sha256sum $bad)" ] || fail "an image was changed"
