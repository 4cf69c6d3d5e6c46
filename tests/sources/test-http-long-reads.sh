#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A large file at an http: address whose server answers late is read with few requests.  A request
# for the rest of the file waits while the reader is slower than the server, and ends if the reader
# pauses.  It goes on if the file does, after a gap or a block that was read before.  If the
# connection breaks, a new request continues.
. "${0%/*}/lib-sources.sh"

mkdir -p tree www
head -c $((96 << 20)) /dev/urandom >tree/big
image_ext4 tree www/disk.img 112M
http_start

# Connections on which the server cannot send more, since the reader waits.
waiting() {
	awk -v port="$(printf ':%04X' "${http##*:}")" \
		'index($2, port) && $4 == "01" && substr($5, 1, 8) != "00000000"' /proc/net/tcp | grep .
}
not_waiting() { ! waiting; }

echo "few requests"
run anyfs cat "$http/delay=300/disk.img" /big | same - tree/big
echo "$(requests) requests"
[ "$(requests)" -le 20 ] || fail "$(requests) requests"

echo "a journal and a list of extents in the middle of the file"
mkdir tree2
head -c $((160 << 20)) /dev/urandom >tree2/big
image_ext4 tree2 www/gap.img 192M
# A run of the file, "(0-30463):2305-32767": the part after the journal has another number.
debugfs -R "stat /big" www/gap.img 2>/dev/null | grep -o "([0-9]*-[0-9]*):[0-9]*" >runs
[ "$(wc -l <runs)" -ge 2 ] || fail "the file has no gap: $(cat runs)"
: >requests
run anyfs cat "$http/delay=300/gap.img" /big | same - tree2/big
# One is enough; the second is for a reader that pauses on a busy machine.
long=$(awk '$3 > 8 * 2^20' requests)
[ "$(wc -l <<<"$long")" -le 2 ] || fail "long requests: $long"

echo "a reader that pauses"
mkfifo pipe
anyfs cat "$http/delay=300/disk.img" /big >pipe &
reader=$!
{
	head -c $((40 << 20)) >begin
	wait_for waiting
	wait_for not_waiting
	cat >rest
} <pipe
wait "$reader" || fail "the reader failed"
cat begin rest | same - tree/big

echo "interruptions"
run anyfs cat "$http/delay=300,most=20/disk.img" /big | same - tree/big
code=0
anyfs cat --net-timeout 20 "$http/delay=300,change=9/disk.img" /big >out 2>err || code=$?
[ "$code" -eq 1 ] || fail "exit $code after a change"
grep -q "has changed" err || fail "no error about the change: $(cat err)"
