#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Check the subjects of the commits since a fixed one: "prefix: text", under 60 characters.  A
# prefix is a directory of this tree, with or without "anyfs-", a document in the top directory,
# a verb of anyfs, "build" or "lint".  Several prefixes are written "host, block: text".  In a
# clone without the fixed commit nothing is checked.
base=0ba189ab794712f7264b4b0422b8ad723e0588be
git merge-base --is-ancestor "$base" HEAD 2>/dev/null || exit 0
prefixes=$({
	git ls-tree -r -d --name-only HEAD | sed 's|.*/||; p; s|^anyfs-||'
	git ls-tree -r --name-only HEAD | sed -n 's|.*/cmd-\([a-z0-9]*\)\.c$|\1|p'
	git ls-tree --name-only HEAD | sed -n 's|\.md$||p'
	printf '%s\n' build lint
} | sort -u)
bad=0
while IFS= read -r line; do
	subject=${line#* }
	[ ${#subject} -lt 60 ] ||
		{ echo "${line%% *}: subject of ${#subject} characters: $subject"; bad=1; }
	[[ $subject == *": "* ]] ||
		{ echo "${line%% *}: no \"prefix: text\": $subject"; bad=1; continue; }
	IFS=', ' read -ra words <<<"${subject%%: *}"
	for word in "${words[@]}"; do
		grep -qxF -- "$word" <<<"$prefixes" ||
			{ echo "${line%% *}: $word is not a known prefix: $subject"; bad=1; }
	done
done < <(git log --no-merges --format='%h %s' "$base..HEAD")
exit $bad
