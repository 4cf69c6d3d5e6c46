# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Completion of anyfs-nfsd and anyfs-ksmbd for bash: the options of --help, and file names.
_anyfs_server() {
	local cur=${COMP_WORDS[COMP_CWORD]} word options=''
	if [[ $cur == -* ]]; then
		options=$("${COMP_WORDS[0]}" --help 2>/dev/null |
			grep -oE -- '(^|[ ,])--[a-z][a-z-]*' | tr -d ' ,' | sort -u)
	fi
	COMPREPLY=()
	while IFS= read -r word; do
		COMPREPLY+=("$word")
	done < <(if [[ $cur == -* ]]; then compgen -W "$options" -- "$cur"; else compgen -f -- "$cur"; fi)
	compopt -o filenames
}
complete -F _anyfs_server anyfs-nfsd anyfs-ksmbd
