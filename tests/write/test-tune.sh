#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs tune passes options to the file system's own program, stores its changes, and stores
# nothing if it fails.  The program can open no other files.
. "${0%/*}/../lib.sh"
requires which tune2fs
requires dumpe2fs -V
run anyfs mkdisk disk.img --size 40M --part a:vfat:16M --part b:ext4:16M
run anyfs tune disk.img /p2 -- -c 20 -E mount_opts=nodelalloc | matches "Setting maximal mount" ||
	fail "no output"
dd if=disk.img of=part2 bs=1M skip=17 count=16 status=none
dumpe2fs -h part2 2>/dev/null >header
matches "^Maximum mount count: *20" <header || fail "$(cat header)"
matches "^Mount options: *nodelalloc" <header || fail "$(cat header)"
run anyfs fsck disk.img /p2

echo "Tabs in the output of the program stay tabs:"
mkdir tabs
cat >tabs/tune2fs <<'END_SH'
#!/bin/sh
printf 'a\tb\033c\n'
END_SH
chmod +x tabs/tune2fs
PATH=$PWD/tabs:$PATH run anyfs tune --no-sandbox disk.img /p2 -- -l | expect $'a\tb\\x1bc'

sha256sum disk.img >before
run anyfs tune disk.img /p2 -- -l | matches "^Maximum mount count: *20" || fail "no list"
run sha256sum -c --quiet before
code=0
anyfs tune disk.img /p2 -- -c x >out 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code"
expect "anyfs: disk.img: /p2: not changed: tune2fs failed with exit code 1" <err
refuse "/p1: vfat has no program that changes its parameters" anyfs tune disk.img /p1 -- -l
refuse "; options of the program that changes the file system go after --" \
	anyfs tune disk.img /p2 -c 20
run sha256sum -c --quiet before

echo "A program that reads another file of the user does not get it:"
mkdir bin secret
echo secret >secret/file
printf '#!/bin/sh\ncat %s\n' "$PWD/secret/file" >bin/tune2fs
chmod +x bin/tune2fs
if anyfs ls -v disk.img / 2>&1 | matches "Landlock ABI"; then
	code=0
	PATH=$PWD/bin:$PATH anyfs tune disk.img /p2 -- -l >out 2>&1 || code=$?
	[ $code -eq 1 ] || fail "exit $code: $(cat out)"
	! matches "^secret" <out || fail "it was read"
fi
PATH=$PWD/bin:$PATH run anyfs tune --no-sandbox disk.img /p2 -- -l | expect secret

echo "A signal ends the program, too:"
# The only file that the program may write is its last argument, the copy of the volume.
cat >bin/tune2fs <<'END_SH'
#!/bin/sh
shift $(($# - 1))
echo $$ >"$1"
exec sleep infinity
END_SH
PATH=$PWD/bin:$PATH anyfs tune disk.img /p2 -- -l >out 2>&1 &
pid=$!
started() {
	program=$(find . -name '.anyfs-volume-*' -size 1 -exec cat {} +)
	[ -n "$program" ]
}
wait_for started
kill -0 "$program" || fail "$program is not the program's process"
kill $pid
code=0
wait $pid || code=$?
[ $code -eq 143 ] || fail "exit $code: $(cat out)"
ended() { ! kill -0 "$program" 2>/dev/null; }
wait_for ended
gone() { [ -z "$(find . -name '.anyfs*')" ]; }
wait_for gone
run sha256sum -c --quiet before
