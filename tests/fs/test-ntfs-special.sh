#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: ntfs-3g mounts the image to make a link like WSL
#
# ntfs-3g stores symbolic links and devices as system files with a magic number.  The verb get
# makes links of the links, and tar-out stores links and devices.  For a link that is stored as a
# reparse point of WSL, get reports an error.
. "$ANYFS_TOP/tests/lib.sh"
requires mkfs.ntfs --version
requires python3 -V
scratch_image 32M
mkfs.ntfs -F -q -f "$img" >/dev/null 2>&1

# The bytes that ntfs-3g writes; without the attribute "system" they are a file.
python3 - <<'END'
import struct
def link(name, target):
    open(name, "wb").write(b"IntxLNK\1" + target.encode("utf-16-le"))
link("link", "dir/f\u00efle \U0001f600")
link("plain", "file")
open("broken", "wb").write(b"IntxLNK\1\0\xd8")
open("chr", "wb").write(b"IntxCHR\0" + struct.pack("<QQ", 1, 3))
END
echo content >file
run anyfs put "$img" link plain broken chr file /
system=0x$(printf '%08x' 0x24000000)
for name in link broken chr; do
	run anyfs setfattr -n system.ntfs_attrib -v "$system" "$img" /$name
done

code=0
anyfs get "$img" / out 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
[ "$(readlink out/link)" = "dir/fïle 😀" ] || fail "$(stat out/link)"
same plain out/plain
grep -q '/broken: not copied' err || fail "$(cat err)"
code=0
anyfs tar-out "$img" / >out.tar 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
python3 - <<'END'
import tarfile
with tarfile.open("out.tar") as t:
    i = t.getmember("link")
    assert i.issym() and i.linkname == "dir/f\u00efle \U0001f600", i.linkname
    i = t.getmember("chr")
    assert i.ischr() and (i.devmajor, i.devminor) == (1, 3), i.devmajor
    assert t.getmember("plain").isreg()
    assert "broken" not in t.getnames()
END

if [ ! -c /dev/fuse ] || [ "$(id -u)" -ne 0 ]; then
	exit 0
fi
mkdir m
ntfs-3g -o special_files=wsl "$img" m || exit 0
ln -s file m/wsl
umount m
refuse "/wsl: not copied|WSL" anyfs get "$img" /wsl .
