#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs find: its output, its options, and its messages about wrong expressions.
# root: owners and devices
. "${0%/*}/lib-find.sh"
requires setfattr --version
find_tree tree
image_ext4 tree
f() { run anyfs find "$img" "$@"; }

f /etc -name '*.conf' | expect $'/etc/conf.d/a.conf\n/etc/empty.conf'
f /etc -iname '*.conf' -size -1c | expect /etc/empty.conf
f /etc /usr -type f '(' -name 'p*' -o -links 2 ')' |
	expect $'/etc/conf.d/a.conf\n/etc/passwd\n/usr/share/doc/hard link'
f /usr -maxdepth 1 ! -type d | expect $'/usr/disk\n/usr/fifo\n/usr/null\n/usr/passwd-link'
f / -name etc -prune -o -type f -name 'pass*' | expect "/etc"
f /many -user ann -perm -200 -size +300k -print0 | tr '\0' ' ' >got
find tree/many -uid 1000 -perm -200 -size +300k -printf '/many/%f\n' | LC_ALL=C sort |
	tr '\n' ' ' | cmp - got
f /etc/group -xattr 'user.*' | expect /etc/group
f '/e*' -maxdepth 0 | expect $'/empty\n/etc'
f /usr/passwd-link | expect /usr/passwd-link
f /usr -name 'd*' -quit | expect ""
f /usr -name 'd*' -print -quit | expect /usr/disk
f /etc -depth | tail -1 | expect /etc
f /etc/passwd -printf '%p %P|%f|%h|%d|%s|%m|%M|%u|%g|%U|%y|%n\n' |
	expect '/etc/passwd |passwd|/etc|0|33|4755|-rwsr-xr-x|root|root|0|f|1'
TZ=UTC f /usr/passwd-link -printf '%-20f|%10l|%T@|%TY-%Tm-%Td %TT\n\101\t%%\c' -printf no |
	expect $'passwd-link         |../etc/passwd|1700100000.0000000000|2023-11-16 02:00:00.0000000000\nA\t%no'
f --json /etc -name '*.conf' >json
f /etc -name '*.conf' --json | cmp - json
python3 -c 'import json; print([(e["path"], e["size"]) for e in json.load(open("json"))])' |
	expect "[('/etc/conf.d/a.conf', 2), ('/etc/empty.conf', 0)]"
f /usr -ls | awk '{print $3, $4, $5, $6}' | sed -n 2p | expect 'brw-r--r-- 1 root root'

# Wrong expressions.
bad() { refuse "$1" anyfs find "$img" "${@:2}"; }
bad 'no test -nmae' / -nmae x
bad '-name needs a pattern' / -name
bad '-type x|letters' / -type x
bad '-size 10Q' / -size 10Q
bad 'a ( has no )' / '(' -name x
bad 'a ) has no (' / -name x ')'
bad 'a test is missing after -o' / -name x -o
bad 'paths come before' / -name x /etc
bad '-print0 and a pipe' / -exec rm {} +
bad 'anyfs rm' / -delete
bad '-perm u+q' / -perm u+q
bad '-mtime soon' / -mtime soon
bad '-newermt yesterday' / -newermt yesterday
bad '-regextype perl' / -regextype perl
bad '/none|No such file' / -newer /none
bad '/none|No such file' /none
bad '-printf %q' / -printf %q
bad 'without actions' --json / -print
