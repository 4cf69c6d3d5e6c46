#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# disk.fs gives the results, errors and messages of node:fs, call by call.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

mkdir tree host
node_image tree
run_node "${BASH_SOURCE[0]%/*}/compare.js" disk.img "$PWD/host"
clean_image disk.img
