#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# put, tar-in, touch and mv report an error for a date that the file system cannot
# store, and keep other dates exactly.
. "$ANYFS_TOP/tests/write/lib-write.sh"
requires mkfs.ext4 -V
requires mkfs.vfat --help

mkdir tree tree/dir
for date in 1960-01-02 2001-02-03 2037-12-31 2100-05-06; do
	echo $date >tree/$date
	touch -d "$date 12:00:01" tree/$date
done
touch -d "2100-01-01" tree/dir
tar -C tree -c . >tree.tar
is() { anyfs ls -l "$img" "$1" | matches " $2 " || fail "$type: $(anyfs ls -l "$img" "$1"), not $2"; }

# Check that put reports exactly the names whose dates $img cannot store, and keeps the other dates.
check() {
	local code verb name lost=$*
	for verb in put tar-in; do
		code=0
		if [ $verb = put ]; then
			anyfs put "$img" tree/. / 2>err || code=$?
		else
			anyfs tar-in --owner 0:0 "$img" / <tree.tar 2>err || code=$?
		fi
		[ $code -eq $((${#lost} > 0)) ] || fail "$type: $verb: exit $code: $(cat err)"
		[ "$(wc -l <err)" -eq $# ] || fail "$type: $verb: $(cat err)"
		for name; do
			grep -q "$name: .*cannot store this date" err || fail "$type: $verb: no $name in: $(cat err)"
		done
		for name in 1960-01-02 2001-02-03 2037-12-31 2100-05-06; do
			[[ $lost == *$name* ]] || is /$name $name
			run anyfs cat "$img" /$name | expect $name
		done
	done
}

type="ext4 with large inodes"
rm -f disk.img; scratch_image 16M; mkfs.ext4 -q -I 256 "$img"
check
type="ext4 with small inodes"
rm -f disk.img; scratch_image 16M; mkfs.ext4 -q -I 128 "$img" 2>mkfs.err
check 2100-05-06 dir
refuse "cannot store this date" anyfs touch -d 2100-01-01 "$img" /2001-02-03
run anyfs touch -d 2030-01-01 "$img" /2001-02-03
is /2001-02-03 2030-01-01
type=vfat
rm -f disk.img; scratch_image 16M; mkfs.vfat "$img" >/dev/null
check 1960-01-02

echo "--json counts completely copied files and their bytes"
head -c 30000000 /dev/zero | tr '\0' x >big
code=0
anyfs put --json "$img" big tree/2001-02-03 / >json 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code"
python3 -c '
import json
r = json.load(open("json"))
assert (r["files"], r["bytes"], len(r["failed"])) == (0, 0, 2), r'
anyfs put --json "$img" tree/2001-02-03 big / >json 2>err || code=$?
python3 -c '
import json
r = json.load(open("json"))
assert (r["files"], r["bytes"], len(r["failed"])) == (1, 11, 1), r'
tar c big >big.tar
anyfs tar-in --json --owner 0:0 "$img" / <big.tar >json 2>err || code=$?
python3 -c '
import json
r = json.load(open("json"))
assert (r["files"], r["bytes"], len(r["failed"])) == (0, 0, 1), r'

echo "a directory of the archive that a later entry replaces needs no times"
python3 - <<'END'
import io, tarfile
with tarfile.open("replaced.tar", "w") as t:
    def add(name, kind, link=""):
        i = tarfile.TarInfo(name)
        i.type, i.linkname, i.mode = kind, link, 0o755
        t.addfile(i, io.BytesIO(b""))
    add("x", tarfile.DIRTYPE)
    add("y", tarfile.SYMTYPE, "x")
    add("y", tarfile.DIRTYPE)
    add("y/z", tarfile.DIRTYPE)
    add("y", tarfile.REGTYPE)
    add("l", tarfile.SYMTYPE, "x")
    add("l", tarfile.DIRTYPE)
    add("l", tarfile.SYMTYPE, "nowhere")
END
make_fs ext4
run anyfs tar-in "$img" / <replaced.tar 2>err
! grep -v '^+' err || fail "$(cat err)"
anyfs ls -l "$img" | matches '^-rwx.* y$' || fail "$(anyfs ls -l "$img")"
