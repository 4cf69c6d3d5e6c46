# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for tests that run a verb on many images:
#
#	make_images COUNT	make images/1.img ..., copies of the ext4 $img with the file "file", and
#				images/zeros.img without a file system
#	silent_server		start a server that accepts connections, and never answers; $silent
#				is its HOST:PORT
#	check_results DIR PARTS	DIR has one right result for each image of the file "list"
. "${BASH_SOURCE[0]%/*}/../lib.sh"
requires python3 --version

make_images() {
	local i
	mkdir tree images
	echo hello >tree/file
	image_ext4 tree
	for i in $(seq "$1"); do cp --sparse=always "$img" "images/$i.img"; done
	head -c 65536 /dev/zero >images/zeros.img
}

silent_server() {
	python3 - >silent.port <<'END' &
import signal, socket
s = socket.create_server(("127.0.0.1", 0), backlog=9)
print(s.getsockname()[1], flush=True)
signal.pause()
END
	at_exit "kill $!"
	wait_for test -s silent.port
	# shellcheck disable=SC2034  # tests use it
	silent=127.0.0.1:$(cat silent.port)
}

check_results() { run python3 "$ANYFS_TOP/tests/fleet/check-results.py" list "$@"; }
