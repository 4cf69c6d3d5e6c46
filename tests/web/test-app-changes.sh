#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The application lists each call that changes an image, also those whose old state cannot be
# kept, undoes each, and knows which changes the saved file lacks.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

mkdir -p tree/dir/inner tree/empty
echo one >tree/file
ln tree/file tree/name
ln -s file tree/link
echo inner >tree/dir/inner/file
chmod 640 tree/dir/inner/file
ln -s file tree/dir/inner/link
truncate -s 5M tree/large
image_ext4 tree ext4.img

bundle changes changes
web app-changes.mjs changes "$img"
