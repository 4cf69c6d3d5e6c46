#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The file browser shows a directory of 100,000 files: only the visible rows are elements of the
# page, and the first files are shown while the others load.  The test prints the number of frames
# of a scroll.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"
requires mksquashfs -version

mkdir -p tree/many
(cd tree/many && seq -f 'file %.0f.txt' 100000 | xargs -d '\n' touch)
run mksquashfs tree large.img -quiet -no-progress

bundle trees page
web trees-large.mjs page large.img
