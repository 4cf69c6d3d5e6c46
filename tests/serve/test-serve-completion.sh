#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# bash, zsh and fish complete the options of the servers, and file names.
. "${0%/*}/../lib.sh"
scripts=$ANYFS_TOP/tools/completion
touch some.img

# in_bash PROGRAM WORD: the completions of the word.
in_bash() {
	bash --norc -c '. /usr/share/bash-completion/bash_completion
		. "$0"; compopt() { :; }
		COMP_LINE="$1 $2" COMP_POINT=$((${#1} + ${#2} + 1))
		COMP_WORDS=("$1" "$2") COMP_CWORD=1
		_anyfs
		printf "%s\n" "${COMPREPLY[@]}" | sort' "$scripts/anyfs.bash" "$1" "$2"
}
if [ -f /usr/share/bash-completion/bash_completion ]; then
	in_bash anyfs-nfsd --stat | expect --status
	in_bash anyfs-ksmbd --max- | expect "$(printf -- '--max-conn\n--max-credits\n--max-read')"
	in_bash anyfs-nfsd so | expect some.img
fi

if fish --version >/dev/null 2>&1; then
	fish_completes() {
		fish --no-config -c "source '$scripts/anyfs.fish'; complete -C '$1'" | cut -f1
	}
	fish_completes 'anyfs-nfsd --stat' | expect --status
	fish_completes 'anyfs-ksmbd so' | expect some.img
fi
requires zsh --version
# zsh completes only on a terminal, so only test that it can read the function.
zsh -fn "$scripts/_anyfs" || fail "zsh cannot read the function"
head -1 "$scripts/_anyfs" | matches "^#compdef .* anyfs-nfsd anyfs-ksmbd " || fail "not for the servers"
