#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs grep names files by their paths in the image, reports mistakes and failures with exit
# status 2, and prints JSON.
. "${0%/*}/../lib.sh"
mkdir -p tree/etc/conf.d boot
printf 'root:x:0\nann:x:1000\n' >tree/etc/passwd
echo 'user=root' >tree/etc/conf.d/a.conf
printf 'a\0root\n' >tree/etc/bin
mkfifo tree/etc/fifo
ln -s passwd tree/etc/link
echo menu >boot/grub.cfg
image_gpt boot tree

exits() { local code=0; "${@:2}" >exits.out 2>exits.err || code=$?
	[ $code -eq "$1" ] || fail "exit $code instead of $1: ${*:2}: $(cat exits.err)"; }

run anyfs grep "$img" root /p2/etc/passwd | expect "root:x:0"
run anyfs grep -rI "$img" root | expect $'/p2/etc/conf.d/a.conf:user=root\n/p2/etc/passwd:root:x:0'
run anyfs grep -rl "$img" root /p2 | expect $'/p2/etc/bin\n/p2/etc/conf.d/a.conf\n/p2/etc/passwd'
run anyfs grep -n "$img" x '/p2/etc/pass*' '/p2/etc/conf.d/*' |
	expect $'/p2/etc/passwd:1:root:x:0\n/p2/etc/passwd:2:ann:x:1000'
run anyfs grep "$img" ann /p2/etc/link | expect ann:x:1000
printf 'ann\nuser\n' >patterns
run anyfs grep -hrf patterns "$img" /p2 | expect $'user=root\nann:x:1000'
: >none
exits 1 anyfs grep -rf none "$img"
exits 0 anyfs grep -rvqf none "$img"

exits 0 anyfs grep -q "$img" root /p2/etc/passwd
exits 1 anyfs grep -q "$img" nobody /p2/etc/passwd
exits 2 anyfs grep "$img" root /p2/none /p2/etc/passwd
expect /p2/etc/passwd:root:x:0 <exits.out
exits 0 anyfs grep -q "$img" root /p2/etc/passwd /p2/none
exits 2 anyfs grep -q "$img" root /p2/none
exits 2 anyfs grep -q missing.img root /
exits 2 anyfs grep "$img" root /p2/etc/fifo
exits 2 anyfs grep "$img" root /p2/etc
refuse "fifo has no lines" anyfs grep "$img" root /p2/etc/fifo
refuse "directory has no lines|-r" anyfs grep "$img" root /p2/etc
refuse 'pattern "[x"' anyfs grep "$img" '[x' /p2
refuse "give a path, or -r" anyfs grep "$img" root
refuse "root: no such image; give the image, $img, before the pattern" anyfs grep root "$img" /p2
exits 2 anyfs grep root "$img" /p2
echo root >root.txt
refuse "nbd://127.0.0.1:1/x" anyfs grep nbd://127.0.0.1:1/x root.txt /p2
refuse "-m x: give a number" anyfs grep -m x "$img" root /p2
refuse "none-such" anyfs grep -f none-such "$img" /p2
anyfs grep "$img" root /p2/etc/bin 2>&1 | expect "anyfs: $img: /p2/etc/bin: binary file matches"

json() { anyfs grep --json "${@:2}" >json.out || true
	python3 -c 'import json, sys; v = json.load(open("json.out")); print(eval(sys.argv[1]))' "$1"; }
json v -r "$img" root /p2 | expect "[{'path': '/p2/etc/bin', 'binary': True}, \
{'path': '/p2/etc/conf.d/a.conf', 'line': 1, 'text': 'user=root'}, \
{'path': '/p2/etc/passwd', 'line': 1, 'text': 'root:x:0'}]"
json v -c "$img" x /p2/etc/passwd | expect "[{'path': '/p2/etc/passwd', 'count': 2}]"
json v -l "$img" x /p2/etc/passwd | expect "[{'path': '/p2/etc/passwd'}]"
json v "$img" nothing /p2/etc/passwd | expect "[]"
