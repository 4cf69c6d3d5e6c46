#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# oci-in applies the layers of an image layout, of the same layout in an archive, and of a docker
# archive, with whiteouts and opaque directories; umoci unpacks the same files.
. "${0%/*}/lib-write.sh"
make=$ANYFS_TOP/tests/write/make-oci.py
python3 "$make" layout layout
cat >expected <<'END'
again d 755 0:0
again/new f 644 0:0
bin l 777 0:0
dir-to-file f 644 0:0
etc d 755 0:0
etc/first f 644 0:0
etc/kept f 644 10:20
etc/replaced f 644 0:0
etc/second f 644 0:0
etc/via f 644 0:0
file-to-dir d 755 0:0
file-to-dir/y f 644 0:0
kept-link l 777 0:0
opaque d 755 0:0
opaque/dir d 755 0:0
opaque/dir/new f 644 0:0
tree d 755 0:0
tree/back f 644 0:0
usr d 755 0:0
END
listed() { anyfs find "$img" "$1" -mindepth 1 -printf '%P %y %m %U:%G\n' | sed '/^lost+found /d' | sort; }

for type in ext4 xfs btrfs; do
	make_fs $type
	run anyfs oci-in "$img" layout
	listed / >got
	diff expected got || fail "$type: other files"
	run anyfs cat "$img" /etc/replaced /tree/back /dir-to-file | expect $'new\nback\nfile'
	[ "$(anyfs stat --format %h "$img" /etc/first)" = 2 ] || fail "the link to a lower layer"
	run anyfs getfattr "$img" /etc | expect ""
	[ "$(anyfs stat --format %Y "$img" /etc /opaque/dir)" = $'1000000000\n1000000000' ] ||
		fail "times of directories"
	check_fs $type
done
# The time of a directory without an entry is that of the run.
run anyfs touch -d @1 "$img" /tree
run anyfs hash --format mtree "$img" / >manifest

echo "an archive of the layout, compressed too, gives the same"
tar -C layout -cf plain.tar .
gzip -k plain.tar
for source in plain.tar plain.tar.gz; do
	make_fs btrfs
	run anyfs oci-in --json "$img" $source / >result
	run anyfs touch -d @1 "$img" /tree
	run anyfs verify "$img" manifest
	python3 -c '
import json
result = json.load(open("result"))
assert not result["failed"] and result["files"] == 39, result' || fail "$(cat result)"
done

echo "and so does a docker archive, and its content in a directory"
python3 "$make" docker docker.tar
mkdir docker
tar -C docker -xf docker.tar
make_fs btrfs
run anyfs oci-in --ref example:2 "$img" docker.tar /
run anyfs touch -d @1 "$img" /tree
run anyfs verify "$img" manifest
make_fs btrfs
refuse "docker: b/layer.tar: it is a symbolic link" anyfs oci-in "$img" docker
listed / | expect ""

echo "standard input, a file or a pipe"
make_fs btrfs
run anyfs oci-in --ref example:2 "$img" - / <docker.tar
listed / >from-file
make_fs btrfs
# shellcheck disable=SC2002  # a pipe
cat docker.tar | run anyfs oci-in --ref example:2 "$img" - /
listed / | diff from-file -
[ -s from-file ] || fail "nothing was unpacked"
refuse "standard input: not a tar archive" anyfs oci-in "$img" -

echo "the configuration"
make_fs ext4
run anyfs oci-in --print-config "$img" layout >config
python3 -c 'import json, sys; print(json.load(open("config")).get("Cmd"))' | expect "['/bin/sh']"
refuse "give only one" anyfs oci-in --print-config --json "$img" layout

echo "a directory as the destination, and options for metadata"
run anyfs mkdir -p "$img" /a/b
run anyfs oci-in --owner 5:6 --no-xattrs "$img" layout /a/b
listed /a/b | sed 's/[0-9]*:[0-9]*$/5:6/' >got
sed 's/[0-9]*:[0-9]*$/5:6/' expected | diff - got
[ "$(anyfs stat --format %u:%g "$img" /a/b/etc/kept)" = 5:6 ] || fail "--owner"

echo "platforms and names"
make_fs ext4
run anyfs oci-in --platform linux/arm64 "$img" layout
listed / | expect 'arm f 644 0:0'
refuse "layout: no image for linux/arm |latest (linux/amd64), latest (linux/arm64)" \
	anyfs oci-in --platform linux/arm "$img" layout
refuse "no image other for linux/amd64" anyfs oci-in --ref other "$img" layout
refuse "operating system" anyfs oci-in --platform linux "$img" layout
python3 "$make" names names
refuse "several images fit|one (linux/amd64), two (linux/amd64)" anyfs oci-in "$img" names
run anyfs oci-in --ref two "$img" names
anyfs ls "$img" / | matches '^two$' || fail "the image two"
! anyfs ls "$img" / | matches '^one$' || fail "the image one"

echo "umoci, which does not read zstd, unpacks the same files"
requires umoci --version
python3 "$make" flat flat
run umoci unpack --rootless --image flat:latest bundle
find bundle/rootfs -mindepth 1 -printf '%P %y %m\n' | sort >umoci
cut -d' ' -f1-3 expected | diff umoci - || fail "umoci unpacks other files"
