#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The checks of `make lint` for format, patches and commits find faults and accept
# correct text, also in a tree without git's history.
. "${0%/*}/../lib.sh"
requires git --version
requires clang-format --version
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b \
	GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b

# Copy the checks to a separate tree.
mkdir -p tree/lib/host tree/kernel/patches tree/tools-dev
cp -r "$ANYFS_TOP/tools-dev/lint.d" tree/tools-dev/
cp "$ANYFS_TOP/.clang-format" tree/
cd tree || exit 1
run git init -q .

finds() {	# CHECK TEXT...
	local check=$1 text
	shift
	tools-dev/lint.d/"$check" >../out 2>&1 && fail "$check accepts a fault: $(cat ../out)"
	for text; do
		grep -qF -- "$text" ../out || fail "$check does not say '$text': $(cat ../out)"
	done
}

printf '// SPDX-License-Identifier: GPL-2.0\n/*\n * other.c - a subject\n */\nint %0101d;\n' 1 >lib/host/a.c
finds format.py 'begin with "a.c - subject"' "106 columns"
printf '// SPDX-License-Identifier: GPL-2.0\n/*\n * a.c - a subject\n */\nint a;\n' >lib/host/a.c
run tools-dev/lint.d/format.py

cat >kernel/patches/1-x.patch <<'MAIL'
From: A <a@example.org>
Date: Sun, 01 Nov 2026 00:00:00 +0000
Subject: [PATCH] mm: a subject

Signed-off-by: A <a@example.org>
---
Forwarded: no

diff --git a/x b/x
MAIL
echo 1-x.patch >kernel/patches/series
finds patches.sh "no 'Forwarded: not-needed, .'"
sed -i 's/^Forwarded: .*/Forwarded: not-needed, only for arch\/lkl/' kernel/patches/1-x.patch
run tools-dev/lint.d/patches.sh
: >kernel/patches/series
finds patches.sh "must name each patch of the directory once"

# The history here does not have the commit that the check counts from.
git add -A && git commit -qm "no prefix and much too long: $(printf '%080d' 1)"
run tools-dev/lint.d/commits.sh
sed -i "s/^base=.*/base=$(git rev-parse HEAD)/" tools-dev/lint.d/commits.sh
git commit -qam "host: a subject that is all right" && run tools-dev/lint.d/commits.sh
git commit -q --allow-empty -m "nowhere: text"
git commit -q --allow-empty -m "host: $(printf '%080d' 1)"
git commit -q --allow-empty -m "no prefix"
finds commits.sh "nowhere is not a known prefix" "subject of 86 characters" 'no "prefix: text"'
rm -rf .git
run tools-dev/lint.d/commits.sh
