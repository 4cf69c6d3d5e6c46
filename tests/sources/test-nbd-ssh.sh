#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# nbdkit's ssh plugin makes an image readable that is on a machine with an sshd.
. "${0%/*}/lib-sources.sh"
requires nbdkit --version
requires nbdkit ssh --dump-plugin
sshd=$(type -P sshd) || skip "requires: sshd"
make_image

for key in host user; do
	run ssh-keygen -q -t ed25519 -N "" -f "${key}_key"
done
# Without PAM, sshd refuses locked accounts, and the account of root's tests is locked.
cat >sshd.conf <<END
HostKey $PWD/host_key
AuthorizedKeysFile $PWD/user_key.pub
StrictModes no
UsePAM yes
PasswordAuthentication no
KbdInteractiveAuthentication no
ForceCommand internal-sftp
Subsystem sftp internal-sftp
END
# sshd cannot choose a free port, but it takes a connection from its standard input.
cat >listen.py <<'END'
import os, socket, subprocess, sys
listener = socket.create_server(("127.0.0.1", 0))
with open("port.new", "w") as f:
    print(listener.getsockname()[1], file=f)
os.rename("port.new", "port")
while True:
    client = listener.accept()[0]
    subprocess.Popen(sys.argv[1:], stdin=client, stdout=client)
    client.close()
END
python3 listen.py "$sshd" -i -f "$PWD/sshd.conf" -E "$PWD/sshd.log" </dev/null >/dev/null 2>&1 &
listener=$!
at_exit "kill $listener"
wait_for test -s port
port=$(cat port)
echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 host_key.pub)" >known_hosts
nbd_serve --readonly ssh config= compression=false host=127.0.0.1 port="$port" user="$(id -un)" \
	identity="$PWD/user_key" known-hosts="$PWD/known_hosts" path="$PWD/www/disk.img"
reads_well "$nbd"
grep -q "Accepted publickey" sshd.log || fail "nbdkit did not log in: $(tail -n 1 sshd.log)"
