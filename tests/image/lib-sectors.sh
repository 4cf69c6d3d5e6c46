# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Functions for disks whose sectors do not have 512 bytes.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# partitioned SECTOR LABEL IMAGE MIB...: make IMAGE with partitions of these sizes, the first
# at 1 MiB.  sfdisk on a loop device would do the same, but needs root.
partitioned() {
	local sector=$1 label=$2 image=$3
	shift 3
	"${BASH_SOURCE[0]%/*}/make-parts.py" "$sector" "$label" "$image" "$@"
}
# place FILE IMAGE MIB: write FILE at this offset of IMAGE.
place() { dd if="$1" of="$2" bs=1M seek="$3" conv=notrunc,sparse status=none; }
