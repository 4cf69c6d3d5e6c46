#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# PostgreSQL runs on a mount that another user has made: initdb, pgbench, and a server
# that is killed and recovers.  Its checksums and the sums of the accounts are
# correct, and fsck finds no error.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
for bin in /usr/lib/postgresql/*/bin; do PATH+=:$bin; done
requires initdb --version
requires pgbench --version
export PGUSER=test PGDATABASE=postgres PGHOST=$PWD/socket
: "${ANYFS_TRANSACTIONS:=100}"			# of each of four clients
mkdir socket && chown nobody socket && chmod 755 .

server() { as_nobody pg_ctl -D "$mnt/db" -w -t 300 -l socket/log "$@" >pg_ctl.log 2>&1; }
query() { as_nobody psql -XAtqc "$1"; }

# pgbench adds the same amount to an account, a teller and a branch, and logs it in the
# history.
sums_agree() {
	query 'select count(distinct s), (select count(*) from pgbench_history) from (
		select sum(abalance) s from pgbench_accounts union all
		select sum(bbalance) from pgbench_branches union all
		select sum(tbalance) from pgbench_tellers union all
		select sum(delta) from pgbench_history) sums' | expect "1|$1"
}

for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	mount_image --write -o allow_other
	mkdir "$mnt/db" && chown nobody "$mnt/db" && chmod 700 "$mnt/db"
	at_exit "server -m immediate stop"
	run as_nobody initdb -k -A trust -U test -D "$mnt/db" >initdb.log
	server -o "-k '$PGHOST' -c listen_addresses=" start || fail "$fs: $(cat socket/log pg_ctl.log)"
	run as_nobody pgbench -q -i -s 1 2>pgbench.log
	run as_nobody pgbench -c 4 -j 2 -t "$ANYFS_TRANSACTIONS" >pgbench.log 2>&1
	sums_agree $((4 * ANYFS_TRANSACTIONS))
	# The killed server recovers from its write-ahead log.
	server -m immediate stop
	server -o "-k '$PGHOST' -c listen_addresses=" start || fail "$fs: $(cat socket/log)"
	grep -q 'database system was not properly shut down' socket/log || fail "no crash: $(cat socket/log)"
	sums_agree $((4 * ANYFS_TRANSACTIONS))
	query 'vacuum full'
	server -m fast stop || fail "$fs: $(cat socket/log)"
	rm socket/log
	unset 'cleanups[-1]'
	umount_image
	fsck_image $fs
	mount_image
	run pg_checksums --check -D "$mnt/db" >checksums
	grep -q 'Bad checksums: *0' checksums || fail "$fs: $(cat checksums)"
	umount_image
done
