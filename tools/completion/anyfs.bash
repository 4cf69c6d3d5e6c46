# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Completion of anyfs and the other programs for bash.  "anyfs __complete" prints the words that
# may follow; it reads the paths inside the image.

# Remove the quotes of a word that may be incomplete.
_anyfs_unquote() {
	local word=$1 out='' c
	while [ -n "$word" ]; do
		c=${word:0:1} word=${word:1}
		case $c in
		'\')	out+=${word:0:1} word=${word:1} ;;
		\'|\")	;;
		*)	out+=$c ;;
		esac
	done
	printf '%s' "$out"
}

_anyfs() {
	local cur words cword word line
	local -a plain=() ask=(anyfs)

	_get_comp_words_by_ref -n := cur words cword
	for word in "${words[@]:1:cword}"; do
		plain+=("$(_anyfs_unquote "$word")")
	done
	# Ask the anyfs in the program's directory: it knows the options of all programs.
	[[ ${words[0]} != */* ]] || ask=("${words[0]%/*}/anyfs")
	[ "${words[0]##*/}" = anyfs ] || plain=(--program "${words[0]##*/}" "${plain[@]}")
	COMPREPLY=()
	while IFS= read -r line; do
		if [ "$line" = :files ]; then
			while IFS= read -r word; do
				COMPREPLY+=("$word")
			done < <(compgen -f -- "$cur")
		else
			COMPREPLY+=("${line%%$'\t'*}")
		fi
	done < <("${ask[@]}" __complete "${plain[@]}" 2>/dev/null)
	# "filenames" quotes blanks, and lists only the last component.
	compopt -o filenames
	[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *[/=] ]] || compopt -o nospace
	# For readline a colon begins a new word: leave out the part of the replies before it.
	[[ $COMP_WORDBREAKS != *:* || $cur != *:* ]] ||
		COMPREPLY=("${COMPREPLY[@]#"${plain[-1]%"${plain[-1]##*:}"}"}")
}
complete -F _anyfs anyfs anyfs-fuse anyfs-umount anyfs-lspart anyfs-nfsd anyfs-ksmbd \
	cptofs cpfromfs fs2tar lklfuse
