#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Inherited descriptors with any number are closed: above the limit on open
# files, with no free descriptor, and with many others open.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-sandbox.sh"
make_scene
export ATTACK_TARGET=/etc/passwd threads=main

# Run CMD with descriptors 10 to $1 open.
cat >many <<'SCRIPT'
#!/bin/bash
last=$1
shift
for ((fd = 10; fd <= last; fd++)); do
	[ $fd -eq 99 ] || eval "exec $fd</dev/null"
done
exec "$@"
SCRIPT
chmod +x many
mv many ..

works inherited anyfs cat "$img" /file
for limit in 64 99 100 128; do
	stopped inherited prlimit --nofile=$limit:$limit anyfs cat "$img" /file
	[ ! -s inherited ] || fail "limit $limit: a write reached the inherited descriptor"
done
for last in 98 130 250; do
	stopped inherited ../many $last anyfs cat "$img" /file
	[ ! -s inherited ] || fail "descriptors up to $last: a write reached the inherited one"
done
