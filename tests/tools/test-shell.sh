#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs shell runs verbs on an image that it opens once.
. "${0%/*}/../lib.sh"
mkdir -p "tree/etc/a b" host other
echo hello >tree/etc/motd
echo spaced >"tree/etc/a b/c d"
for i in 1 2; do echo "$i" >tree/etc/f$i.conf; done
image_ext4 tree
before=$(sha256sum "$img")

echo "Relative paths begin at the directory that cd sets."
anyfs shell -e "$img" <<'END' | expect "$(printf '%s\n' /etc hello /etc/f1.conf /etc/f2.conf \
	spaced hello /etc/motd /etc /)"
cd etc
pwd
cat motd
ls *.conf
cat "a b/c d"
cat ../etc/./motd   # a comment
find . -name 'mo*'
cd 'a b'
cd ..
pwd
cd
pwd
END

echo "Output goes to programs and files of the host, and the host's commands run."
anyfs shell -e "$img" <<'END' | expect "$(printf '%s\n' HELLO 2 "done 1")"
cat /etc/motd | tr a-z A-Z
cat /etc/f1.conf > out
cat /etc/f2.conf >> out
! wc -l < out
cat /etc/motd | { read -r x; exit 0; }
!echo "done $(head -1 out)"
END
printf '1\n2\n' | cmp - out || fail "the redirections wrote: $(cat out)"

echo "The exit code reports a failure, and with -e the failure ends the shell."
code=0
printf 'cat /none\npwd\n' | anyfs shell "$img" >got 2>err || code=$?
[ "$code" -eq 1 ] || fail "exit $code"
expect / <got
grep -q "/none: No such file" err || fail "no message: $(cat err)"
code=0
printf 'cat /none\npwd\n' | anyfs shell -e "$img" >got 2>err || code=$?
[ "$code" -eq 1 ] && [ ! -s got ] || fail "exit $code with -e: $(cat got)"
code=0
printf 'cat /etc/motd | exit 7\n' | anyfs shell "$img" || code=$?
[ "$code" -eq 7 ] || fail "exit $code of a pipe"

# says TEXT COMMAND [OPTIONS]: the command must fail with TEXT, and the next one must work.
says() {
	local text=$1 command=$2
	shift 2
	printf '%s\npwd\n' "$command" | anyfs shell "$@" "$img" >got 2>err &&
		fail "succeeded: $command"
	expect / <got
	grep -qF "$text" err || fail "$command: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] || fail "$command: more than one line: $(cat err)"
}
echo "A mistake does not end the shell."
says 'start it with --write' 'rm /etc/motd'
says 'start it with --host' 'get /etc/motd host'
says 'start it with --host' 'copy :/etc/motd host'
says 'no verb "lss"; did you mean "ls"?' lss
says 'a quote is not closed' "cat 'x"
says 'a file name must follow' 'ls >'
says 'a verb must precede |' '| cat'
says 'option of the image' 'ls --format raw /'
says 'needs the image for itself' 'mkfs ext4'
says 'unknown option' 'ls --no-such'
says 'too many arguments' 'cd a b'
says 'No such file' 'cd /none'
says 'Not a directory' 'cd /etc/motd'
says 'Permission denied' "get /etc/motd $PWD/other" --host host
[ -z "$(find other host -type f)" ] || fail "files of the host were made"
[ "$(sha256sum "$img")" = "$before" ] || fail "a shell without --write changed the image"

echo "With --write and --host the image and the host change."
echo from >host/from
anyfs shell --write --host host -e "$img" <<'END'
mkdir new
cd new
put - first < out
put host/from .
cp first second
mv second third
ln first hard
ln -s first link
chmod 600 third
rm ../etc/f2.conf
copy :third host/to
get first host
END
printf '1\n2\n' | cmp - host/to || fail "copy to the host"
same host/first host/to
anyfs ls "$img" /new | expect "$(printf '%s\n' first from hard link third)"
anyfs cat "$img" /new/from | expect from
[ "$(anyfs stat "$img" /new/third | grep -c 'Mode: 0600')" -eq 1 ] || fail "the mode of third"
refuse "No such file" anyfs cat "$img" /etc/f2.conf
run e2fsck -fn "$img"

echo "An editor changes a file, and owner and mode stay."
run anyfs chmod "$img" 640 /etc/motd
echo 'edit /etc/motd' | EDITOR='sed -i s/hello/bye/' anyfs shell --write -e "$img"
anyfs cat "$img" /etc/motd | expect bye
anyfs stat "$img" /etc/motd | matches 'Mode: 0640' || fail "the mode changed"
code=0
echo 'edit /etc/motd' | EDITOR=false anyfs shell --write "$img" 2>err || code=$?
[ "$code" -eq 1 ] && grep -q 'the editor ended with exit code 1' err || fail "exit $code: $(cat err)"
code=0
echo 'edit /etc/motd' | EDITOR='sed -i s/bye/no/' anyfs shell "$img" 2>err || code=$?
[ "$code" -ne 0 ] || fail "edit worked without --write"
saved=$(sed -n 's/^anyfs: the edited text is in //p' err)
[ "$(cat "$saved")" = no ] || fail "the text is lost: $(cat err)"
rm -r "${saved%/*}"

echo "Changes that sync has stored survive the death of the process."
{
	echo 'put - /kept < out'
	echo 'sync'
	# shellcheck disable=SC2016 # the shell that runs the command replaces it
	echo '!kill -9 $(ps -o ppid= -p $PPID)'
	echo 'pwd'
} | anyfs shell --write "$img" 2>err && fail "a killed shell succeeded"
anyfs cat "$img" /kept | cmp - out || fail "the file is not there"

echo "An image that cannot be opened is an error, and no command runs."
echo '!echo ran' | refuse "No such file" anyfs shell none.img
