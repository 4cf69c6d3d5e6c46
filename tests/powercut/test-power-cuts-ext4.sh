#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Data synced to ext4 survive power cuts, with FUA and without; a bounded run.
. "$(dirname "$0")/../lib.sh"

program powercut/powercut --states 20 --recordings 2 --seed 1 --keep failed.recording ext4
