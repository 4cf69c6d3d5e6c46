#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A kept recording reproduces the cuts and their results, in a run of all cuts and in a
# run of a single cut.
. "$(dirname "$0")/../lib.sh"

cuts() {
	(program powercut/powercut "$@" ext4) 2>/dev/null || [ $? -eq 1 ]
}

cuts --states 30 --seed 5 --lie --keep kept.recording | grep -v '^kept:' >first
cuts --states 30 --replay kept.recording >second
same first second
failed=$(grep -m 1 -o 'cut [0-9]*' first) || fail "no cut failed, so none can be repeated"
cuts --replay kept.recording --cut "${failed#cut }" >third
grep -m 1 "$failed " first >wanted
head -n 1 third >got
same wanted got
