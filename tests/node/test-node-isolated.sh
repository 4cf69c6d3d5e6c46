#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An isolated kernel has the interface of a kernel in the process, is sandboxed, and does not end
# Node.js when it is killed.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

mkdir tree host
seq 100000 >tree/numbers
node_image tree
cp disk.img second.img
run_node "${BASH_SOURCE[0]%/*}/isolated.js" disk.img
# A kernel that was killed leaves a journal; the next one replays it.
run anyfs put disk.img tree/numbers /again
clean_image disk.img
rmdir host && mkdir host
run_node "${BASH_SOURCE[0]%/*}/compare.js" second.img "$PWD/host" isolate
clean_image second.img
