#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# hfs of old Macs; its tools hold no checker.
. "${0%/*}/lib-fs.sh"
requires which hformat
scratch_image 100M
run hformat -l test "$img" >/dev/null
writable hfs "$img" -
verdict
