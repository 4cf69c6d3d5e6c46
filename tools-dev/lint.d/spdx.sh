#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Check that every file that can contain a comment names its licence in its first lines.
set -o pipefail

files_with_comments() {
	local file
	while read -r file; do
		case $file in
		LICENSE|*.md|*.json|*.expect|*.patch|*.xz|*/series|.gitignore) continue ;;
		esac
		[ ! -f "$file" ] || printf '%s\0' "$file"
	done < <(git ls-files --cached --others --exclude-standard)
}

# One process for all files: one for each takes a minute on a busy machine.
files_with_comments | xargs -0 awk '
	function report() {
		if (name != "" && !found) {
			print name ": no SPDX-License-Identifier line"
			bad = 1
		}
	}
	FNR == 1 { report(); name = FILENAME; found = 0 }
	/SPDX-License-Identifier: / { found = 1 }
	FNR == 5 { nextfile }
	END { report(); exit bad }'
