#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The application downloads a file, and a directory as tar and zip by streaming: the same bytes,
# names, links, modes and times as in the image.
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
# mknod needs root on the host: debugfs makes the device nodes and extended attributes.
dd if="$img" of=ext4.img bs=1M skip=17 count=32 status=none
mknod_in() { debugfs -w -f - ext4.img >/dev/null 2>&1; }
mknod_in <<'END'
cd /deep
mknod disk b 8 300
mknod console c 5 1
mknod pipe p
cd /
ea_set /deep/er/file-4 user.comment "two words"
ea_set /deep user.on-directory x
END
dd if=ext4.img of="$img" bs=1M seek=17 conv=notrunc status=none
mkdir got
web app-download.mjs "$img" os-release got

same got/file tree/os-release
mkdir untar unzip
# GNU tar compares type, size, content, mode, mtime and links; owners are those of the host.
tar --numeric-owner -tvf got/deep.tar deep/disk deep/console deep/pipe | awk '{ print substr($1, 1, 1), $3, $NF }' | sort | expect \
	"b 8,300 deep/disk
c 5,1 deep/console
p 0 deep/pipe"
python3 - <<'END'
import tarfile
headers = {m.name: m.pax_headers for m in tarfile.open("got/deep.tar")}
assert headers["deep/er/file-4"]["SCHILY.xattr.user.comment"] == "two words", headers["deep/er/file-4"]
assert headers["deep"]["SCHILY.xattr.user.on-directory"] == "x"
END
tar -C untar --exclude deep/disk --exclude deep/console --exclude deep/pipe -xpf got/deep.tar
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
