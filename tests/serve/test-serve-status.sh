#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# --status lists the shares and the clients of a running server, as text and as JSON.
. "${0%/*}/lib-serve.sh"
requires command -v nfs-ls
requires smbclient --version
requires python3 -c 'import jsonschema'
export ALICE=secret XDG_RUNTIME_DIR=$PWD/run
mkdir -p run one two
echo hello >one/hello
echo hello >two/hello
image_gpt one two

# value EXPRESSION: a value of the first server in status.json, "s", or of its first client, "c".
value() {
	python3 - "$ANYFS_TOP/docs/json" "$1" <<'PYTHON'
import json, jsonschema, sys
schema = json.load(open(sys.argv[1] + "/server-status.schema.json"))
common = jsonschema.RefResolver("file://" + sys.argv[1] + "/", schema)
servers = json.load(open("status.json"))
jsonschema.Draft202012Validator(schema, resolver=common).validate(servers)
s = servers[0] if servers else None
c = s["clients"][0] if s and s["clients"] else None
print(eval(sys.argv[2]))
PYTHON
}
status() { "$1" --status --json "${@:2}" >status.json || fail "$1 --status: $?"; }

anyfs-nfsd --status | expect "anyfs-nfsd: no server is running"
anyfs-nfsd --status --json | expect "[]"
refuse "takes no image" anyfs-nfsd --status "$img"
refuse "--json is for --status" anyfs-nfsd --json "$img"
(unset XDG_RUNTIME_DIR; refuse "XDG_RUNTIME_DIR is not set" anyfs-ksmbd --status)
refuse "none.sock: No such file" anyfs-ksmbd --status --control none.sock

# An NFS client that has one file open.
serve anyfs-nfsd -w --share one=p1:ro --share p2 "$img"
status anyfs-nfsd
value '[(x["name"], x["path"], x["readonly"]) for x in s["shares"]], c' |
	expect "([('one', '/p1', True), ('p2', '/p2', False)], None)"
"$ANYFS_BUILD/meson/tests/serve/nfs-hold" "$(nfs one/hello)" held &
holder=$!
at_exit "kill -9 $holder 2>/dev/null"
wait_for test -e held
status anyfs-nfsd
value 's["pid"], s["address"]' | expect "($server, '$address')"
value 'len(s["clients"]), c["version"], c["open_files"]' | expect "(1, '4.0', 1)"
value 'c["address"].startswith("127.0.0.1:"), c["sent"] > 100, c["received"] > 100' |
	expect "(True, True, True)"
anyfs-nfsd --status >text
grep -q "^  one (read-only): $img/p1$" text || fail "the shares: $(cat text)"
grep -qE "^  127\.0\.0\.1:[0-9]+ +4\.0 .* 1 Libnfs" text || fail "the clients: $(cat text)"
# Servers of the other kind are not listed.
anyfs-ksmbd --status | expect "anyfs-ksmbd: no server is running"
kill -9 $holder
unset 'cleanups[-1]'
no_clients() { status anyfs-nfsd && [ "$(value c)" = None ]; }
wait_for no_clients
stop_server
# The socket file of a server that has ended is removed.
anyfs-nfsd --status | expect "anyfs-nfsd: no server is running"
[ -z "$(ls run/anyfs)" ] || fail "left behind: $(ls run/anyfs)"

# An SMB client with two shares, while its get waits for the reader of a FIFO.
serve anyfs-ksmbd --control ctl --user alice:env:ALICE "$img"
[ "$(stat -c %a ctl)" = 600 ] || fail "the control socket has mode $(stat -c %a ctl)"
refuse "another server listens there" anyfs-ksmbd -P 0 --control ctl --guest "$img"
mkfifo pause
smb p2 'ls; get hello pause' >out 2>&1 &
holder=$!
at_exit "kill -9 $holder 2>/dev/null"
in_share() { status anyfs-ksmbd --control ctl && [ "$(value 'bool(c and c["shares"])')" = True ]; }
wait_for in_share
value 'c["version"], c["user"], [x["name"] for x in c["shares"]], c["open_files"]' |
	expect "('3.1.1', 'alice', ['p2'], None)"
anyfs-ksmbd --status --control ctl >text
grep -qE '^  127\.0\.0\.1:[0-9]+ +3\.1\.1 .* alice p2$' text || fail "the clients: $(cat text)"
expect hello <pause
wait $holder || fail "smbclient: $(cat out)"
unset 'cleanups[-1]'
gone() { status anyfs-ksmbd --control ctl && [ "$(value c)" = None ]; }
wait_for gone

# A program that connects to the control socket and sends nothing only delays --status.
python3 -c 'import socket, time
s = socket.socket(socket.AF_UNIX); s.connect("ctl"); open("stalled", "w").close(); time.sleep(600)' &
staller=$!
at_exit "kill -9 $staller 2>/dev/null"
wait_for test -e stalled
status anyfs-ksmbd --control ctl
kill $staller
unset 'cleanups[-1]'
stop_server
refuse "ctl: the server has ended" anyfs-ksmbd --status --control ctl

# The directory of another user is not used.
chmod 777 run/anyfs
serve anyfs-nfsd "$img"
grep -q "anyfs-nfsd-.*sock: Operation not permitted: --status cannot find this server" server.log ||
	fail "no note: $(cat server.log)"
stop_server
