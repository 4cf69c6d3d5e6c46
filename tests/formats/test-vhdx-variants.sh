#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# VHDX images that are fixed, dynamic, differencing or have a log to replay hold the
# same files as the raw disk.
. "${0%/*}/lib-formats.sh"
requires python3 --version
make=${0%/*}/make-image.py
make_disk
try_variant dynamic.vhdx vhdx ""
try_variant fixed.vhdx vhdx subformat=fixed
try_variant block.vhdx vhdx block_size=1M
try_variant large-blocks.vhdx vhdx block_size=256M
try_variant no-zeros.vhdx vhdx block_state_zero=off

# The changes in a pending log are visible, and the log is not replayed into the file.
run qemu-img convert -O vhdx "$img" logged.vhdx
run "$make" vhdx-log logged.vhdx
sha256sum logged.vhdx >before
same_files logged.vhdx
sha256sum -c --quiet before || fail "the log was replayed into the image"
cp logged.vhdx judged.vhdx
run qemu-img check -q -r all judged.vhdx
run qemu-img compare "$img" judged.vhdx >compare.log
python3 - logged.vhdx <<'END'
import sys
with open(sys.argv[1], 'r+b') as f:		# the first entry, at the end of the ring
    f.seek(0x200000 - 100)
    f.write(b'damage')
END
refuse 'logged.vhdx: its log cannot be replayed' anyfs ls logged.vhdx /p2

# Sectors of 4096 bytes.
truncate -s 40M big.img
mkdir -p big-tree
echo big >big-tree/file
run mkfs.ext4 -q -b 4096 -d big-tree big.img
run qemu-img convert -O vhdx -o block_size=1M big.img big.vhdx
run "$make" vhdx-4k big.vhdx
run anyfs cat big.vhdx /file | expect big

# Differencing images: changed blocks in the child, others in two parents.
run qemu-img convert -O vhdx -o block_size=1M "$img" base.vhdx
cp --sparse=always "$img" changed.img
head -c 2500000 /dev/urandom >new
run anyfs put changed.img new /p2
run "$make" vhdx-child base.vhdx "$img" changed.img middle.vhdx
cp --sparse=always changed.img twice.img
run anyfs rm twice.img /p2/random
run anyfs put twice.img new /p2/many/new
run "$make" vhdx-child middle.vhdx changed.img twice.img top.vhdx
refuse 'top.vhdx: needs its parent ./middle.vhdx|--allow-backing' anyfs ls top.vhdx /p2
anyfs hash changed.img /p2 >wanted
run anyfs hash --allow-backing middle.vhdx /p2 >got
same wanted got
anyfs hash twice.img /p2 >wanted
run anyfs hash --allow-backing top.vhdx /p2 >got
same wanted got
cp base.vhdx middle.vhdx
refuse 'top.vhdx: its parent|was changed, or is another image' anyfs ls --allow-backing top.vhdx /p2
