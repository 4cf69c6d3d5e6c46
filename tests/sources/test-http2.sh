#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Images are read with HTTP/2 from a server that offers it, and faults of the server have the same
# results as with HTTP/1.1.
. "${0%/*}/lib-sources.sh"
. "${0%/*}/lib-certificates.sh"
requires nghttpx --version
make_image
authority own
certificate server localhost "DNS:localhost,IP:127.0.0.1"
export CURL_CA_BUNDLE=$PWD/own.pem

# A proxy that speaks HTTP/2 to the client and HTTP/1.1 to the server of the tests.
http_start
port=$(free_port)
# shellcheck disable=SC2016  # $alpn is a variable of nghttpx
nghttpx --conf=/dev/null --workers=1 --no-ocsp --frontend="127.0.0.1,$port" \
	--backend="127.0.0.1,${http##*:}" --accesslog-file="$PWD/access" \
	--accesslog-format='$alpn $status' --errorlog-file="$PWD/proxy.log" \
	server.key server.pem </dev/null >/dev/null 2>&1 &
at_exit "kill $!"
https=https://localhost:$port
wait_for bash -c "exec 3<>/dev/tcp/127.0.0.1/$port"

echo "reads"
reads_well "$https/-/disk.img"
reads_well "$https/delay=20/disk.img" --cache-size 8M
run qemu-img convert -O qcow2 -c www/disk.img www/disk.qcow2
reads_well "$https/-/disk.qcow2"
reads_well "$https/noranges/disk.img" --download
[ "$(grep -c '^h2 206$' access)" -gt 10 ] || fail "not read in ranges: $(cat access)"
if grep -v '^h2 ' access; then fail "not read by HTTP/2"; fi

echo "faults"
reads_well "$https/cut=3/disk.img"
reads_well "$https/stall=2/disk.img" --net-timeout 8
refuse "no ranges|--download" anyfs ls "$https/noranges/disk.img"
fails "has changed on the server" "$https/change=2/disk.img"
fails "other bytes than requested" "$https/shift/disk.img"
fails "status 503" "$https/away=2/disk.img"
