#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Check that every verb of anyfs has a manual page, which is installed and named in anyfs(1),
# and that every option in a program's --help is in its page.
anyfs=build/bin/anyfs
[ -x $anyfs ] || { echo "$anyfs: missing: run make first"; exit 1; }
bad=0

# Check the options of a --help, on standard input, against a page, which has ".Fl -name".
options_are_in() {
	local option
	while read -r option; do
		grep -qE -- "Fl -${option#--}( |$)" "$1" || { echo "$1: $option is missing"; bad=1; }
	done < <(grep -oE -- '(^|[ ,[|{])--[a-z][a-z0-9-]*' | grep -o -- '--.*' | sort -u)
}

for verb in $($anyfs help | sed -n 's/^  \([a-z-]*\)  .*/\1/p'); do
	page=docs/man/anyfs-$verb.1
	[ -f "$page" ] || { echo "$page: missing, for the verb $verb"; bad=1; continue; }
	[ -f "build/share/man/man1/anyfs-$verb.1" ] || { echo "$page: not installed"; bad=1; }
	grep -q "^\.Xr anyfs-$verb 1" docs/man/anyfs.1 || { echo "docs/man/anyfs.1: does not name $page"; bad=1; }
	for section in SYNOPSIS DESCRIPTION OPTIONS "EXIT STATUS" EXAMPLES ERRORS; do
		grep -q "^\.Sh $section$" "$page" || { echo "$page: has no section $section"; bad=1; }
	done
	options_are_in "$page" < <($anyfs help "$verb")
done
for page in docs/man/anyfs-*.1; do
	name=$(basename "$page" .1)
	[ -x "build/bin/$name" ] || $anyfs help "${name#anyfs-}" >/dev/null 2>&1 ||
		{ echo "$page: there is no such verb or program"; bad=1; }
done
for program in anyfs-fuse anyfs-ksmbd anyfs-nfsd anyfs-umount; do
	options_are_in docs/man/$program.1 < <(build/bin/$program --help)
done
options_are_in docs/man/anyfs-parts.1 < <(build/bin/anyfs-lspart --help)
# mdoc takes %N and the like among the arguments of a macro for macros.
if grep -nE '^\.[A-Z][a-z] (.* )?%[A-Z]( |$)' docs/man/*.[1-8]; then
	echo "these directives do not appear on the page: write \\&%N"
	bad=1
fi
exit $bad
