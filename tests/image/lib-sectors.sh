# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Words for disks whose sectors are not of 512 bytes.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# partitioned SECTOR LABEL IMAGE MIB...: IMAGE with partitions of such sizes, the first at
# 1 MiB.  A loop device would do the same with sfdisk; the writer here needs no root.
partitioned() {
	local sector=$1 label=$2 image=$3
	shift 3
	"${BASH_SOURCE[0]%/*}/make-parts.py" "$sector" "$label" "$image" "$@"
}
# place FILE IMAGE MIB: put FILE there.
place() { dd if="$1" of="$2" bs=1M seek="$3" conv=notrunc,sparse status=none; }
