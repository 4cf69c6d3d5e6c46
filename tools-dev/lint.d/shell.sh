#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# All scripts pass shellcheck: every one that git knows or could.
mapfile -t scripts < <(git ls-files --cached --others --exclude-standard | while read -r f; do
	[ -f "$f" ] || continue
	case $f in
	*.sh) echo "$f" ;;
	*.*) ;;
	*) head -n 1 "$f" | grep -qE '^#!.*\b(ba)?sh\b' && echo "$f" ;;
	esac
done)
shellcheck -x "${scripts[@]}"
