#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Images are read by https:// and nbds:// from servers whose certificates an authority of the
# test has signed, and never from a server whose certificate is not trusted.
. "${0%/*}/lib-sources.sh"
. "${0%/*}/lib-certificates.sh"
requires nbdkit --version
make_image

authority own
authority other
certificate server localhost "DNS:localhost,IP:127.0.0.1"
certificate elsewhere elsewhere.invalid "DNS:elsewhere.invalid"

echo "https"
http_run "$(free_port)" server.pem server.key
at_exit http_stop
https=https://${http#http://}/-/disk.img
export CURL_CA_BUNDLE=$PWD/own.pem
reads_well "$https"
reads_well "$https" --download
unset CURL_CA_BUNDLE
SSL_CERT_FILE=$PWD/own.pem reads_well "$https"
refuse "certificate" anyfs ls "$https"
export CURL_CA_BUNDLE=$PWD/other.pem
refuse "certificate" anyfs ls "$https"
export CURL_CA_BUNDLE=$PWD/own.pem
http_stop
http_run "$(free_port)" elsewhere.pem elsewhere.key
refuse "certificate|127.0.0.1" anyfs ls "https://${http#http://}/-/disk.img"

echo "nbds"
mkdir trusted untrusted
cp own.pem trusted/ca-cert.pem
cp other.pem untrusted/ca-cert.pem
cp own.pem ca-cert.pem
cp server.pem server-cert.pem
cp server.key server-key.pem
port=$(free_port)
nbdkit -i 127.0.0.1 -p "$port" -P nbd.pid --tls=require --tls-certificates="$PWD" \
	--readonly file www/disk.img
at_exit nbd_end
wait_for test -s nbd.pid
reads_well "nbds://localhost:$port/?tls-certificates=$PWD/trusted"
refuse "certificate" anyfs ls --net-timeout 5 "nbds://localhost:$port/?tls-certificates=$PWD/untrusted"
refuse "cannot be checked|tls-certificates" anyfs ls "nbds://localhost:$port/"
refuse "cannot be checked" anyfs ls "nbds://localhost:$port/?tls-certificates=$PWD/none"
refuse "TLS" anyfs ls --net-timeout 5 "nbd://localhost:$port/"
