# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions of the tests of the sandbox.  attack.c acts as a kernel that an image has taken
# over.  Each attack must succeed without the sandbox, to show that the test is valid, and must
# be stopped inside it on each thread.
#
#	attack THREAD NAME CMD...	sets $code to the exit status; the output is in the file "err"
#	stopped NAME CMD...		the attack is stopped on each thread of CMD, by a message,
#					an errno or SIGSYS
#	works NAME CMD...		the attack succeeds without the sandbox
#
#	make_scene		make an image, $img, with one file, and the directory work/ for attacks
#	clear_scene		reset work/: a file "neighbour" as a target, no file of an attack
#	scene_is NAMES		work/ has NAMES and the files that every attack leaves
#
# prepare() is called before each attack, tidy() after it; ATTACK_TARGET is the file to
# attack, and $threads are the attacking threads.

threads="main service pool"
attacker=$ANYFS_BUILD/meson/tests/sandbox/libattack.so
[ -z "${ANYFS_FLAVOUR-}" ] || skip "the attacks are for the build without sanitizers"
[ -f "$attacker" ] || fail "$attacker is not built"

make_scene() {
	mkdir tree work
	echo hello >tree/file
	image_ext4 tree
	needs_sandbox "${img:?}"
	cd work
}

clear_scene() {
	rm -rf neighbour renamed linked symlink directory fifo new device dest
	echo secret >neighbour
}

scene_is() {
	local names
	names=$(printf "%s\n" inherited neighbour out.txt err ${1:+"$1"} | sort | tr "\n" " ")
	[ "$(echo *) " = "$names" ] || fail "$name made files: $(echo *)"
}

prepare() { clear_scene; }
tidy() { :; }

attack() {
	local thread=$1 name=$2
	shift 2
	prepare
	code=0
	# Descriptor 99 is inherited, and the tool does not use it.
	(
		ulimit -c 0
		exec env ATTACK="$name" ATTACK_THREAD="$thread" LD_PRELOAD="$attacker" \
			timeout 300 "$@" 99>inherited >out.txt 2>err </dev/null
	) 2>/dev/null || code=$?
	tidy
}

stopped() {
	local name=$1 thread
	shift
	for thread in $threads; do
		attack "$thread" "$name" "$@"
		case $code in
		1)	grep -qE "^anyfs(-[a-z]+)?: stopped by the sandbox: system call " err ||
				fail "$name on $thread: no message: $(cat err)" ;;
		98)	grep -q "^attack: $name on $thread: " err || fail "$name: $(cat err)" ;;
		159)	;;	# by the host's kernel: SIGSYS
		*)	fail "$name on $thread: exit $code: $(cat err)" ;;
		esac
	done
	echo "stopped: $name: exit $code: $(tail -1 err | cut -c1-75)"
}

works() {
	local name=$1
	shift
	attack main "$name" "$1" "$2" --no-sandbox "${@:3}"
	[ "$code" -eq 99 ] || fail "$name fails even without a sandbox: exit $code: $(cat err)"
}

# Expect only the restrictions that this host supports.
needs_sandbox() {
	anyfs ls -v "$1" / 2>&1 >/dev/null | grep "sandbox: " >holds || fail "-v does not report it"
	! grep -q "no seccomp" holds || skip "this host's kernel has no seccomp"
	! grep -q "no Landlock" holds || skip "this host's kernel has no Landlock"
}
