# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions of the tests of the file servers:
#
#	serve TOOL ARG...	start a server on a free port; sets $server, $port and $address
#	stop_server		end the server by SIGTERM; it must exit with 0
#	nfs PATH		the URL of a path for the programs of libnfs
#	nfs_tree PATH DIR	copy a directory over NFS, with nfs-ls and nfs-cp
#	smb SHARE COMMAND	run smbclient as user alice
#	make_tree DIR		files of many kinds and sizes
#	sums DIR		print the hashes of all files of a directory
. "${BASH_SOURCE[0]%/*}/../lib.sh"

is_ready_or_ended() { [ -s ready ] || ! kill -0 "$server"; }

serve() {
	local tool=$1
	shift
	echo "+ $tool -P 0 $*" >&2
	rm -f ready
	"$tool" -P 0 --ready-fd 3 "$@" 3>ready >served 2>server.log &
	server=$!
	at_exit "kill -9 $server 2>/dev/null"
	wait_for is_ready_or_ended
	[ -s ready ] || fail "the server ended: $(cat server.log)"
	address=$(cat ready)
	port=${address##*:}
}

stop_server() {
	local code=0
	kill -TERM "$server"
	wait "$server" || code=$?
	unset 'cleanups[-1]'
	[ $code -eq 0 ] || fail "the server ended with $code: $(cat server.log)"
}

nfs() { echo "nfs://127.0.0.1/$1?version=4&nfsport=$port"; }

# nfs-ls prints "-rw-r--r--  1     0     0         1234 name"; names in these trees have no spaces.
nfs_tree() {
	local mode name
	mkdir -p "$2"
	nfs-ls "$(nfs "$1")" >"$2.list" || fail "nfs-ls $1"
	while read -r mode _ _ _ _ name; do
		case $mode in
		d*) nfs_tree "$1/$name" "$2/$name" ;;
		-*) nfs-cp "$(nfs "$1/$name")" "$2/$name" >/dev/null || fail "nfs-cp $1/$name" ;;
		esac
	done <"$2.list"
	rm "$2.list"
}

smb() {
	smbclient -s /dev/null -t 200 -p "$port" -U alice%secret "//127.0.0.1/$1" -c "$2"
}

make_tree() {
	local i
	mkdir -p "$1/d/e/f" "$1/many" "$1/empty"
	echo hello >"$1/hello"
	: >"$1/d/nothing"
	head -c 5000001 /dev/urandom >"$1/d/e/big"
	for i in 4095 4096 4097 65536 1048577; do
		head -c $i /dev/urandom >"$1/d/size-$i"
	done
	for i in $(seq 300); do
		echo "$i" >"$1/many/file-$i"
	done
	echo leaf >"$1/d/e/f/ünï-код"
	truncate -s 3M "$1/d/hole"
	echo end >>"$1/d/hole"
}

sums() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }
