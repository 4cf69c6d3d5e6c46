#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Packages from npm work inside an image with nothing but disk.fs.  `make test-node-consumers`
# installs them.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

modules=$ANYFS_BUILD/node/consumers/node_modules
[ -d "$modules" ] || skip "the packages are not installed: make test-node-consumers"
export NODE_PATH=$NODE_PATH:$modules

mkdir tree
node_image tree 128M
run_node "${BASH_SOURCE[0]%/*}/consumers.js" disk.img
clean_image disk.img
# Another implementation agrees that the repository is valid.
requires git --version
run anyfs get disk.img "$PWD/inside/repository" repository
run git -C repository fsck --strict
[ "$(git -C repository log --format=%s | head -1)" = "second" ] || fail "the commits are lost"
