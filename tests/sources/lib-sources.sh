# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for tests of images at addresses:
#
#	http_start		serve the directory www; $http is "http://127.0.0.1:PORT"
#	http_run PORT [CERTIFICATE KEY]	start the server on PORT
#	http_stop, http_again	end the server; start it on the same port
#	make_image		www/disk.img: an ext4 with a few MiB of files; www/hashes
#	nbd_serve ARGS		start nbdkit; $nbd is its address
#	nbd_end			end nbdkit
#	requests		print the number of answers of the server
#	free_port		print a port on which nothing listens
. "${BASH_SOURCE[0]%/*}/../lib.sh"

http_server=$ANYFS_TOP/tests/sources/http-server.py

http_run() {
	rm -f http.port
	python3 "$http_server" www http.port "$@" </dev/null >/dev/null 2>http.log &
	http_pid=$!
	wait_for test -s http.port
	http=http://127.0.0.1:$(cat http.port)
}

http_start() {
	mkdir -p www
	http_run "$(free_port)"
	at_exit http_stop
}

http_stop() {
	kill "$http_pid" 2>/dev/null || true
	wait "$http_pid" 2>/dev/null || true
}
http_again() { http_run "${http##*:}"; }

make_image() {
	mkdir -p tree/dir www
	seq 500000 >tree/numbers
	seq 7 9 >tree/dir/few
	head -c 3000000 /dev/urandom >tree/dir/random
	image_ext4 tree disk.img 96M
	run anyfs hash disk.img >www/hashes
	mv disk.img www/disk.img
}

# The host gives ports above 32767 to any program that needs one.
free_port() {
	python3 -c 'import random, socket, sys
while True:
    try:
        with socket.create_server(("127.0.0.1", random.randrange(20000, 32000))) as s:
            sys.exit(print(s.getsockname()[1]))
    except OSError:
        pass'
}

requests() { grep -c . requests || true; }

# Check that the hashes of the image at $1, read with the options that follow, are those of the
# file.
reads_well() {
	local address=$1
	shift
	run anyfs hash "$@" "$address" >got
	same got www/hashes
}

# fails TEXT ADDRESS: reading ends with an error that has TEXT, and gives no wrong data.
fails() {
	local text=$1 code=0
	shift
	timeout 300 anyfs hash --net-timeout 5 "$@" >out 2>err || code=$?
	[ "$code" -eq 1 ] || fail "exit $code: $*"
	grep -q "$text" err || fail "no \"$text\": $(cat err)"
	# Data that was read before the fault is correct.
	grep -vxFf www/hashes out && fail "wrong data was printed: $*"
	true
}

# shellcheck disable=SC2034  # tests use it
nbd="nbd+unix:///?socket=$PWD/nbd.sock"

nbd_serve() {
	nbdkit -U "$PWD/nbd.sock" -P nbd.pid "$@"
	wait_for test -S nbd.sock
	at_exit nbd_end
}

is_gone() { ! [ -e "/proc/$1" ] || grep -q "^State:.Z" "/proc/$1/status"; }

nbd_end() {
	local pid
	pid=$(cat nbd.pid 2>/dev/null) || return 0
	kill -KILL "$pid"	# nbdkit would wait for its clients after SIGTERM
	wait_for is_gone "$pid"
	rm nbd.sock nbd.pid
}
