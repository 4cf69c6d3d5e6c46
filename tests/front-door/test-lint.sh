#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# timeout: 1800
# `make lint` finds nothing.  It runs as a test because CI runs only the tests.
. "${0%/*}/../lib.sh"
requires git -C "$ANYFS_TOP" --version
# The checkout may belong to another user, which git refuses by default.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
git -C "$ANYFS_TOP" rev-parse 2>git.err || skip "not a git checkout: $(cat git.err)"
run "$ANYFS_TOP/tools-dev/lint"
