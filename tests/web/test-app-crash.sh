#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# When the kernel dies, the application says so and opens the image again at the same directory.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_tree fat-tree
make_unix_tree tree
image_gpt fat-tree tree
web app-crash.mjs "$img"
