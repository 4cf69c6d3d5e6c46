#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Headers, user names and passwords are sent only to the server for which they were given.
. "${0%/*}/lib-sources.sh"

make_image
http_start
refuse "status 403" anyfs ls "$http/need=secret/disk.img"
reads_well "$http/need=secret/disk.img" --header "X-Key: secret"
refuse "Name: value" anyfs ls --header nonsense "$http/-/disk.img"
refuse "password" anyfs ls "$http/basic=me:pw/disk.img"
reads_well "http://me:pw@127.0.0.1:${http##*:}/basic=me:pw/disk.img"
printf 'machine 127.0.0.1 login me password pw\n' >.netrc
HOME=$PWD reads_well "$http/basic=me:pw/disk.img"

echo "no message has the password"
code=0
anyfs ls "http://me:pass-word@127.0.0.1:${http##*:}/-/none" 2>err || code=$?
[ "$code" -eq 3 ] || fail "exit $code"
if grep pass-word err; then fail "the password was printed"; fi

echo "a header is sent to its host only"
: >requests
reads_well "$http/to=http:||localhost:${http##*:}|-|disk.img/disk.img" --header "X-Key: secret"
if grep secret requests; then fail "it was sent to another host"; fi
reads_well "$http/to=|-|disk.img/disk.img" --header "X-Key: secret"
grep -q secret requests || fail "it was not sent to the same host"

