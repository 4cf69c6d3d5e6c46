#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Clients get the names of owners, users and groups, in both directions, over the pipes lsarpc and
# samr; guests do not get the names of users.
. "${0%/*}/lib-serve.sh"
requires rpcclient --version
mkdir tree
echo hello >tree/hello
image_ext4 tree disk.img 64M
echo secret >password

ask() { rpcclient -s /dev/null -p "$port" "${login[@]}" 127.0.0.1 -c "$1" >out 2>&1; }
# answers TEXT COMMAND: the command of rpcclient prints a line that matches TEXT.
answers() {
	ask "$2" || fail "rpcclient ${2:0:100}: $(cat out)"
	matches -e "$1" <out || fail "rpcclient ${2:0:100}: $(cat out)"
}
# refuses TEXT COMMAND: the command fails with TEXT.
refuses() {
	if ask "$2"; then fail "rpcclient $2: $(cat out)"; fi
	matches -e "$1" <out || fail "rpcclient $2: $(cat out)"
}

serve anyfs-ksmbd --user alice:file:password --user 'Zoë:file:password' "$img"
login=(-U alice%secret)

answers '^Domain Name: WORKGROUP' 'lsaquery 3'
answers '^Domain Name: ANYFS' 'lsaquery 5'
sid=$(sed -n 's/^Domain Sid: //p' out)
[[ $sid == S-1-5-21-* ]] || fail "the domain has the SID $sid"
answers '^Domain NetBios Name: WORKGROUP' 'lsaquery 12'
answers 'Machine Role = .2' dsroledominfo
answers "^alice $sid-[0-9]* (User: 1)" 'lookupnames alice'
alice=$(awk '{ print $2 }' out)
answers "^ANYFS.Zoë $sid-[0-9]* (User: 1)" 'lookupnames ANYFS\\Zoë'
answers '^BUILTIN.Administrators S-1-5-32-544 (Local Group: 4)' 'lookupnames BUILTIN\\Administrators'
answers "^ANYFS.1000 $sid-1000 (User: 1)" 'lookupnames ANYFS\\1000'
refuses NT_STATUS_NONE_MAPPED 'lookupnames nobody'
answers "^$alice ANYFS.alice (1)" "lookupsids $alice"
answers '^S-1-1-0 .Everyone (5)' 'lookupsids S-1-1-0 S-1-5-21-1-2-3-4'
answers '^S-1-5-21-1-2-3-4 .*unknown.*(8)' 'lookupsids S-1-1-0 S-1-5-21-1-2-3-4'
answers '^S-1-22-1-0 Unix User.root (1)' 'lookupsids S-1-22-1-0'
answers '^S-1-22-2-100 Unix Group.100 (2)' 'lookupsids S-1-22-2-100'
# A request of 500 SIDs has several fragments.
many=$(printf 'S-1-22-1-%d ' {1..499})
answers '^S-1-22-1-499 Unix User.499 (1)' "lookupsids $many $alice"
answers "^$alice ANYFS.alice (1)" "lookupsids $many $alice"

answers '^name:.ANYFS. idx:' enumdomains
answers "Domain SID: $sid$" 'lookupdomain anyfs'
answers "^user:.alice. rid:.$(printf 0x%x "${alice##*-}").$" enumdomusers
answers '^group:.None. ' enumdomgroups
answers '^Total Users:.2$' querydominfo
answers '^Minimum password length:[[:space:]]*1$' 'querydominfo 1'
answers 'User Name *:.*alice$' 'queryuser alice'
answers 'Full Name *:.*Zoë$' "queryuser $((${alice##*-} + 1))"
answers '^name alice: ' 'samlookupnames domain alice None'
answers '^rid 0x70000000: None' "samlookuprids domain 0x70000000 ${alice##*-}"
answers 'group rid:.0x70000000' "queryusergroups ${alice##*-}"
stop_server

serve anyfs-ksmbd --guest --user alice:file:password "$img"
login=(-N -U %)
answers '^S-1-1-0 .Everyone (5)' 'lookupsids S-1-1-0'
refuses NT_STATUS_NONE_MAPPED 'lookupnames alice'
refuses NT_STATUS_ACCESS_DENIED enumdomusers
stop_server
