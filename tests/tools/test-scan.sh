#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs scan has a result for every image of a list: good, damaged, missing and hanging ones, even
# if it was killed and run again.
. "${0%/*}/../fleet/lib-fleet.sh"
make_images 40
printf '\xff' | cat - tree/file >"$(printf 'images/na\xffme "x".img')"
ls -d images/* >list
echo images/missing.img >>list
echo images/1.img >>list
silent_server
echo "http://$silent/hangs.img" >>list
total=$(sort -u list | wc -l)

# check DIR: all images have one result, of the right kind.
check() {
	cat "$1"/results-*.jsonl | python3 -c '
import json, os, sys
rows = [json.loads(line) for line in sys.stdin]
names = [r.get("image_hex") or r["image"] for r in rows]
assert len(names) == len(set(names)) == int(sys.argv[2]), (len(names), len(set(names)), sys.argv[2])
for r in rows:
    name = r["image"]
    bad = "missing" in name or "zeros" in name or "name" in name.replace("\ufffd", "")
    want = "time-out" if "http" in name else "failed" if bad else "ok"
    assert r["status"] == want, r
    assert r["seconds"] >= 0 and ("errors" in r) == bad or want == "time-out", r
    if want == "ok":
        assert "file\t6\t" in open(os.path.join(sys.argv[1], r["output"])).read(), r
    else:
        assert r.get("exit") or r.get("signal"), r' "$1" "$total"
	[ -z "$(find "$1" -name '*.part')" ] || fail "unfinished files in $1"
}
scan=(anyfs scan --list list --do 'hash' --time-limit 12)
code=0
"${scan[@]}" --out all --jobs 4 >output || code=$?
[ "$code" -eq 1 ] || fail "exit $code though images failed"
expect "$total images, 0 of them in earlier runs, 4 failed" <output
check all
"${scan[@]}" --out all >output || code=$?
expect "$total images, $total of them in earlier runs, 4 failed" <output
check all

echo "With --json-lines the results are printed as well."
"${scan[@]}" --out printed --json-lines >output || true
sort output >output.sorted
sort printed/results-1-of-1.jsonl | same - output.sorted
[ "$(wc -l <output)" -eq "$total" ] || fail "$(wc -l <output) lines, not $total"
requires python3 -c 'import jsonschema'
python3 -c '
import json, sys, jsonschema
schema = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
for line in sys.stdin:
    schema.validate(json.loads(line))
assert not schema.is_valid({"image": "x"})' "$ANYFS_TOP/docs/json/scan.schema.json" <output

echo "A run that is killed can be continued."
"${scan[@]}" --out killed --jobs 2 2>/dev/null & pid=$!
wait_for test -s killed/results-1-of-1.jsonl
kill -9 $pid
{ wait $pid || true; } 2>/dev/null
done_before=$(wc -l <killed/results-1-of-1.jsonl)
[ "$done_before" -lt "$total" ] || fail "all was done before the kill"
# The kill may come in the middle of a line.
printf '{"image": "images/9.img", "sta' >>killed/results-1-of-1.jsonl
"${scan[@]}" --out killed >output || true
matches "of them in earlier runs" <output
check killed

echo "A scheduler ends the processes of images first: such an image has no result."
grep http list >hangs
anyfs scan --list hangs --do hash --out cancelled --time-limit 60 --jobs 1 2>/dev/null & pid=$!
wait_for pgrep -P $pid
kill -TERM "$(pgrep -P $pid)"
kill -TERM $pid
code=0
{ wait $pid || code=$?; } 2>/dev/null
[ "$code" -eq 143 ] || fail "exit $code after SIGTERM"
[ ! -s cancelled/results-1-of-1.jsonl ] || fail "$(cat cancelled/results*)"

echo "If only that process was killed, the image has a result."
anyfs scan --list hangs --do hash --out alone --time-limit 60 --jobs 1 >/dev/null & pid=$!
wait_for pgrep -P $pid
kill -TERM "$(pgrep -P $pid)"
code=0
{ wait $pid || code=$?; } 2>/dev/null
[ "$code" -eq 1 ] || fail "exit $code"
grep -q '"status": "killed", "signal": 15' alone/results-1-of-1.jsonl || fail "$(cat alone/results*)"

echo "Shards have all images, and none twice."
for i in 1 2; do "${scan[@]}" --out shards --shard $i/3 >/dev/null || true; done
SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_COUNT=3 \
	"${scan[@]}" --out shards --shard auto >/dev/null || true
[ "$(find shards -name 'results-*' | wc -l)" -eq 3 ] || fail "$(ls shards)"
check shards
echo images/1.img >one
JOB_COMPLETION_INDEX=0 run anyfs scan --list one --do 'ls -l' --out index --shard auto/1
AWS_BATCH_JOB_ARRAY_INDEX=0 AWS_BATCH_JOB_ARRAY_SIZE=1 \
	run anyfs scan --list - --do 'cat {} /file' --out braces --shard auto <one
expect hello <braces/1.img-*.out

echo "A limit of memory fails the image, not the scan."
code=0
anyfs scan --list one --do ls --out small --memory-limit 20M >/dev/null || code=$?
[ "$code" -eq 1 ] || fail "exit $code with 20 MB"
grep -q '"status": "\(failed\|killed\)"' small/results-1-of-1.jsonl || fail "$(cat small/results*)"
[ -n "${ANYFS_FLAVOUR-}" ] ||		# sanitizers reserve more
	run anyfs scan --list one --do ls --out enough --memory-limit 1500M >/dev/null
anyfs scan --list one --do 'ls "/a b" /file' --out quoted >/dev/null || true
grep -q '/a b' quoted/*.err || fail "no quotes: $(cat quoted/*.err)"

echo "A name that begins with - is not taken for an option."
cp --sparse=always "$img" ./-v.img
printf '%s\n' -v.img >dash
run anyfs scan --list dash --do 'ls' --out dash-first
run anyfs scan --list dash --do 'cat {} /file' --out dash-placed
grep -q '^{"image": "-v.img", "status": "ok"' dash-first/results-1-of-1.jsonl ||
	fail "$(cat dash-first/results*)"

echo "Results are read in full even if a read returns few bytes."
cat >short.c <<'END_C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

static size_t less(size_t len)
{
	return len > 700 ? 700 : len;
}

ssize_t read(int fd, void *buf, size_t len)
{
	ssize_t (*next)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");

	return next(fd, buf, less(len));
}

ssize_t pread64(int fd, void *buf, size_t len, off_t off)
{
	ssize_t (*next)(int, void *, size_t, off_t) = dlsym(RTLD_NEXT, "pread64");

	return next(fd, buf, less(len), off);
}

ssize_t pread(int fd, void *buf, size_t len, off_t off)
{
	return pread64(fd, buf, len, off);
}
END_C
requires cc --version
run cc -shared -fPIC -o short.so short.c
cp all/results-1-of-1.jsonl before
LD_PRELOAD=$PWD/short.so "${scan[@]}" --out all >output || true
expect "$total images, $total of them in earlier runs, 4 failed" <output
same before all/results-1-of-1.jsonl

echo "Zero bytes that a crash of the host left at the end are cut off."
truncate -s +100 all/results-1-of-1.jsonl
"${scan[@]}" --out all >output || true
expect "$total images, $total of them in earlier runs, 4 failed" <output
same before all/results-1-of-1.jsonl

refuse "has the results of another command" anyfs scan --list one --do 'cat /file' --out all
refuse "does not begin with a verb" anyfs scan --list one --do lss --out x
refuse "a quote is not closed" anyfs scan --list one --do "ls 'x" --out x
refuse "give --list, --do and --out" anyfs scan --list one --do ls
refuse "does not open an image" anyfs scan --format raw --list one --do ls --out x
refuse "give I/N" anyfs scan --list one --do ls --out x --shard 4/3
refuse "no scheduler" anyfs scan --list one --do ls --out x --shard auto
refuse "none: No such file" anyfs scan --list none --do ls --out x
refuse "has no names of images" anyfs scan --list /dev/null --do ls --out x
