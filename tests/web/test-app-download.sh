#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The application downloads a file, and a directory as tar and zip by streaming: the same bytes,
# names, links, modes and times as in the image.
#
# timeout: 300
. "${BASH_SOURCE[0]%/*}/lib-web.sh"
requires unzip -v

make_tree fat-tree
make_unix_tree tree
long=$(printf 'a-long-name-%.0s' {1..12})
mkdir -p "tree/deep/$long/$long"
echo "in a long path" >"tree/deep/$long/$long/grüße"
ln "tree/deep/er/file-1" tree/deep/hard-link
ln -s "$long/$long/grüße" tree/deep/link-to-long
chmod 4751 tree/deep/er/file-2
touch -d '2001-02-03 04:05:06.789 UTC' tree/deep/er/file-3
image_gpt fat-tree tree
mkdir got
web app-download.mjs "$img" os-release got

same got/file tree/os-release
mkdir untar unzip
# GNU tar compares type, size, content, mode, mtime and links; owners are those of the host.
tar -C untar -xpf got/deep.tar
diff -r --no-dereference tree/deep untar/deep
# mke2fs stores whole seconds.
list() { (cd "$1" && find . -printf '%P %y %m %l %n %Ts\n' | sort); }
list tree/deep >want
list untar/deep >have
diff want have
unzip -q got/deep.zip -d unzip
diff -r --no-dereference tree/deep unzip/deep
[ "$(stat -c %a unzip/deep/er/file-2)" = 4751 ] || [ "$(stat -c %a unzip/deep/er/file-2)" = 751 ] ||
	fail "zip lost the mode"
[ "$(stat -c %Y unzip/deep/er/file-3)" = "$(stat -c %Y tree/deep/er/file-3)" ] || fail "zip lost the time"
