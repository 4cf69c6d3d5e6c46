#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If the file system takes two names for the same, the second of two files of one
# command is refused and the first stays complete.  A file that was there before is
# replaced.
. "${0%/*}/../lib.sh"
makers=$ANYFS_TOP/tests/fs

# Make $img, an empty file system of type $1, in which names of different case are the same.
make_folding() {
	rm -f disk.img
	scratch_image "${2:-64M}"
	case $1 in
	vfat)		mkfs.vfat "$img" ;;
	msdos)		mkfs.vfat "$img"; options=(--fstype msdos) ;;
	exfat)		mkfs.exfat "$img" ;;
	hfs)		hformat -l test "$img" ;;
	hfsplus)	"$makers/make-hfsplus.py" "$img" ;;
	affs)		truncate -s 8M "$img"; "$makers/make-affs.py" "$img" ffs ;;
	jfs)		mkfs.jfs -O -q "$img" ;;
	xfs)		truncate -s 320M "$img"; mkfs.xfs -q -n version=ci "$img" ;;
	ext4)		mkfs.ext4 -q -O casefold "$img"
			debugfs -w -R "set_inode_field <2> flags 0x40080000" "$img" ;;
	esac >mkfs.log 2>&1 || fail "mkfs of $1: $(cat mkfs.log)"
}

# Exit code 1 and a line for each path given as "path|rival", and no others.
refused() {
	local lines=$1 code=0 want
	shift
	echo "+ $*" >&2
	"$@" <stdin 2>errors || code=$?
	[ $code -eq 1 ] || fail "exit $code: $(cat errors)"
	while IFS='|' read -r path rival; do
		grep -q "^anyfs: .*$path: not .*: this file system does not distinguish this name from \"$rival\"" \
			errors || fail "not reported: $path|$rival: $(cat errors)"
	done <<<"$lines"
	want=$(wc -l <<<"$lines")
	[ "$(wc -l <errors)" -eq "$want" ] || fail "$want lines expected: $(cat errors)"
}
content() { run anyfs cat "${options[@]}" "$img" "$1" | expect "$2"; }
: >stdin

mkdir -p one/Dir one/dir two/dir
echo first >one/Foo
echo second >one/foo
ln one/foo one/other
echo A >one/Dir/a
echo b >one/dir/b
echo later >two/FOO
echo plain >two/plain
echo A2 >two/dir/A
# Name the members, because their order decides which of two names is refused.
tar --owner=0 --group=0 -cf one.tar -C one Foo foo other Dir/a dir/b
tar --owner=0 --group=0 -cf two.tar -C two --no-recursion dir FOO plain dir/A

for type in vfat msdos exfat hfs hfsplus affs jfs xfs ext4; do
	options=()
	make_folding $type
	[ ${#options[@]} -eq 0 ] || options=(--fstype "$type")
	refused $'one/foo|Foo\none/dir|Dir' anyfs put "${options[@]}" "$img" one/Foo one/foo one/Dir \
		one/dir one/other /
	content /Foo first
	content /Dir/a A
	content /other second
	refuse "/Dir/b|No such file" anyfs cat "${options[@]}" "$img" /Dir/b

	# A later command replaces these files, in any spelling; two names that are the same
	# within that command conflict again.
	run anyfs put "${options[@]}" "$img" one/Foo one/Dir /
	run anyfs put "${options[@]}" "$img" one/foo two/dir two/plain /
	content /FOO second
	content /dir/a A2
	refused $'one/Foo|FOO' anyfs put "${options[@]}" "$img" two/FOO one/Foo /
	content /foo later
	anyfs ls "${options[@]}" "$img" / | grep -vix 'foo\|dir\|other\|plain\|lost+found' &&
		fail "files are left"

	# Archives with files whose directories are not in the archive.
	make_folding $type
	cp one.tar stdin
	if [ $type = exfat ] || [ $type = vfat ] || [ $type = msdos ] || [ $type = hfs ]; then
		# These types have no links either, and each link would add a line: leave them out.
		tar --owner=0 --group=0 -cf stdin -C one Foo foo Dir/a dir/b
		refused $'foo|Foo\ndir/b|Dir' anyfs tar-in "${options[@]}" "$img" /
	else
		refused $'foo|Foo\nother|Foo\ndir/b|Dir' anyfs tar-in "${options[@]}" "$img" /
	fi
	content /Foo first
	refuse "/Dir/b|No such file" anyfs cat "${options[@]}" "$img" /Dir/b
	run anyfs tar-in "${options[@]}" "$img" / <two.tar
	content /foo later
	content /Dir/a A2
	: >stdin
done

# Names can also be the same because of dots at the end, because the file system cuts them,
# or because of composed letters.
make_folding vfat
options=()
mkdir dots
echo plain >dots/name
echo dot >dots/name.
refused 'dots/name.|name' anyfs put "$img" dots/name dots/name. /
refused 'dots/name|name.' anyfs put "$img" dots/name. dots/name /
content /name dot

make_folding msdos
mkdir long
echo 1 >long/longname-1
echo 2 >long/longname-2
refused 'long/longname-2|longname-1' anyfs put --fstype msdos "$img" long/longname-1 long/longname-2 /
options=(--fstype msdos)
content /longname 1

make_folding hfsplus
options=()
mkdir accents
echo composed >accents/$'\u00e9'
echo decomposed >accents/$'e\u0301'
refused $'accents/e\u0301|\u00e9' anyfs put "$img" accents/$'\u00e9' accents/$'e\u0301' /
refused $'accents/\u00e9|e\u0301' anyfs put "$img" accents/$'e\u0301' accents/$'\u00e9' /
content /$'\u00e9' decomposed
run anyfs put "$img" accents/$'e\u0301' /
run anyfs put "$img" accents/$'\u00e9' /
content /$'e\u0301' composed

# A symbolic link gives a directory a second path: files by both paths conflict.
make_folding jfs
mkdir -p linked/Dir through/Dir through/link
ln -s Dir linked/link
run anyfs put "$img" linked/Dir linked/link /
echo first >through/Dir/a
echo second >through/link/A
tar --owner=0 --group=0 -cf stdin -C through Dir/a link/A
if anyfs tar-in "$img" / <stdin 2>errors; then fail "exit 0"; fi
expect "anyfs: $img: link/A: not extracted: this file system does not distinguish this name from that of another file" <errors
content /link/A first
: >stdin

# The JSON output contains the conflict.
make_folding vfat
if anyfs put --json "$img" one/Foo one/foo / >result.json 2>errors; then fail "exit 0"; fi
python3 - <<-'END'
	import json
	[failure] = json.load(open("result.json"))["failed"]
	assert failure["path"] == "one/foo" and failure["code"] == "EEXIST", failure
	END
# On a file system that distinguishes all names there is no message.
rm "$img"
scratch_image 64M
mkfs.ext4 -q "$img"
run anyfs put "$img" one/Foo one/foo one/Dir one/dir /
run anyfs tar-in "$img" / <one.tar
content /foo second
content /dir/b b
