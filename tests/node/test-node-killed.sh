#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If a process is killed during writes, the journal repairs the image and all synced data is
# there; an isolated kernel continues and closes the image.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

mkdir tree

# Start a program that writes without end, and kill it after some rounds.
killed() {
	node_image tree
	# shellcheck disable=SC2016  # JavaScript
	node -e '
		const { open } = require("@anyfs/native");
		open("disk.img", { write: true, isolate: process.argv[1] === "isolated" }).then((disk) => {
			const fd = disk.fs.openSync("/synced", "w");
			disk.fs.writeSync(fd, "synced");
			disk.fs.fsyncSync(fd);
			for (let i = 0; ; i++) {
				disk.fs.mkdirSync(`/dir${i % 50}`, { recursive: true });
				disk.fs.writeFileSync(`/dir${i % 50}/file`, Buffer.alloc(100000, `${i}`));
				if (i % 3 === 0)
					disk.fs.syncSync();
				if (i === 100)
					require("node:fs").writeFileSync("ready", "");
			}
		});' "$1" &
	wait_for test -e ready
	kill -KILL $!
	wait $! 2>/dev/null || true
	rm ready
}

killed here
fsck=0
e2fsck -fp disk.img >fsck.out 2>&1 || fsck=$?
[ $fsck -le 1 ] || { cat fsck.out; fail "e2fsck cannot repair the image: exit $fsck"; }
clean_image disk.img
[ "$(run anyfs cat disk.img /synced)" = synced ] || fail "synced data is lost"

killed isolated
# The kernel finds that Node.js has ended; it holds the lock of the image until it has closed.
clean() { e2fsck -fn disk.img; }
wait_for clean
[ "$(run anyfs cat disk.img /synced)" = synced ] || fail "synced data is lost"
