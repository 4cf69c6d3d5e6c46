#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# disk.fs has every function, class and constant of this version's node:fs, and the watching
# and searching ones work.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

mkdir tree
node_image tree
run_node "${BASH_SOURCE[0]%/*}/complete.js" disk.img
clean_image disk.img
