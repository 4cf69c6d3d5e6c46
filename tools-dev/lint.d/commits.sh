#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Subjects of commits since a fixed one: "prefix: text", under 60 characters.  A
# prefix is the name of a directory of this tree or a verb of anyfs; several stand
# as "host, block: text".  A clone that does not have that commit has nothing to check.
base=b170bee3f7ddd16598d982a689b0488db1113cdd
git merge-base --is-ancestor "$base" HEAD 2>/dev/null || exit 0
prefixes=$({
	git ls-tree -r -d --name-only HEAD | sed 's|.*/||'
	git ls-tree -r --name-only HEAD | sed -n 's|.*/cmd-\([a-z0-9]*\)\.c$|\1|p'
	echo build
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
			{ echo "${line%% *}: $word is no directory or verb: $subject"; bad=1; }
	done
done < <(git log --no-merges --format='%h %s' "$base..HEAD")
exit $bad
