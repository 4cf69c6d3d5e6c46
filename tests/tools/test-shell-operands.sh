#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs shell interprets operands and options like the verbs: a verb that needs no file of the host
# runs without --host, and one that needs a file is refused before it opens the file.
. "${0%/*}/../lib.sh"
mkdir -p tree/etc tree/copy
printf '%s\n' 1 2 3 4 5 6 7 8 9 >tree/etc/list
sed s/5/five/ tree/etc/list >tree/copy/list
echo x >tree/m
image_ext4 tree
(cd tree/etc && sha256sum list) >sums

echo "Verbs that need no file of the host run without --host."
echo 'get /m -' | anyfs shell -e "$img" | expect x
{ echo 'diff -U 1 --content :/etc :/copy' | anyfs shell "$img" || true; } >got
matches '^ 4$' <got || fail "no context in the output of diff -U: $(cat got)"
! matches '^ 3$' <got || fail "diff -U 1 prints more than one line of context"
echo 'copy --exclude list :/etc :/new' | anyfs shell --write -e "$img"
anyfs ls "$img" /new | expect ""
echo 'rm --help' | anyfs shell -e "$img" | matches '^usage: anyfs rm' || fail "no help of rm"

# refused TEXT COMMAND: the command fails with one line, and the next one runs.
refused() {
	printf '%s\npwd\n' "$2" | anyfs shell "$img" >got 2>err && fail "succeeded: $2"
	expect / <got
	grep -qF "$1" err || fail "$2: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] || fail "$2: more than one line: $(cat err)"
}
echo "Verbs that need a file of the host, or write access, are refused."
for command in 'get /m out' 'copy :/m out' 'diff :/etc tree/etc' 'verify sums /etc' \
	'grep -f sums /m' 'put --owner 0 m /' 'copy --exclude x m :/'; do
	refused 'start it with --host' "$command"
done
for command in 'rm -r /m' 'copy --exclude x :/m :/n' 'put - /n' 'sync' 'setfacl -b /m'; do
	refused 'start it with --write' "$command"
done
refused 'a shell has one image' 'copy other.img:/m :/n'
refused 'a shell has one image' 'diff :/m other.img:/m'
[ ! -e out ] || fail "a file of the host was made"

echo "verify begins at the directory of the shell, and reads its input each time."
code=0
anyfs shell "$img" >got <<'END' || code=$?
cd etc
verify - < sums
verify - < sums
verify - ../etc < sums
cd ../copy
verify - < sums
END
[ $code -eq 1 ] || fail "exit $code"
expect 'list: the content differs (sha256)' <got

echo "A command may have as many words as a message has room for."
{
	printf 'cat'
	for _ in $(seq 9000); do printf ' m'; done
	echo ' | wc -l'
} | anyfs shell -e "$img" | expect 9000
{
	printf 'cat'
	for _ in $(seq 40000); do printf ' m'; done
	echo
} >long
anyfs shell "$img" <long >got 2>err && fail "a command that is too long succeeded"
grep -q 'the command is too long' err || fail "$(cat err)"
