#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Generated command lines of anyfs grep select and print the same lines as those of GNU grep
# over the same files.
. "${0%/*}/../lib.sh"
requires grep -E --version
run python3 "${0%/*}/make-grep-tree.py" tree
image_ext4 tree
run python3 "${0%/*}/compare-grep.py" "$img" tree 120
