#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A verb waits up to the time of --wait for an image that another process uses.  It reads standard
# input before that, so that the input may come from the same image.
. "${0%/*}/../lib.sh"
requires python3 --version
mkdir tree
echo one >tree/f
echo two >tree/g
head -c 3000000 /dev/urandom >tree/big
image_ext4 tree disk.img 100M

# Edit a file in a pipe: both ends of the pipe use the same image.
anyfs cat "$img" /f | sed s/one/1/ | run anyfs put "$img" - /f
run anyfs cat "$img" /f | expect 1
anyfs cat "$img" /big | tac --separator=a | run anyfs put "$img" - /turned
anyfs cat "$img" /turned | cmp - <(tac --separator=a tree/big) || fail "a file larger than a pipe's buffer is not complete"
(anyfs cat "$img" /f; anyfs cat "$img" /g) | run anyfs put "$img" - /both
run anyfs cat "$img" /both | expect $'1\ntwo'
# Input beyond the part that put reads before it locks the image is read while the image is in use.
head -c 12M /dev/zero | tr '\0' x | run anyfs put "$img" - /large
anyfs cat "$img" /large | run anyfs put "$img" - /large2
[ "$(anyfs cat "$img" /large2 | sha256sum)" = "$(anyfs cat "$img" /large | sha256sum)" ] ||
	fail "12 MiB from the image into the image are not the same"
run anyfs mkdir "$img" /copy
anyfs tar-out "$img" /big | run anyfs tar-in "$img" /copy
anyfs cat "$img" /copy/big | cmp - tree/big || fail "tar-out into tar-in of one image lost data"
: | run anyfs put "$img" - /empty
run anyfs cat "$img" /empty | expect ""

# Ten writers at once.
pids=()
for i in 1 2 3 4 5 6 7 8 9 10; do
	anyfs touch --wait 100 "$img" "/t$i" &
	pids+=($!)
done
for pid in "${pids[@]}"; do
	wait "$pid" || fail "one of ten writers failed"
done
[ "$(anyfs ls "$img" / | grep -c '^t[0-9]')" -eq 10 ] || fail "not ten files: $(anyfs ls "$img" /)"
run e2fsck -fn "$img"

# Another process uses the image until its standard input ends.
mkfifo holder
python3 -c 'import fcntl, sys
f = open(sys.argv[1], "r+b")
fcntl.lockf(f, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()' "$img" <holder >holder.out &
holder=$!
exec 8>holder
wait_for grep -q locked holder.out
before=$(sha256sum <"$img")
for option in --no-wait "--wait 0" "--wait 1"; do
	# shellcheck disable=SC2086  # an option and its value
	refuse "$img|in use" anyfs touch $option "$img" /new
	# shellcheck disable=SC2086
	refuse "$img|open for writing" anyfs ls $option "$img"
	# shellcheck disable=SC2086
	refuse "$img|process" anyfs mkfs $option --force "$img" ext4
done
refuse "--wait" anyfs ls --wait soon "$img"

# A signal ends the waiting.
anyfs touch -v --wait 100 "$img" /new 2>err 8>&- &
pid=$!
wait_for grep -q "in use by another process; waiting" err
kill -TERM $pid
code=0
wait $pid || code=$?
[ $code -eq 143 ] || fail "exit $code after SIGTERM: $(cat err)"
[ "$before" = "$(sha256sum <"$img")" ] || fail "the image changed"

# With enough time the verbs get the image.
anyfs touch --wait 100 "$img" /waited 8>&- &
pids=($!)
anyfs cat --wait 100 "$img" /g >got 8>&- &
pids+=($!)
exec 8>&-
wait $holder
for pid in "${pids[@]}"; do
	wait "$pid" || fail "the image was free again, and a verb that waits failed"
done
expect two <got
run anyfs stat "$img" /waited >/dev/null

# If standard input cannot be stored, the verb fails before it opens the image.
before=$(sha256sum <"$img")
(
	ulimit -f 100
	code=0
	head -c 1000000 /dev/zero | anyfs put "$img" - /too-large 2>err || code=$?
	[ $code -eq 1 ] || fail "exit $code: $(cat err)"
)
grep -q "^anyfs: standard input: cannot be stored in .*File too large" err || fail "$(cat err)"
[ "$before" = "$(sha256sum <"$img")" ] || fail "the image changed"
# If the directory for temporary files cannot be used, standard input is kept in memory.
echo three | TMPDIR=/nonexistent run anyfs put "$img" - /three
run anyfs cat "$img" /three | expect three
