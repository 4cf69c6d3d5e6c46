#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The file browser shows a directory of 100,000 files: only what shows is in the page, and the
# first files show while the others load.  How many frames a scroll has is printed.
#
# timeout: 300
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

mkdir -p tree/many
(cd tree/many && seq -f 'file %.0f.txt' 100000 | xargs -d '\n' touch)
truncate -s 160M large.img
run mkfs.ext4 -q -N 110000 -O ^has_journal -d tree large.img

bundle trees page
web trees-large.mjs page large.img
