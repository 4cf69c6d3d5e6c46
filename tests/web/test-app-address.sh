#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The application opens a qcow2 image at an address of another server and fetches only a part of it.
# If the server does not permit requests for ranges from other origins, an error names the header
# fields that are missing.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_tree fat-tree
make_unix_tree tree
head -c 20000000 /dev/urandom >tree/unread
image_gpt fat-tree tree
qemu-img convert -O qcow2 "$img" disk.qcow2
web app-address.mjs disk.qcow2
