# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of ts/electron, with a fake module "electron" (electron/fake.mjs).
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

export NODE_PATH=$ANYFS_BUILD/lib/node_modules
[ -f "$ANYFS_BUILD/electron/dist/start.js" ] ||
	fail "$ANYFS_BUILD/electron: missing: run tools-dev/build-electron"
[ -f "$NODE_PATH/@anyfs/native-linux-x64/anyfs.node" ] || fail "@anyfs/native is not built: run make node"
