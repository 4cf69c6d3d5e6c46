#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# axe-core finds nothing serious in the file browser, in light and dark, on the screens of a
# desktop and of a phone, with menus and dialogs.  On a phone the directories are in a drawer.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_unix_tree tree
ln -s /nowhere tree/broken
image_ext4 tree ext4.img

bundle trees page
web trees-access.mjs page "$img"
