# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for shell tests.  A test tells a story from top to bottom with these
# functions, in a directory of its own that is the current one:
#
#	requires CMD [ARGS]	skip unless CMD works
#	skip WHY		end as skipped
#	fail WHY		end as failed
#	run CMD ...		print it, run it, fail if it fails
#	refuse TEXT CMD ...	CMD must fail with one line on stderr that has TEXT
#	expect TEXT		standard input must be exactly TEXT
#	CMD | matches PATTERN	like grep -q, but reads all input, so that CMD gets no SIGPIPE
#	same A B		two files must be equal
#	silent_server		start a server at $silent that accepts connections and never answers
#	scratch_image SIZE	make a sparse file, $img
#	image_ext4|image_vfat DIR	make an image of DIR, $img
#	make_btrfs [OPTIONS] IMAGE	mkfs.btrfs; repeated while another test disturbs it
#	as_nobody CMD ...	run as the user nobody if root runs the test
#	program TOPIC/NAME ...	run a C program of tests/, with the kernel of the build tree
#	parses NAME N FILE ...	run fuzz/parse-NAME on FILE and on N damaged copies of it
#	needs_loop		skip unless the host kernel can loop-mount; calls own_mounts
#	own_mounts		continue in a new mount namespace, without the mounts of other tests
#	drop_copies		in a new mount namespace, detach the copies of mounts of other tests
#
# No fixed sleeps: wait_for CMD polls until CMD works.
set -euo pipefail
export LC_ALL=C.UTF-8

: "${ANYFS_TOP:=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}"
: "${ANYFS_BUILD:=$ANYFS_TOP/build}"
export ANYFS_TOP ANYFS_BUILD
PATH=$ANYFS_BUILD/${ANYFS_FLAVOUR:+$ANYFS_FLAVOUR/}bin:$PATH:/usr/sbin:/sbin

if [ -z "${HOME-}" ] || [ "$PWD" != "$HOME" ]; then
	cd "$(mktemp -d)" || exit 1		# started by hand
fi

cleanups=()
at_exit() { cleanups+=("$1"); }
run_cleanups() {
	local i
	for ((i = ${#cleanups[@]} - 1; i >= 0; i--)); do
		eval "${cleanups[i]}" || true
	done
}
trap run_cleanups EXIT
trap 'echo "failed: ${BASH_SOURCE[0]##*/} line $LINENO: $BASH_COMMAND" >&2' ERR

skip() { echo "$*"; exit 77; }
fail() { echo "FAIL: $*" >&2; exit 1; }

requires() {
	"$@" >/dev/null 2>&1 </dev/null || skip "requires: $*"
}

run() {
	echo "+ $*" >&2
	"$@" || fail "exit $?: $*"
}

# The command must exit with 1 to 125, print nothing to stdout, and print one line to stderr
# that begins with "tool: " and has each of the texts (separated by |).
refuse() {
	local text=$1 code=0 part line
	shift
	echo "+ refuse: $*" >&2
	"$@" >refuse.out 2>refuse.err </dev/null || code=$?
	line=$(cat refuse.err)
	if [ "$code" -lt 1 ] || [ "$code" -gt 125 ]; then
		fail "exit $code, not an error: $*: $line"
	fi
	[ "$(wc -l <refuse.err)" -eq 1 ] || fail "not one line on stderr: $*: $line"
	[ ! -s refuse.out ] || fail "wrote to stdout: $*"
	[[ $line == "$(basename "$1"): "* ]] || fail "does not name the tool: $line"
	while [ -n "$text" ]; do
		part=${text%%|*}
		[[ $line == *"$part"* ]] || fail "no \"$part\" in: $line"
		[[ $text == *"|"* ]] && text=${text#*|} || text=
	done
}

expect() {
	local got
	got=$(cat; echo .)
	got=${got%.}
	[ "$got" = "$1" ] || [ "$got" = "$1"$'\n' ] ||
		fail "expected: $1"$'\n'"got:      $got"
}

same() { cmp "$1" "$2" || fail "$1 and $2 differ"; }

wait_for() {
	local end=$((SECONDS + 120))
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || fail "still not after 120 s: $*"
		sleep 0.05
	done
}

silent_server() {
	python3 - >silent <<-'END' &
	import socket, time
	s = socket.socket()
	s.bind(("127.0.0.1", 0))
	s.listen(9)
	print("%s:%s" % s.getsockname(), flush=True)
	while True:
	    time.sleep(1000)
	END
	at_exit "kill $!"
	wait_for test -s silent
	# shellcheck disable=SC2034  # tests use it
	silent=$(cat silent)
}

scratch_image() {
	img=$PWD/${2:-disk.img}
	truncate -s "$1" "$img"
}

image_ext4() {
	requires mkfs.ext4 -V
	scratch_image "${3:-32M}" "${2:-disk.img}"
	mkfs.ext4 -q -d "$1" -L anyfs-test "$img" >/dev/null
}

# grep -q exits at the first match, and the program that writes to the pipe then fails.
matches() { grep -c "$@" >/dev/null; }

# Run qemu-img, which has to make an image with a password.
qemu_img_crypt() {
	local n
	requires qemu-img --version
	for n in {1..100}; do
		qemu-img "$@" 2>qemu-img.log && return
		# On a busy machine QEMU fails to measure the speed of key derivation.
		grep -q 'accurate CPU usage' qemu-img.log || break
	done
	fail "qemu-img, attempt $n: $(cat qemu-img.log)"
}

# luks_image [-o OPTIONS]... IN OUT: encrypt IN as a LUKS1 volume with the key in the file "key".
luks_image() {
	qemu_img_crypt convert --object secret,id=k,file=key -O luks -o key-secret=k,iter-time=10 "$@"
}

image_vfat() {
	requires mkfs.vfat --help
	requires mcopy -V
	scratch_image "${3:-16M}" "${2:-disk.img}"
	mkfs.vfat -n ANYFSTEST "$img" >/dev/null
	mcopy -s -m -i "$img" "$1"/* ::/
}

# mkfs.btrfs fails while another test has a loop device mounted.
make_btrfs() { wait_for mkfs.btrfs -q -f "$@"; }

# Make a GPT disk: a FAT partition with the files of $1, an ext4 partition with those of $2.
image_gpt() {
	requires sgdisk --version
	image_vfat "$1" part1.img 16M
	image_ext4 "$2" part2.img 32M
	scratch_image 50M
	sgdisk -o -n 1:2048:+16M -t 1:ef00 -c 1:efi -n 2:0:+32M -t 2:8300 -c 2:root \
		"$img" >/dev/null
	dd if=part1.img of="$img" bs=1M seek=1 conv=notrunc,sparse status=none
	dd if=part2.img of="$img" bs=1M seek=17 conv=notrunc,sparse status=none
	rm part1.img part2.img
}

as_nobody() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=nobody --regid=nogroup --clear-groups --inh-caps=-all \
			--bounding-set=-all --no-new-privs -- "$@"
	else
		"$@"
	fi
}

program() {
	local name=$1
	shift
	run env ANYFS_KERNEL="${ANYFS_KERNEL-$ANYFS_BUILD/lib/anyfs/kernel.so}" \
		"$ANYFS_BUILD/${ANYFS_FLAVOUR:+$ANYFS_FLAVOUR/}meson/tests/$name" "$@"
}

# The unchanged file must be accepted, and at least one damaged copy.  The program has a sanitizer
# if "make asan" was run.
parses() {
	local name=$1 copies=$2 flavour=
	shift 2
	[ ! -x "$ANYFS_BUILD/asan/meson/tests/fuzz/parse-$name" ] || flavour=asan
	ANYFS_FLAVOUR=$flavour program "fuzz/parse-$name" "$@" >counted
	! grep ': 0 of 1 ' counted || fail "an undamaged file is not accepted"
	ANYFS_FLAVOUR=$flavour program "fuzz/parse-$name" --mutants "$copies" "$@" >counted
	cat counted
	! grep ': 0 of ' counted || fail "no damaged copy is accepted"
}

# For tests that compare with a mount by the host's kernel.  They run as root ("# root:" in their
# head comment); even then the host may lack loop devices.
needs_loop() {
	[ "$(id -u)" -eq 0 ] || skip "comparing with a loop mount needs root"
	local probe=$PWD/loop-probe.img
	truncate -s 1M "$probe"
	losetup -f --show "$probe" >loop-probe.dev 2>/dev/null ||
		skip "this host has no loop devices"
	losetup -d "$(cat loop-probe.dev)"
	rm -f "$probe" loop-probe.dev
	own_mounts
}

# A copy of a mount in the mount namespace of another process would outlive umount.
own_mounts() {
	[ "${ANYFS_PRIVATE-}" ] || exec env ANYFS_PRIVATE=1 unshare -m --propagation private "$0"
	drop_copies
}
drop_copies() { umount --all --internal-only --lazy --types fuse.anyfs || true; }
