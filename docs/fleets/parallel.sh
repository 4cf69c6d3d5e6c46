#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Run a verb of anyfs on many images with GNU parallel:
#
#	parallel.sh LIST RESULTS 'VERB [OPTIONS]' [OPTION OF PARALLEL]...
#	SHARDS=64 parallel.sh /shared/list /shared/results hash -S 16/host1,16/host2
#
# LIST names the images, one per line.  With -S they, LIST and RESULTS are on storage that all
# machines share, and their paths are absolute.  The same command continues a run that ended early.
set -eu

[ $# -ge 3 ] || { echo "usage: parallel.sh LIST RESULTS 'VERB [OPTIONS]' [OPTION]..." >&2; exit 2; }
list=$1 results=$2 command=$3 shards=${SHARDS:-$(nproc)}
shift 3

# {} in the verb means the name of an image, so the number of the part gets another mark.
seq "$shards" | exec parallel --quote -I @shard@ "$@" \
	anyfs scan --list "$list" --out "$results" --do "$command" --jobs 1 --shard "@shard@/$shards"
