#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# nbdkit's ssh plugin makes an image readable that is on a machine with an sshd.
. "${0%/*}/lib-sources.sh"
. "${0%/*}/lib-sshd.sh"
requires nbdkit --version
requires nbdkit ssh --dump-plugin
make_image
sshd_start
echo "[127.0.0.1]:$sshd_port $(cut -d' ' -f1,2 host_key.pub)" >known_hosts
nbd_serve --readonly ssh config= compression=false host=127.0.0.1 port="$sshd_port" \
	user="$(id -un)" identity="$PWD/user_key" known-hosts="$PWD/known_hosts" \
	path="$PWD/www/disk.img"
reads_well "$nbd"
grep -q "Accepted publickey" sshd.log || fail "nbdkit did not log in: $(tail -n 1 sshd.log)"
