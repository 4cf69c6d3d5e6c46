#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: the test changes to the user nobody itself, outside of the checkout
# The tools work for the user nobody, in a directory of that user, with only the
# installed files: without devices, capabilities or set-user-id programs.
. "${0%/*}/../lib.sh"
dir=$(mktemp -d /tmp/anyfs-nobody.XXXXXX)
at_exit "rm -rf $dir"
chmod 755 "$dir"
mkdir -p tree/etc
echo hello >tree/etc/file
image_ext4 tree
run "$ANYFS_TOP/tools-dev/install-tree" "$dir/usr"
cp "$img" "$dir/disk.img"
chmod 644 "$dir/disk.img"
install -d -o nobody -g nogroup "$dir/home"
unset ANYFS_KERNEL
anyfs=$dir/usr/bin/anyfs
cd "$dir/home"
run as_nobody id -u | expect 65534
run as_nobody grep CapEff /proc/self/status | expect "CapEff:	0000000000000000"
run as_nobody "$anyfs" cat "$dir/disk.img" /etc/file | expect hello
run as_nobody "$anyfs" ls -l "$dir/disk.img" /etc
run as_nobody "$anyfs" parts "$dir/disk.img"
run as_nobody "$anyfs" hash "$dir/disk.img" /etc
run as_nobody "$anyfs" get "$dir/disk.img" /etc out
same out/file "$OLDPWD/tree/etc/file"
