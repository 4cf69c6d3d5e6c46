#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A server refuses wrong options, listens on sockets and addresses, and ends when idle.
. "${0%/*}/lib-serve.sh"
requires command -v nfs-ls
mkdir one two
echo hello >one/hello
echo hello >two/hello
image_gpt one two

refuse "no image given" anyfs-nfsd
refuse "without a password|--insecure" anyfs-nfsd --listen 0.0.0.0:0 "$img"
refuse "without a password|--insecure" anyfs-ksmbd --guest --listen 0.0.0.0:0 "$img"
refuse "--user NAME|--guest" anyfs-ksmbd "$img"
refuse "--listen nowhere" anyfs-nfsd --listen nowhere "$img"
refuse "no partition 7" anyfs-nfsd -P 0 --share p7 "$img"
refuse "two shares would have the name A" anyfs-nfsd --share a=p1 --share A=p2 "$img"
refuse "cannot be the name" anyfs-nfsd --share "..=p1" "$img"
refuse "unknown option rx" anyfs-nfsd --share p1:rx "$img"
refuse "No such file or directory" anyfs-nfsd -P 0 --share p2/none "$img"
refuse "there is no disk3" anyfs-nfsd -P 0 --share disk3/p1 "$img"
refuse "No such file or directory" anyfs-nfsd -P 0 "$PWD/none.img"
refuse "--user alice" anyfs-ksmbd --user alice:nonsense "$img"
refuse "no environment variable NONE" anyfs-ksmbd --user alice:env:NONE "$img"

refuse "--max-conn 17: 64 MiB of memory suffice for 16 clients" \
	anyfs-nfsd -P 0 --mem 64 --max-conn 17 "$img"
serve anyfs-nfsd --mem 36 "$img"
grep -q "36 MiB of memory suffice for 4 clients" server.log || fail "no note: $(cat server.log)"
stop_server

serve anyfs-nfsd "$img"
refuse "127.0.0.1:$port: the address is in use" anyfs-nfsd -P "$port" "$img"
stop_server

# Only the owner of a socket file may connect to it; an old socket file is replaced.
serve anyfs-nfsd --unix "$PWD/sock" "$img"
[ "$(stat -c %a sock)" = 600 ] || fail "the socket has mode $(stat -c %a sock)"
stop_server
serve anyfs-nfsd --unix "$PWD/sock" "$img"
stop_server

# systemd's protocol: the service manager opens the socket.
cat >activate.py <<'PYTHON'
import os, socket, sys
s = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(s.getsockname()[1]))
os.dup2(s.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execvp("anyfs-nfsd", ["anyfs-nfsd", "--idle-exit", "5", sys.argv[1]])
PYTHON
python3 activate.py "$img" >served 2>server.log &
server=$!
wait_for test -s port
port=$(cat port)
nfs-cat "$(nfs p2/hello)" | expect hello
# --idle-exit: the server ends when it has no clients.
wait $server || fail "exit $?: $(cat server.log)"

# -d: the command ends when clients can connect, or fails with the server's reason.
refuse "none.img: cannot be opened: No such file" anyfs-nfsd -d -P 0 "$PWD/none.img"
rm -f ready
run anyfs-nfsd -d -P 0 --mem-mb 64 --ready-fd 3 "$img" 3>ready >served
server=$(pgrep -f "^anyfs-nfsd -d .*$img")
at_exit "kill -9 $server 2>/dev/null"
port=$(sed 's/.*://' ready)
nfs-cat "$(nfs p2/hello)" | expect hello
has_ended() { ! kill -0 "$server" 2>/dev/null; }
kill -TERM "$server"
wait_for has_ended
