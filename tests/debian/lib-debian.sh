# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The demo's disk, for the tests in this directory.  The user that runs tests has no permission to
# write to build/, so tests/run makes the disk before the tests.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
disk=$ANYFS_BUILD/demo
[ -f "$disk/complete" ] || skip "no demo disk: tools-dev/make-debian-disk could not make one (see $ANYFS_BUILD/demo-disk.log)"

sort_lines() { LC_ALL=C sort -t $'\t' -k 1,1; }
