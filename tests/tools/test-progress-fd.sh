#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# --progress-fd writes lines of JSON whose counts never decrease, and a last line with the exit
# status.  A reader that does not read does not stop the verb.
. "${0%/*}/../lib.sh"
requires python3 -c 'import jsonschema'
mkdir -p tree/dir
head -c 30M /dev/urandom >tree/large
for i in $(seq 20); do echo "$i" >"tree/dir/$i"; done
image_ext4 tree disk.img 128M

# lines FILE FILES EXIT: the lines are valid, never count back, and the last has these values.
lines() {
	python3 - "$ANYFS_TOP/docs/json/progress.schema.json" "$@" <<'END_PY'
import json, sys, jsonschema
schema, name, files, code = sys.argv[1:]
valid = jsonschema.Draft202012Validator(json.load(open(schema)))
lines = [json.loads(line) for line in open(name)]
for line in lines:
    valid.validate(line)
assert not valid.is_valid({"files": 1}) and not valid.is_valid({})
counts = [line for line in lines if "files" in line]
assert [(l["files"], l["bytes"]) for l in counts] == sorted((l["files"], l["bytes"]) for l in counts)
assert [l for l in lines if "exit" in l] == lines[-1:], lines
last = lines[-1]
assert (last["files"], last["exit"]) == (int(files), int(code)), (last, files, code)
END_PY
}

run anyfs get --progress-fd 3 "$img" / got 3>get.lines
lines get.lines 24 0
anyfs get --json "$img" / again | python3 -c '
import json, sys
result = json.load(sys.stdin)
last = json.loads(open("get.lines").readlines()[-1])
assert (last["files"], last["bytes"]) == (result["files"], result["bytes"]), (last, result)'
run anyfs put --progress-fd 3 "$img" tree /new 3>put.lines
lines put.lines 23 0
run anyfs hash --progress-fd 3 "$img" 3>hash.lines >sums
lines hash.lines "$(wc -l <sums)" 0
run anyfs tar-out --progress-fd 3 "$img" /dir 3>tar-out.lines >dir.tar
lines tar-out.lines "$(tar -tf dir.tar | wc -l)" 0
run anyfs tar-in --progress-fd 3 "$img" /new <dir.tar 3>tar-in.lines
lines tar-in.lines "$(tar -tf dir.tar | wc -l)" 0
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
run anyfs put "$img" socket /dir
code=0
anyfs tar-out --progress-fd 3 "$img" /dir 3>socket.lines >socket.tar 2>err || code=$?
matches "/dir/socket: not archived: tar has no sockets" <err || fail "$(cat err)"
lines socket.lines "$(tar -tf socket.tar | wc -l)" 1
run anyfs copy --progress-fd 3 "$img:/large" "$img:/new/large" 3>copy.lines
lines copy.lines 1 0
run anyfs mkdisk --progress-fd 3 made.img --size 64M --part a:ext4:32M --part b:vfat:rest 3>mkdisk.lines
lines mkdisk.lines 1 0
grep -q '"bytes": [1-9]' mkdisk.lines || fail "no bytes: $(cat mkdisk.lines)"
anyfs mkdisk --progress-fd 3 made.img --size 64M 3>failed.lines 2>/dev/null && fail "made twice"
lines failed.lines 0 1
code=0
anyfs get --progress-fd 3 "$img" /none got 3>failed.lines 2>/dev/null || code=$?
lines failed.lines 0 "$code"

echo "Unpacking is reported."
requires bzip2 --version
mkdir small
head -c 10M tree/large >small/file
image_ext4 small small.img 24M
bzip2 small.img
img=$PWD/disk.img
run anyfs hash --progress-fd 3 small.img.bz2 3>unpack.lines >/dev/null
grep -q '"unpacking": "small.img.bz2"' unpack.lines || fail "$(cat unpack.lines)"
lines unpack.lines 1 0

echo "A full pipe and a closed one do not stop the verb."
mkfifo full
exec 4<>full
python3 -c '
import os
os.set_blocking(4, False)
try:
    while True: os.write(4, b"x" * 4096)
except BlockingIOError: pass
os.set_blocking(4, True)'
run anyfs hash --progress-fd 4 "$img" >sums.full
exec 4>&-
same <(anyfs hash "$img") sums.full
anyfs hash --progress-fd 3 "$img" 3> >(exec true) >sums.closed
same sums.full sums.closed

refuse "ls has no --progress-fd" anyfs ls --progress-fd 3 "$img"
refuse "--progress-fd 77: Bad file descriptor" anyfs hash --progress-fd 77 "$img"
refuse "Bad file descriptor" anyfs hash --progress-fd 3 "$img" 3</dev/null
refuse "--progress-fd x: give the number" anyfs hash --progress-fd x "$img"
