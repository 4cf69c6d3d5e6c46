#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mounted, unused disk causes no periodic wake-ups.
. "${0%/*}/../lib.sh"
mkdir tree
image_ext4 tree
program kernel/idle "$img"
