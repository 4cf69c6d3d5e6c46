#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Each kernel patch has the header fields that say what it is and where it was sent,
# and the series names each patch once.
bad=0
for patch in kernel/patches/*.patch; do
	for field in Subject Author Forwarded Last-Update; do
		sed '/^--- /q' "$patch" | grep -q "^$field: *[^ ]" ||
			{ echo "$patch: no $field: line"; bad=1; }
	done
	[ "$(grep -cx "${patch##*/}" kernel/patches/series)" = 1 ] ||
		{ echo "$patch: must be in kernel/patches/series once"; bad=1; }
done
exit $bad
