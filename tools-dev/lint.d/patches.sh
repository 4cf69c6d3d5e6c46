#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Kernel patches: the series names each of them once, there are fewer than 30, each is
# under 100 lines, is a mail that git accepts, with author and date, and says whether it
# was forwarded.
cd kernel/patches || exit 1
bad=0
finding() { echo "kernel/patches/$1"; bad=1; }

diff <(grep -v '^#' series | sort) <(find . -name '*.patch' -printf '%P\n' | sort) ||
	finding "series: must name each patch of the directory once, and no other"
[ "$(grep -vc '^#' series)" -lt 30 ] || finding "series: 30 patches or more"
while read -r patch; do
	[ "$(wc -l <"$patch")" -lt 100 ] || finding "$patch: 100 lines or more"
	for field in From Date Subject; do
		sed '/^$/q' "$patch" | grep -q "^$field: *[^ ]" || finding "$patch: no $field: line"
	done
	grep -q '^Signed-off-by: ' "$patch" || finding "$patch: no Signed-off-by"
	case $patch in
	upstream/*)	expected="no, ready to send" ;;
	*)		expected="not-needed, ." ;;
	esac
	sed -n '/^---$/,/^diff /p' "$patch" | grep -q "^Forwarded: $expected" ||
		finding "$patch: no 'Forwarded: $expected' between '---' and 'diff'"
	subject=$(git mailinfo /dev/null /dev/null <"$patch" 2>/dev/null | sed -n 's/^Subject: //p')
	[[ $subject == *:\ * ]] || finding "$patch: no mail with a subject 'subsystem: text'"
done < <(grep -v '^#' series)
exit $bad
