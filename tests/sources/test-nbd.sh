#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Images that an NBD server exports are read and written over TCP and a Unix socket,
# also with a slow, a limited and a failing server.
. "${0%/*}/lib-sources.sh"

requires nbdkit --version
make_image
nbd_serve --filter=delay file www/disk.img rdelay=5ms
reads_well "$nbd"
refuse "no cache for NBD" anyfs ls --cache-file c "$nbd"
refuse "is for http" anyfs ls --header "A: b" "$nbd"
nbd_end
nbd_serve --readonly file www/disk.img
refuse "the server allows only reading" anyfs mkdir "$nbd" /new
nbd_end
nbd_serve --readonly --filter=rate file www/disk.img rate=80M
reads_well "$nbd"
nbd_end
nbd_serve --filter=error file www/disk.img error-pread=EIO error-pread-rate=100%
if anyfs ls "$nbd" >out 2>err; then fail "listed without data"; fi
grep -q "answers: Input/output error" err || fail "$(cat err)"
nbd_end
cp www/disk.img copy.img
nbd_serve file copy.img
head -c 20000000 /dev/urandom >big
run anyfs put "$nbd" big /
run anyfs cat copy.img /big | cmp - big
run e2fsck -fn copy.img >/dev/null
run qemu-img convert -O qcow2 www/disk.img disk.qcow2
nbd_end
nbd_serve file disk.qcow2
reads_well "$nbd"
nbd_end
refuse "onnect" anyfs ls --net-timeout 1 "$nbd"
