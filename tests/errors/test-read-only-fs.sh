#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# On file systems that the kernel cannot write, each verb that changes files reports
# that as text and as JSON, and the image does not change.
. "${0%/*}/lib-refused.sh"
requires mksquashfs -version
requires which mkfs.erofs genisoimage
mkdir -p tree/d
echo hello >tree/hello
echo source >source
tar -cf hello.tar -C tree hello
mksquashfs tree squashfs.img -quiet -no-progress >mkfs.log
mkfs.erofs erofs.img tree >mkfs.log
genisoimage -quiet -R -o iso9660.img tree
# One image with iso9660 and udf, like many DVDs.
genisoimage -quiet -R -udf -o udf.img tree
"$ANYFS_TOP/tests/fs/pack-adfs.py" adfs.img tree

refused() { refused_with EROFS "$@"; }
for type in squashfs erofs iso9660 udf adfs; do
	options=()
	# udf.img is detected as iso9660, and adfs has no signature.
	case $type in udf | adfs) options=(--fstype "$type") ;; esac
	before=$(sha256sum <$type.img)
	img=$type.img
	refused put "$img" source /d
	refused put "$img" source /hello
	refused put "$img" - /d/new
	refused put "$img" tree /d
	refused mkdir "$img" /d/new
	refused mkdir -p "$img" /d/new/er
	refused rm "$img" /hello
	refused rm -r "$img" /d
	refused mv "$img" /hello /d
	refused ln "$img" /hello /d/new
	refused ln -s "$img" text /d/new
	refused chmod "$img" 600 /hello
	refused chmod -R "$img" 700 /d
	refused chown "$img" 1:1 /hello
	refused touch "$img" /hello
	refused touch "$img" /d/new
	refused truncate -s 1 "$img" /hello
	refused truncate -s 1 "$img" /d/new
	refused setfattr -n user.name -v value "$img" /hello
	refused tar-in "$img" /d
	# sync has nothing to store, so it succeeds.
	run anyfs sync "${options[@]}" "$img"
	run anyfs fsync "${options[@]}" "$img" /hello
	[ "$(sha256sum <$type.img)" = "$before" ] || fail "$type: the image has changed"
done
