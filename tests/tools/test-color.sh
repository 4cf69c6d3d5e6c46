#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ls, tree, grep and diff use the colours of the GNU programs of these names, on a terminal unless
# NO_COLOR is set, or as --color says.
. "${0%/*}/../lib.sh"
unset LS_COLORS GREP_COLORS NO_COLOR
export TERM=xterm
requires diff --version
mkdir -p tree/dir tree/sticky tree/open tree/both
chmod 1755 tree/sticky
chmod 777 tree/open
chmod 1777 tree/both
printf 'one hello two\nnothing\nhello hello\nend\n' >tree/text
echo '#!/bin/sh' >tree/program
chmod 755 tree/program
touch tree/plain tree/a.tar tree/suid
chmod 4755 tree/suid
ln -s text tree/link
mkfifo tree/fifo
image_ext4 tree
run anyfs rm -r "$img" /lost+found

plain() { sed 's/\x1b\[0m//g'; }
# GNU ls prints the sequence that ends a colour twice, and once at the beginning.
check_ls() {
	(cd tree && ls -A --color=always -1) | plain >theirs
	anyfs ls --color=always "$img" / | plain | same - theirs
	anyfs ls --color=always "$img" / | matches $'\x1b\[0m' || fail "no colour ends"
}
check_ls
LS_COLORS='di=35:*.tar=01;31:ex=00:*ain=4:fi=0' check_ls
LS_COLORS='di=1x:ln=33' anyfs ls --color=always "$img" / | matches $'^\x1b\[01;34mdir'
anyfs tree --color=always "$img" / | grep -c -e $'-- \x1b\[01;34mdir\x1b\[0m$' | expect 1

echo "grep:"
check_grep() {
	(cd tree && grep --color=always "$@" text || true) | sed 's,text\x1b,/text\x1b,' >theirs
	anyfs grep --color=always "${@:1:$#-1}" "$img" "${@: -1}" /text >ours || true
	same ours theirs
}
check_grep hello
check_grep -Hn hello
check_grep -n -C 1 two
check_grep -v -n hello
check_grep -v -C 1 nothing
check_grep -Hc hello
check_grep -l hello
check_grep -i -w HELLO
check_grep -n 'x*'
for colors in 'mt=07:fn=4:ln=1;33:se=' 'ms=01;32:mc=01;34:ne' 'sl=1:cx=2:rv' 'sl=7:cx=2:mt=' \
	'mc=01;36:cx=2' 'ln=:sl=4'; do
	export GREP_COLORS=$colors
	echo "GREP_COLORS=$colors"
	check_grep -Hn hello
	check_grep -n -C 1 two
	check_grep -v -n -C 1 nothing
	check_grep -v hello
	check_grep -n 'x*'
	check_grep -c hello
done
GREP_COLORS='mt=1x:zz=4:fn=31' check_grep -l hello
GREP_COLORS='mt=1x:ms' check_grep hello
unset GREP_COLORS
(cd tree && grep --color=always -o hello text) >theirs
anyfs grep --color=always --only-matching "$img" hello /text | same - theirs

echo "diff:"
mkdir two
sed 's/nothing/something/; s/end/END/' tree/text >two/text
image_ext4 two two.img
names() { sed 's,^\(\x1b\[1m[-+]*\).*\x1b,\1\x1b,'; }
diff -u --color=always tree/text two/text | names >theirs || true
anyfs diff --content --color=always "$PWD/disk.img:/text" "$img:/text" | names >ours || true
same ours theirs
img=$PWD/disk.img

echo "On a terminal, and not in a file:"
on_terminal() { python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' "$@" </dev/null; }
is_coloured() { matches $'\x1b\\[01;'; }
on_terminal anyfs ls "$img" / | is_coloured || fail "no colour on a terminal"
anyfs ls "$img" / | is_coloured && fail "colour in a pipe"
NO_COLOR=1 on_terminal anyfs ls "$img" / | is_coloured && fail "colour with NO_COLOR"
NO_COLOR='' on_terminal anyfs ls "$img" / | is_coloured || fail "no colour with an empty NO_COLOR"
TERM=dumb on_terminal anyfs ls "$img" / | is_coloured && fail "colour on a dumb terminal"
on_terminal anyfs ls --color=never "$img" / | is_coloured && fail "colour with never"
NO_COLOR=1 anyfs ls --color=always "$img" / | is_coloured || fail "always is not obeyed"
refuse "--color=blue: give always, never or auto" anyfs ls --color=blue "$img"
