#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An image at an http: address has the same content as the file: raw and in a format,
# with an overlay, by ranges, through a redirect and through a proxy.
. "${0%/*}/lib-sources.sh"

make_image
http_start
reads_well "$http/-/disk.img"
[ "$(requests)" -gt 1 ] || fail "it was not read in ranges"
run qemu-img convert -O qcow2 -c www/disk.img www/disk.qcow2
reads_well "$http/-/disk.qcow2"
truncate -s +100 www/disk.qcow2		# a partial sector at the end
reads_well "$http/-/disk.qcow2"

echo "an overlay over an address"
echo new >new
for name in disk.img disk.qcow2; do
	run anyfs put --overlay "$name.ov" "$http/-/$name" new /dir
	run anyfs cat --overlay "$name.ov" "$http/-/$name" /dir/new | expect new
	refuse "No such file" anyfs cat "$http/-/$name" /dir/new
	refuse "can only be read" anyfs put "$http/-/$name" new /dir
done

echo "an overlay over an address fits in later runs, too, with --download or compressed"
gzip -k www/disk.img
for image in disk.img disk.qcow2 disk.img.gz; do
	for download in --download ''; do
		run anyfs put $download --overlay later.ov "$http/-/$image" new /dir
		run anyfs cat $download --overlay later.ov "$http/-/$image" /dir/new | expect new
		run anyfs cat --download --overlay later.ov "$http/-/$image" /dir/new | expect new
		rm later.ov
	done
done

echo "redirects, proxies"
reads_well "$http/to=|-|disk.img/disk.img"
reads_well "$http/to=http:||localhost:${http##*:}|-|disk.img/disk.img"
refuse "redirects more than" anyfs ls "$http/loop/disk.img"
: >requests
http_proxy=$http reads_well "http://no-such-host.invalid/-/disk.img"
[ "$(requests)" -gt 0 ] || fail "the proxy was not asked"

echo "missing files and hosts"
refuse "status 404" anyfs ls "$http/-/none.img"
refuse "Could not resolve" anyfs ls "http://no-such-host.invalid/x"
refuse "onnect" anyfs ls "http://127.0.0.1:1/x"
: >www/empty
refuse "empty" anyfs ls "$http/-/empty"
refuse "is a file" anyfs ls --download www/disk.img
refuse "part of an image" anyfs ls --offset 1M "$http/-/disk.img"
