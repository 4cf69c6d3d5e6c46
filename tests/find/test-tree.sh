#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs tree draws directories and partitions as a tree.
. "${0%/*}/../lib.sh"
mkdir -p tree/a/b small
echo x >tree/a/b/c
echo y >tree/a/.d
ln -s b/c tree/a/e
echo boot >small/boot
image_gpt small tree
anyfs tree "$img" | grep -v lost+found | expect "/
|-- p1
|   \`-- boot
\`-- p2
    |-- a
    |   |-- .d
    |   |-- b
    |   |   \`-- c
    |   \`-- e -> b/c

5 directories, 4 files"
anyfs tree -d -L 2 "$img" '/p2' | expect "/p2
|-- a
|   \`-- b
\`-- lost+found

3 directories"
refuse '-L 0' anyfs tree -L 0 "$img"
refuse '/p2/a/b/c|Not a directory' anyfs tree "$img" /p2/a/b/c
