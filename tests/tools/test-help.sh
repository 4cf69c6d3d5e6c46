#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# --help and --version of the tools and of each verb print to stdout and exit with 0.
# The manual pages have every verb and option.  Wrong usage causes one line on stderr.
. "${0%/*}/../lib.sh"
manuals=$ANYFS_TOP/docs/man

# options_are_in MANUAL NAME: MANUAL has every option of the --help text on standard input,
# as ".Fl -name" or ".Fl n , -name".
options_are_in() {
	local option
	while read -r option; do
		grep -qE -- "(Fl|,) -${option#--}\b" "$manuals/$1" || fail "$1 has no $option, of $2"
	done < <(grep -o -- '--[a-z][a-z0-9-]*')
}

run anyfs --help >out
sed -n 's/^  \([a-z-]*\)  .*/\1/p' out >verbs
for verb in ls cat get put stat hash parts info mkdir rm mv ln chmod chown touch truncate \
	getfattr setfattr sync fsync tar-in tar-out oci-in mkfs; do
	grep -qx -- "$verb" verbs || fail "--help does not list $verb"
done
while read -r verb; do
	run anyfs "$verb" --help >help
	head -n 1 help | matches "^usage: anyfs $verb " || fail "$verb --help: $(cat help)"
	grep -q "^\.It Cm $verb$" "$manuals/anyfs.1" || fail "the manual does not list $verb"
	options_are_in "anyfs-$verb.1" "$verb" <help
	code=0
	anyfs "$verb" --no-such-option disk.img >wrong.out 2>wrong.err || code=$?
	[ $code -eq 2 ] || fail "$verb --no-such-option: exit $code"
	[ "$(wc -l <wrong.err)" -eq 1 ] && [ ! -s wrong.out ] || fail "$verb: $(cat wrong.err wrong.out)"
done <verbs
# Verbs that copy or change have --json, which reports their results to programs.
for verb in get put tar-in oci-in mkdir rm mv ln chmod chown touch truncate setfattr sync fsync mkfs; do
	anyfs "$verb" --help | matches -- '--json' || fail "$verb has no --json"
done

run anyfs --version >out
grep -Eq '^anyfs [0-9]+\.[0-9]+' out || fail "version: $(cat out)"
grep -q '6\.12\.' out || fail "--version does not name the kernel: $(cat out)"
for tool in anyfs-lspart anyfs-fuse anyfs-umount; do
	run "$tool" --help >out
	head -n 1 out | matches "^usage: $tool " || fail "$tool --help: $(cat out)"
	case $tool in
	anyfs-lspart) options_are_in anyfs-parts.1 "$tool" ;;		# that is "anyfs parts"
	*) options_are_in "$tool.1" "$tool" ;;
	esac <out
done
refuse "no-such-verb" anyfs no-such-verb
refuse "" anyfs ls
