# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# sshd_start starts an sshd for sftp and sets $sshd_port.  The user that runs the test can log in
# with the key in the file user_key; the host key is in host_key, the log in sshd.log.
sshd=$(type -P sshd) || skip "requires: sshd"

sshd_keys() {
	local key
	for key in host user; do
		run ssh-keygen -q -t ed25519 -N "" -f "${key}_key"
	done
}

# Without PAM, sshd refuses locked accounts, and the tests may run as a locked root.
sshd_config() {
	cat >sshd.conf <<-END
	HostKey $PWD/host_key
	AuthorizedKeysFile $PWD/user_key.pub
	StrictModes no
	UsePAM yes
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	ForceCommand internal-sftp
	Subsystem sftp internal-sftp
	END
}

# sshd cannot choose a free port, but it takes a connection from its standard input.
sshd_start() {
	sshd_keys
	sshd_config
	cat >listen.py <<-'END'
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
	at_exit "kill $!"
	wait_for test -s port
	# shellcheck disable=SC2034  # tests use it
	sshd_port=$(cat port)
}
