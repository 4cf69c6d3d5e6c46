#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# bash, zsh and fish complete the options of the servers, and file names.
. "${0%/*}/../lib.sh"
scripts=$ANYFS_TOP/tools/completion
touch some.img

# in_bash PROGRAM WORD: the completions of the word.
in_bash() {
	bash --norc -c '. "$0"; compopt() { :; }
		COMP_WORDS=("$1" "$2") COMP_CWORD=1
		_anyfs_server
		printf "%s\n" "${COMPREPLY[@]}"' "$scripts/anyfs-servers.bash" "$1" "$2"
}
in_bash anyfs-nfsd --stat | expect --status
in_bash anyfs-ksmbd --max- | expect "$(printf -- '--max-conn\n--max-credits\n--max-read')"
in_bash anyfs-nfsd so | expect some.img

if fish --version >/dev/null 2>&1; then
	fish_completes() { fish --no-config -c "source '$scripts/anyfs-servers.fish'; complete -C '$1'"; }
	fish_completes 'anyfs-nfsd --stat' | expect --status
	fish_completes 'anyfs-ksmbd so' | expect some.img
fi
requires zsh --version
# zsh completes only on a terminal: the function is read without an error.
zsh -fn "$scripts/_anyfs-servers" || fail "zsh cannot read the function"
head -1 "$scripts/_anyfs-servers" | expect "#compdef anyfs-nfsd anyfs-ksmbd"
