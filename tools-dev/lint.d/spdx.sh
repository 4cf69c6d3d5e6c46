#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Check that every file that can contain a comment names its licence in its first lines.
bad=0
while read -r file; do
	case $file in
	LICENSE|*.md|*.json|*.expect|*.patch|*.xz|*/series|.gitignore) continue ;;
	esac
	[ -f "$file" ] || continue
	head -n 5 "$file" | grep -q 'SPDX-License-Identifier: ' ||
		{ echo "$file: no SPDX-License-Identifier line"; bad=1; }
done < <(git ls-files --cached --others --exclude-standard)
exit $bad
