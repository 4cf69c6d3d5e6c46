#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The file browser shows a directory of 1,000,000 entries: keys, sorting, selection and filter
# work.  The test prints how long each takes and how many frames the page shows meanwhile.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

bundle trees page
web trees-million.mjs page
