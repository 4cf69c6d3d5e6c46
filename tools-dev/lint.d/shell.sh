#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Run shellcheck on all scripts that git tracks or could track.  shellcheck takes a second or
# more for each script, so successes are recorded beside the kernel's cache, under a hash of
# the script and of the files that scripts source (lib*.sh).
mapfile -t scripts < <(git ls-files --cached --others --exclude-standard | while read -r f; do
	[ -f "$f" ] || continue
	case $f in
	*.sh) echo "$f" ;;
	*.*) ;;
	*) head -n 1 "$f" | grep -qE '^#!.*\b(ba)?sh\b' && echo "$f" ;;
	esac
done)
passed=${ANYFS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/anyfs}-lint/shell
mkdir -p "$passed"
shared=$({ shellcheck --version; cat .shellcheckrc; printf '%s\n' "${scripts[@]}" |
	grep -E '(^|/)lib[^/]*\.sh$' | xargs cat; } | sha256sum)

status=0
for f in "${scripts[@]}"; do
	key=$passed/$({ echo "$shared $f"; cat "$f"; } | sha256sum | cut -c1-40)
	[ -e "$key" ] && continue
	if shellcheck -x "$f"; then
		touch "$key"
	else
		status=1
	fi
done
find "$passed" -type f -mtime +30 -delete
exit $status
