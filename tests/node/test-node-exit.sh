#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Even if a program ends in an unusual way, the image is clean and has the data that was written.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

mkdir tree
# shellcheck disable=SC2016  # ${i} is JavaScript's
head='const { open } = require("@anyfs/native");
open("disk.img", { write: true }).then(async (disk) => {
	disk.fs.writeFileSync("/before", "saved");
	const fd = disk.fs.openSync("/open", "w");
	disk.fs.writeSync(fd, "half");
	const later = [];
	for (let i = 0; i < 50; i++)
		later[i] = disk.fs.promises.writeFile(`/later${i}`, Buffer.alloc(100000));
'

ends() {
	local name=$1 code=$2 tail=$3 got=0
	node_image tree
	node -e "$head $tail });" >"$name.out" 2>&1 || got=$?
	[ $got -eq "$code" ] || { cat "$name.out"; fail "$name: exit $got, not $code"; }
	clean_image disk.img
	dumpe2fs -h disk.img 2>/dev/null | matches needs_recovery &&
		fail "$name: the journal was left behind"
	[ "$(run anyfs cat disk.img /before)" = saved ] || fail "$name: /before is lost"
	[ "$(run anyfs cat disk.img /open)" = half ] || fail "$name: /open is lost"
}

ends process-exit 3 'process.exit(3);'
ends uncaught 1 'setImmediate(() => { throw new Error("uncaught"); });'
ends rejected 1 'throw new Error("rejected");'
ends natural 0 ''
ends exit-in-callback 4 'disk.fs.stat("/", () => process.exit(4));'
ends worker 0 'await Promise.all(later);
	await disk.close();
	const { Worker } = require("node:worker_threads");
	const worker = new Worker(`
		const { open } = require("@anyfs/native");
		open("disk.img", { write: true }).then((disk) => {
			disk.fs.writeFileSync("/worker", "saved");
			require("node:worker_threads").parentPort.postMessage("");
			setInterval(() => disk.fs.readdirSync("/"), 1);
		});`, { eval: true });
	worker.on("message", () => worker.terminate());'
[ "$(run anyfs cat disk.img /worker)" = saved ] || fail "the worker's file is lost"
