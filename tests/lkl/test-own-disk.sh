#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A program can implement a disk with functions of its own.
. "${0%/*}/../lib.sh"
mkdir tree
echo hello >tree/hello
image_ext4 tree
program lkl/own-disk "$img"
