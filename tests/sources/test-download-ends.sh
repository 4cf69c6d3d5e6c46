#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ^C during a download, or while an image is unpacked, ends the command and the program that
# reads the image, and leaves no file.
. "${0%/*}/lib-sources.sh"

make_image
gzip -1 -c www/disk.img >www/disk.gz
http_start
mkdir temporary
export TMPDIR=$PWD/temporary

# Other tests run such processes too, so look only for our child.
readers() {
	local p
	for p in $(pgrep -x anyfs-source-ht); do
		! { tr '\0' '\n' <"/proc/$p/environ"; } 2>/dev/null | matches -x "HOME=$HOME" || echo "$p"
	done
}
none_reads() { [ -z "$(readers)" ]; }

# interrupted COMMAND...: the server stops sending in the middle; then comes a signal.
interrupted() {
	local code=0 pid
	echo "+ interrupted: $*"
	: >requests
	env --default-signal=INT "$@" >out 2>err &
	pid=$!
	wait_for grep -q . requests
	[ -n "$(readers)" ] || fail "no program reads the image: $*"
	kill -INT $pid
	wait $pid || code=$?
	[ $code -eq 130 ] || fail "exit $code: $*: $(cat err)"
	wait_for none_reads
	[ -z "$(ls temporary)" ] || fail "a file stays: $(ls temporary)"
}
echo new >new
interrupted anyfs ls --download "$http/stall=99/disk.img"
interrupted anyfs put --download --overlay changes "$http/stall=99,-/disk.img" new /
interrupted anyfs put --download --overlay changes "$http/stall=99,-/disk.img" - /new
interrupted anyfs get --download "$http/stall=99/disk.img" / got
interrupted anyfs copy --download "$http/stall=99/disk.img:/" got
interrupted anyfs oci-out --download "$http/stall=99/disk.img" got.tar
interrupted anyfs ls "$http/stall=99/disk.gz"
interrupted anyfs-nfsd --download --unix socket "$http/stall=99/disk.img"
interrupted anyfs ls "$http/stall=99,-/disk.img"
[ ! -e changes ] || fail "an overlay stays"
