#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs-ksmbd -c takes shares and options from an smb.conf, names the keys that have no effect,
# and refuses keys that would restrict access.
. "${0%/*}/lib-serve.sh"
requires command -v smbclient
export PASSWORD=secret

mkdir -p one two/users
echo one >one/hello
echo two >two/users/hello
image_gpt one two

cat >smb.conf <<'CONF'
# A comment
[global]
	workgroup = TEST
	smb2 max READ = 1M
	smb encrypt = required
	map to guest = never
; another comment
[first]
	path = p1
	Comment = The first, \
and only its files
	read only = no
[homes]
	comment = of users
[Second]
	PATH = /p2/users
	browse able = no
[third]
	path = /p2
	writeable = yes
	available = no
CONF
serve anyfs-ksmbd -w -c smb.conf --user alice:env:PASSWORD "$img"
expect "anyfs-ksmbd: smb.conf:3: workgroup: ignored
anyfs-ksmbd: smb.conf:6: map to guest: ignored; --guest lets clients connect without a password
anyfs-ksmbd: smb.conf:13: [homes]: only shares with a path of the image are served" <server.log
smbclient -s /dev/null -p "$port" -U alice%secret -L //127.0.0.1 >list 2>&1 || fail "$(cat list)"
grep -q "first  *Disk  *The first, and only its files" list || fail "$(cat list)"
! grep -qi "second\|third\|homes" list || fail "$(cat list)"
smb first "get hello -" 2>/dev/null | expect one
smb first "put smb.conf new"
smb second "get hello -" 2>/dev/null | expect two
smb Second "put smb.conf new" >log 2>&1 && fail "a share that is read only was changed"
grep -qE "NT_STATUS_(ACCESS_DENIED|MEDIA_WRITE_PROTECTED)" log || fail "$(cat log)"
smb third ls >log 2>&1 && fail "a share that is not available was listed"
grep -q NT_STATUS_BAD_NETWORK_NAME log || fail "$(cat log)"
stop_server
anyfs cat "$img" /p1/new | cmp - smb.conf

# Options of the command line that follow -c replace those of the file.
serve anyfs-ksmbd -c smb.conf --encrypt offered --user alice:env:PASSWORD "$img"
smb first "get hello -" 2>/dev/null | expect one
stop_server

refused() {
	printf '%b\n' "$2" >bad.conf
	refuse "$1" anyfs-ksmbd -P 0 -c bad.conf --user alice:env:PASSWORD "$img"
}
refused "bad.conf:2: valid users: this server does not support the key" \
	'[a]\nvalid users = bob\npath = p1'
refused "bad.conf:1: include: this server does not support the key" 'include = other.conf'
refused "bad.conf:2: path: variables" '[a]\npath = /p1/%U'
refused "bad.conf:1: a: the share has no path" '[a]\nread only = no'
refused "bad.conf:3: [a]: two shares would have the name a" '[A]\npath = p1\n[a]\npath = p2'
refused "bad.conf:1: [a]:|no partition 7" '[a]\npath = p7'
refused "bad.conf:2: read only: give yes or no" '[a]\nread only = maybe'
refused "bad.conf:1: smb2 max credits: give a number from 16" 'smb2 max credits = 1'
refused "bad.conf:1: nonsense: write KEY = VALUE" 'nonsense'
refused 'bad.conf:1: a: write [NAME]' '[a'
refuse "none.conf: No such file" anyfs-ksmbd -c none.conf --guest "$img"
