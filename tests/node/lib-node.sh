# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of the package for Node.js:
#
#	run_node SCRIPT [ARGS]	run a script of this directory
#	$package		the directory of the package
. "${BASH_SOURCE[0]%/*}/../lib.sh"

package=$ANYFS_BUILD/lib/node_modules/@anyfs/native
export NODE_PATH=$ANYFS_BUILD/lib/node_modules
[ -f "$package-linux-x64/anyfs.node" ] || fail "$package: missing: run make node"
[ -n "$(command -v node)" ] || fail "node: not found: run make deps"

run_node() { run node "$@"; }

# An ext4 image $img with the files of directory $1.
node_image() {
	image_ext4 "$1" disk.img "${2:-64M}"
}

clean_image() {
	run e2fsck -fn "$1" >fsck.out 2>&1 || { cat fsck.out >&2; fail "$1: e2fsck finds errors"; }
}
