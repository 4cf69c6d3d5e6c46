#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The output of --json is valid even after failures, and has each failure with its path and
# the note about a replayed journal.
. "${0%/*}/../lib.sh"
requires python3 --version
mkdir tree
echo hello >tree/file
image_ext4 tree
head -c 65536 /dev/zero >nothing.img

# Print EXPRESSION of v, the JSON value that CMD prints; CMD must exit with STATUS.
json() {
	local expression=$1 status=$2 code=0
	shift 2
	"$@" >json.out 2>json.err || code=$?
	[ $code -eq "$status" ] || fail "exit $code: $*: $(cat json.err)"
	python3 -c 'import json, sys
v = json.load(open("json.out"))
print(eval(sys.argv[1]))' "$expression" || fail "invalid JSON, or a member is missing: $*: $(cat json.out)"
}

missing="{'path': '/missing', 'reason': 'No such file or directory', 'code': 'ENOENT'}"
for verb in ls stat hash getfattr; do
	json v 1 anyfs $verb --json "$img" /missing | expect "[$missing]"
	json '[len(v), "reason" in v[0]]' 3 anyfs $verb --json missing.img / | expect "[1, True]"
done
for verb in ls stat getfattr; do
	json 'v[-1]' 1 anyfs $verb --json "$img" /missing /file | expect "$missing"
	json 'v[0]["path"]' 1 anyfs $verb --json "$img" /missing /file | expect /file
done
for verb in parts info; do
	json 'v["failed"]' 0 anyfs $verb --json "$img" | expect "[]"
	json '[v["image"], len(v["failed"])]' 3 anyfs $verb --json missing.img |
		expect "['missing.img', 1]"
	json '[v["failed"][0]["path"], v["failed"][0]["code"]]' 1 anyfs $verb --json nothing.img |
		expect "['/', 'EMEDIUMTYPE']"
done
json 'v["failed"]' 1 anyfs rm --json "$img" /missing | expect "[$missing]"

# Extended attributes in the form of stat.
run anyfs setfattr -n user.name -v value "$img" /file
for verb in stat getfattr; do
	json 'v[0]["xattrs"]' 0 anyfs $verb --json "$img" /file | expect "{'user.name': '76616c7565'}"
done
json 'v[0]["xattrs"]' 0 anyfs getfattr --json "$img" / | expect "{}"
json 'v[-1]["code"]' 1 anyfs getfattr --json -n user.none "$img" /file | expect ENODATA

# A journal that has to be replayed.
program overlay/change -d "$img" 0
json '"its journal was replayed" in v[-1]["note"]' 0 anyfs ls --json "$img" / | expect True
json '["its journal was replayed" in n for n in v["notes"]]' 0 anyfs info --json "$img" |
	expect "[True]"
