#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Eight threads work on one btrfs, which uses many kernel threads. btrfs check finds
# no error afterwards.
. "${0%/*}/../lib.sh"
requires mkfs.btrfs --version
scratch_image 320M
make_btrfs "$img"
program kernel/mixed-load "$img"
run btrfs check "$img"
