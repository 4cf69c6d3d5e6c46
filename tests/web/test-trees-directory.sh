#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Directories of the file browser keep changes that come while they load, sort a million
# entries, count hard links once, and read /etc/passwd only when owners are shown.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

web trees-directory.mjs "$ts/packages/trees/dist"
