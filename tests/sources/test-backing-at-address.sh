#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If an image at an address names a backing file, the file is opened only in the directory of
# this machine that --allow-backing=DIR gives.
. "${0%/*}/lib-sources.sh"
requires qemu-img --version
make_image
mkdir here
mv www/disk.img here/disk.img
run qemu-img create -q -f qcow2 -b "$PWD/here/disk.img" -F raw www/absolute.qcow2
(cd here && run qemu-img create -q -f qcow2 -b disk.img -F raw top.qcow2)
mv here/top.qcow2 www/top.qcow2
http_start
refuse "needs its backing file disk.img|--allow-backing" anyfs ls "$http/-/top.qcow2"
refuse "can name only files of this machine|--allow-backing=DIR" anyfs ls --allow-backing \
	"$http/-/top.qcow2"
reads_well "$http/-/top.qcow2" --allow-backing=here
reads_well "$http/-/absolute.qcow2" --allow-backing=here
mkdir elsewhere
refuse "refers to the file disk.img|No such file" anyfs ls --allow-backing=elsewhere "$http/-/top.qcow2"
refuse "outside of" anyfs ls --allow-backing=elsewhere "$http/-/absolute.qcow2"
