#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A cache file is used again by the next run, as long as the image has not changed,
# and never gives damaged data.
. "${0%/*}/lib-sources.sh"

make_image
http_start
reads_well "$http/-/disk.img" --cache-file cache
: >requests
cp cache cache.first
reads_well "$http/-/disk.img" --cache-file cache
# Requests in flight at the end of a run may be repeated; data in the cache file is not
# requested again.
python3 - <<'END'
import struct
cache = open("cache.first", "rb").read()
places = struct.unpack_from("<I", cache, 12)[0]
held = {n - 1 for n in struct.unpack_from("<" + "Q8x" * places, cache, 4096) if n}
again = [line.split()[1:3] for line in open("requests")]
twice = [(first, n) for first, n in again if int(n) > 4096 and
         any(b in held for b in range(int(first) // 65536, (int(first) + int(n) - 1) // 65536))]
assert len(held) > 100 and not twice, f"{len(held)} blocks held; fetched again: {twice}"
END

echo "a damaged block is fetched again"
size=$(stat -c %s cache)
for ((at = 200000; at < size; at += 1000000)); do
	printf damage | dd of=cache bs=1 seek=$at conv=notrunc status=none
done
reads_well "$http/-/disk.img" --cache-file cache

echo "a cut-off file, a changed image, another image"
truncate -s 100000 cache
reads_well "$http/-/disk.img" --cache-file cache
touch www/disk.img
: >requests
reads_well "$http/-/disk.img" --cache-file cache
[ "$(requests)" -gt 1 ] || fail "blocks of an earlier state were used"
cp www/disk.img www/other.img
: >requests
reads_well "$http/-/other.img" --cache-file cache
[ "$(requests)" -gt 1 ] || fail "blocks of another image were used"
reads_well "$http/notag/disk.img" --cache-file cache
: >requests
reads_well "$http/notag/disk.img" --cache-file cache
[ "$(requests)" -gt 1 ] || fail "blocks of an unknown state of the image were used"

echo "limits and refusals"
reads_well "$http/-/disk.img" --cache-file small --cache-size 8M
[ "$(du -k small | cut -f1)" -lt 9000 ] || fail "more than 8 MiB: $(du -k small)"
reads_well "$http/-/disk.img" --cache-size 8M
seq 1000 >text
cp text text.old
refuse "not a cache file" anyfs ls --cache-file text "$http/-/disk.img"
same text text.old
refuse "/no/such/cache" anyfs ls --cache-file /no/such/cache "$http/-/disk.img"
exec 8>>cache
flock 8
refuse "in use" anyfs ls --no-wait --cache-file cache "$http/-/disk.img"
