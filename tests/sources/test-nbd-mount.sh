#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mount of an image that an NBD server exports survives an unavailable server, and
# reads again when the server is back.
# root: mounts
. "${0%/*}/lib-sources.sh"
. "${0%/*}/../fuse/lib-fuse.sh"
needs_fuse

requires nbdkit --version
make_image
nbd_serve file www/disk.img
img=$nbd mount_image --net-timeout 5
run cat mnt/dir/few | expect $'7\n8\n9'
nbd_end
if cat mnt/dir/random >out 2>err; then fail "read without a server"; fi
grep -q "Input/output error" err || fail "$(cat err)"
nbd_serve file www/disk.img
wait_for cmp mnt/dir/random tree/dir/random
umount_image
