#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Streams read ahead and give the same bytes as node:fs.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

mkdir tree
head -c 3000001 /dev/urandom >tree/data
node_image tree
run_node "${BASH_SOURCE[0]%/*}/streams.js" disk.img tree/data
