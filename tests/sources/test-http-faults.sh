#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If a server closes the connection or stalls, the request is repeated.  If it sends other bytes
# than requested, reports a wrong size or changes the image, reading fails and gives
# no wrong data.
. "${0%/*}/lib-sources.sh"

make_image
http_start

echo "a repeated request succeeds"
reads_well "$http/cut=3/disk.img"
reads_well "$http/stall=2/disk.img" --net-timeout 8
reads_well "$http/delay=20/disk.img"
reads_well "$http/notag/disk.img"
reads_well "$http/long/disk.img"

echo "reading fails"
refuse "no ranges|--download" anyfs ls "$http/noranges/disk.img"
refuse "compressed" anyfs ls "$http/gzip/disk.img"
fails "has changed on the server" "$http/change=2/disk.img"
fails "other bytes than requested" "$http/shift/disk.img"
fails "shorter than the server said" "$http/lies/disk.img"
fails "status 503" "$http/away=2/disk.img"

echo "--download reads the whole image first"
: >requests
reads_well "$http/noranges/disk.img" --download
[ "$(requests)" -eq 1 ] || fail "not one request: $(requests)"
reads_well "$http/noranges,cut=2/disk.img" --download
refuse "status 404" anyfs ls --download "$http/-/none.img"
TMPDIR=/no/such/place refuse "temporary file|TMPDIR" anyfs ls --download "$http/-/disk.img"
