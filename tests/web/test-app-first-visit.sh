#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# At the first visit the application fetches the kernel once; it writes sizes in the user's
# language, and its menu shows the chosen theme.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_tree fat-tree
make_unix_tree tree
image_gpt fat-tree tree
web app-first-visit.mjs "$img"
