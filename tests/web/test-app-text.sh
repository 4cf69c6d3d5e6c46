#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The text editor of the application keeps line ends of each kind in lines that did not change,
# and asks before it drops a text that was typed.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

mkdir tree
printf 'one\rtwo\rthree\r' >tree/cr.txt
printf 'one\r\ntwo\r\n' >tree/crlf.txt
printf 'one\r\ntwo\nthree\r\nfour\rfive\r\n' >tree/mixed.txt
echo draft >tree/draft.txt
image_ext4 tree ext4.img

web app-text.mjs "$img" changed.img
printf 'one\r2\rthree\r' >cr.txt
printf 'one\r\n2\r\n' >crlf.txt
printf 'one\r\ntwo\nnew\r\nTHREE\r\nfour\rfive\r\n' >mixed.txt
echo draft >draft.txt
for name in cr.txt crlf.txt mixed.txt draft.txt; do
	anyfs cat changed.img "/$name" >got
	same "$name" got
done
run e2fsck -fn changed.img
