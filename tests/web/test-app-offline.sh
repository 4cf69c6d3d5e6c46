#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# After the first visit the application works without its server: a disk is opened and a file is
# read with the keyboard alone.  axe-core has no serious finding on any screen, light on a
# desktop or dark on a phone, and the script of the first screen stays below 200 KB.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_tree fat-tree
make_unix_tree tree
image_gpt fat-tree tree
web app-offline.mjs "$img"
