# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The demo's disk, for the tests beside this file.  The runner's user may not
# write to build/, so the disk is made before, by tests/run.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
disk=$ANYFS_BUILD/demo
[ -f "$disk/complete" ] || skip "no demo disk: tools-dev/make-debian-disk could not make one (see $ANYFS_BUILD/demo-disk.log)"

sort_lines() { LC_ALL=C sort -t $'\t' -k 1,1; }
