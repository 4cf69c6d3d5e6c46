#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Synced data of ext4 survives power cuts, with FUA and without.  The number of cuts
# is limited.
. "$(dirname "$0")/../lib.sh"

program powercut/powercut --states 20 --recordings 2 --seed 1 --keep failed.recording ext4
