#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# After --timeout, mkdisk and mkfs leave no image that is not finished, and no temporary files.
. "${0%/*}/../lib.sh"
requires qemu-img --version
requires cryptsetup --version
printf 'right words' >key

# A program that lets the time of anyfs, its parent, end, and then does not end itself.
mkdir bin
cat >bin/mkfs.ext4 <<END
#!/bin/sh
echo \$\$ >>$PWD/pids
kill -ALRM \$PPID
exec sleep 100
END
chmod +x bin/mkfs.ext4
at_exit "kill \$(cat pids)"

# gives_up COMMAND...: ends by its timeout while the program runs, and leaves nothing
gives_up() {
	local code=0
	find . | sort >before
	PATH=$PWD/bin:$PATH "$@" 2>err || code=$?
	[ $code -eq 124 ] || fail "exit $code: $*: $(cat err)"
	matches "gave up after 500 seconds" <err || fail "$(cat err)"
	find . | sort | same - before
}
touch before err pids
luks=luks:pbkdf-iterations=4:pbkdf-memory=64K:pbkdf-threads=1
gives_up anyfs mkfs --timeout 500 --size 10M new.img ext4
gives_up anyfs mkdisk --timeout 500 new.img --size 10M --part a:ext4:rest
gives_up anyfs mkdisk --timeout 500 new.qcow2 --size 10M --part a:ext4:rest
gives_up anyfs mkdisk --timeout 500 new.img --size 20M --part a:lvm:rest:vg=v --lv v/a:ext4:rest
gives_up anyfs mkdisk --timeout 500 new.qcow2 --size 40M --part a:ext4:rest:$luks --key file:key
[ "$(wc -l <pids)" -eq 5 ] || fail "the program did not run each time: $(wc -l <pids)"

# A finished image stays.
run anyfs mkdisk --timeout 100 new.img --size 10M --part a:vfat:rest
run anyfs ls new.img /p1 | expect ""
