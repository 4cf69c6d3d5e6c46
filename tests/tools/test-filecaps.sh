#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# setcap stores the attribute that the kernel reads, and getcap prints it like getcap(8).
. "${0%/*}/../lib.sh"
mkdir -p tree/bin
touch tree/bin/a tree/bin/b
ln -s a tree/bin/link
image_ext4 tree
set_and_print() {
	run anyfs setcap "$img" "$1" /bin/a
	anyfs getcap "$img" /bin/a | expect "/bin/a $2"
}
set_and_print cap_net_raw=ep cap_net_raw=ep
anyfs getfattr -e hex -n security.capability "$img" /bin/a |
	matches '=0x0100000200200000000000000000000000000000$' || fail "the attribute of cap_net_raw=ep"
set_and_print cap_net_raw+p cap_net_raw=p
set_and_print "cap_chown,cap_net_raw=eip cap_chown-i" "cap_net_raw=eip cap_chown=ep"
set_and_print "all=p" "=p"
set_and_print "=" "="
set_and_print 39+i cap_bpf=i
set_and_print CAP_SYSLOG=ep cap_syslog=ep
run anyfs setcap -n 1000 "$img" cap_net_raw=ep /bin/a
anyfs getcap -r "$img" / | expect "/bin/a cap_net_raw=ep [rootid=1000]"
anyfs getfattr -e text "$img" /bin/a | matches 'security.capability="cap_net_raw=ep' || fail "no words"
anyfs getcap -v "$img" /bin/a /bin/b | expect "$(printf '/bin/a cap_net_raw=ep [rootid=1000]\n/bin/b')"
anyfs getcap --json "$img" '/bin/*' | python3 -c '
import json, sys
assert json.load(sys.stdin) == [{"path": "/bin/a", "capabilities": "cap_net_raw=ep [rootid=1000]"}]'
run anyfs setcap -r "$img" /bin/a
anyfs getcap "$img" /bin/a | expect ""
refuse "no capability has this name" anyfs setcap "$img" cap_none=ep /bin/a
refuse "one flag e for all" anyfs setcap "$img" "cap_chown=ep cap_kill=p" /bin/a
refuse "must follow the names" anyfs setcap "$img" cap_chown /bin/a
refuse "Invalid argument" anyfs setcap "$img" cap_chown=ep /bin
run e2fsck -fn "$img"
