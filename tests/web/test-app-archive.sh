#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The application shows ZIP and tar archives as directories and extracts their files; archives
# that are damaged give an error.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

long=long-name-$(printf 'x%.0s' {1..80})
mkdir -p "in/top/$long" tree got
seq 100000 >"in/top/$long/grüße.txt"
echo small >in/top/small
echo other >in/other
python3 - in tree/a.zip <<'END'
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as archive:
    for path, names, files in os.walk(sys.argv[1]):
        for name in sorted(names) + sorted(files):
            archive.write(os.path.join(path, name), os.path.relpath(os.path.join(path, name), sys.argv[1]))
END
tar -C in --format=gnu -cf tree/b.tar top other
tar -C in --format=pax -czf tree/c.tar.gz top other
tar -C in --format=ustar -czf tree/d.tgz top other
head -c 3000 tree/a.zip >tree/cut.zip
cp tree/a.zip tree/bad.zip
# A byte of the checksum of the large file, the last one in the directory of the archive.
python3 - tree/bad.zip <<'END'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
at = data.rfind(b"PK\x01\x02")
data[at + 16] ^= 1
open(sys.argv[1], "wb").write(data)
END
cp tree/b.tar tree/bad.tar
printf x | dd of=tree/bad.tar bs=1 seek=140 conv=notrunc status=none
image_ext4 tree ext4.img

web app-archive.mjs "$img" got
for name in a.zip b.tar c.tar.gz d.tgz; do
	same "in/top/$long/grüße.txt" "got/$name"
done
