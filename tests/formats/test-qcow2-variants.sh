#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A qcow2 image of any version, cluster size and compression holds the same files
# as the raw disk, and is not changed by reading it.
. "${0%/*}/lib-formats.sh"
make_disk
try_variant plain.qcow2 qcow2 ""
try_variant v2.qcow2 qcow2 compat=0.10
for size in 512 4k 2M; do
	try_variant "$size.qcow2" qcow2 "cluster_size=$size"
done
try_variant subclusters.qcow2 qcow2 extended_l2=on,cluster_size=64k
try_variant zlib.qcow2 qcow2 "" -c
try_variant zlib-4k.qcow2 qcow2 cluster_size=4k -c
try_variant zstd.qcow2 qcow2 compression_type=zstd -c
try_variant preallocated.qcow2 qcow2 preallocation=metadata
# The format does not depend on the file's name.
try_variant image.img qcow2 ""
