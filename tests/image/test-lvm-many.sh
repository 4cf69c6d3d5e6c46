#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A volume group of 10,000 volumes is listed, by name and by number, and its volumes are opened.
# Those from lv02000 on hold an ext2, except for lv09999: the kernel cannot map all at once.
. "${0%/*}/../lib.sh"
run mke2fs -q -t ext2 -b 1024 -N 16 -m 0 -O ^resize_inode,^dir_index -L tiny tiny.img 64
run python3 "${0%/*}/make-lvm-many.py" 10000 many.img tiny.img 2000 9999
seq -f 'lv%05g' 0 9999 >names

# The resident memory of the command in kB goes to ./peak.
measured() {
	run python3 -c 'import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
open("peak", "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)' "$@"
}

run anyfs ls many.img / >listed
same names listed
measured anyfs parts many.img >listed
[ "$(grep -c '^/lv[0-9]* *striped *' listed)" -eq 10000 ] || fail "$(head listed)"
[ "$(grep -c '^/lv0[2-9].* ext2 .*tiny' listed)" -eq 7999 ] || fail "$(grep -m 9 '^/lv0[2-9]' listed)"
[ "$(cat peak)" -lt 400000 ] || fail "anyfs parts needed $(cat peak) kB"
run anyfs parts --tree many.img >listed
[ "$(grep -c 'ext2 filesystem' listed)" -eq 7999 ] || fail "$(grep -m 9 -A 1 lv02000 listed)"
refuse "/lv09999: no file system recognised" anyfs ls many.img /lv09999
refuse "/lv09999: no file system recognised" anyfs ls many.img /p10000
refuse "there is no" anyfs ls many.img /p10001
run anyfs ls many.img /lv09998 >listed
matches '^lost+found$' <listed
run program image/session tree many.img p0/p10000 >listed
grep -q '^p0/p10000: many.img: /lv09999: no file system' listed || fail "$(head listed)"
[ "$(grep -c '^  p[0-9]* UNKNOWN .* size=65536 ' listed)" -eq 2001 ] || fail "$(head listed)"
[ "$(grep -c '^  p[0-9]* FS fstype=ext2 label=tiny .* size=65536 ' listed)" -eq 7999 ] ||
	fail "$(grep -m 9 '^  p2[0-9][0-9][0-9] ' listed)"

# A volume that needs more devices than the kernel can map is an error, not unknown content.
run python3 "${0%/*}/make-lvm-many.py" 2 wide.img tiny.img 0 0 3000
refuse "wide.img/part|the kernel cannot map the volume: it has no memory or threads left" anyfs parts wide.img
tree=0
anyfs parts --tree wide.img >listed 2>err || tree=$?
[ "$tree" -eq 1 ] || fail "parts --tree: exit $tree"
matches 'no memory or threads left' <err
run program image/session tree wide.img >listed
matches 'Cannot allocate memory' <listed
refuse "no memory or threads left" anyfs ls wide.img /wide
