#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The hooks of @anyfs/react show the files of an image, follow changes, suspend, report errors
# and leave no worker behind, in React 18 and 19 with StrictMode.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_unix_tree tree
image_ext4 tree ext4.img

bundle react react-19
web react.mjs react-19 19 "$img" tree/deep/big
bundle react react-18 react-18
web react.mjs react-18 18 "$img" tree/deep/big
