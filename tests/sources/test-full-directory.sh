#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If the directory for temporary files is full, downloading and unpacking end with an error that
# says how to choose another one.  Without room for the cache file no wrong data is read.
# root: mounts a small tmpfs
. "${0%/*}/lib-sources.sh"

make_image
gzip -1 -c www/disk.img >www/disk.gz
xz -0 -T1 -c www/disk.img >www/disk.xz
http_start
mkdir full
run mount -t tmpfs -o size=2M tmpfs full
at_exit "umount -l $PWD/full"
export TMPDIR=$PWD/full
for url in "$http/-/disk.img" "file://$PWD/www/disk.img"; do
	refuse "the temporary file: No space left on device|TMPDIR" anyfs ls --download "$url"
done
for image in www/disk.xz "$http/-/disk.xz"; do
	refuse "cannot be unpacked to $TMPDIR: No space left on device|--unpack-dir" anyfs ls "$image"
	run anyfs cat --unpack-dir . "$image" /dir/few | expect $'7\n8\n9'
done
# Parts of a gzip image are unpacked when they are read.
refuse "www/disk.gz: |No space left on device" anyfs ls www/disk.gz
run anyfs cat --unpack-dir . www/disk.gz /dir/few | expect $'7\n8\n9'

echo "a full cache file"
code=0
anyfs hash --cache-file full/cache "$http/-/disk.img" >got 2>err || code=$?
if [ $code -eq 0 ]; then
	same got www/hashes
else
	grep -q "there is no room for the cache file" err || fail "$(cat err)"
	if grep -vxFf www/hashes got; then fail "wrong data were read"; fi
fi
rm full/cache
[ -z "$(ls full)" ] || fail "a file stays: $(ls full)"
