#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Images at addresses of GIO are read, also with a cache file and --download, and not written.
. "${0%/*}/lib-sources.sh"

make_image
url=file://$PWD/www/disk.img
reads_well "$url"
reads_well "FILE${url#file}"
reads_well "$url" --cache-file cache
reads_well "$url" --cache-file cache
reads_well "$url" --download
run qemu-img convert -O qcow2 www/disk.img www/disk.qcow2
reads_well "file://$PWD/www/disk.qcow2"
refuse "No such file" anyfs ls "file://$PWD/none"
refuse "is a directory" anyfs ls "file://$PWD/www"
refuse "Operation not supported|gvfs" anyfs ls "no-such-scheme://host/image"
refuse "can only be read" anyfs mkdir "$url" /new
