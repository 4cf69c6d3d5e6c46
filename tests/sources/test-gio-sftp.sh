#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# With GVfs, an image on a machine with an sshd can be read at an sftp: address.
. "${0%/*}/lib-sources.sh"
. "${0%/*}/lib-sshd.sh"
requires dbus-run-session -- true
[ -x /usr/libexec/gvfsd-sftp ] || skip "requires: gvfs-backends"

make_image
sshd_start
run ssh-agent -a "$PWD/agent" >agent.env
export SSH_AUTH_SOCK=$PWD/agent
at_exit "kill $(sed -n 's/^SSH_AGENT_PID=\([0-9]*\).*/\1/p' agent.env)"
run ssh-add -q user_key
# GVfs does not check the host key of this machine.
url=sftp://$(id -un)@localhost:$sshd_port$PWD/www

# in_session CMD...: CMD has a D-Bus session of its own, whose daemon starts GVfs.
in_session() { dbus-run-session -- "$@" 2>session.log || fail "$*: $(cat session.log)"; }
hashes() {
	in_session anyfs hash "$@" >got
	same got www/hashes
}
# The names of sockets must be short.
XDG_RUNTIME_DIR=$(mktemp -d /tmp/anyfs.XXXXXX)
export XDG_RUNTIME_DIR
at_exit "rm -rf $XDG_RUNTIME_DIR"
hashes "$url/disk.img"
hashes "$url/disk.img" --download
hashes "$url/disk.img" --cache-file cache
hashes "$url/disk.img" --cache-file cache
run qemu-img convert -O qcow2 www/disk.img www/disk.qcow2
hashes "$url/disk.qcow2"
grep -q "Accepted publickey" sshd.log || fail "GVfs did not log in: $(tail -n 1 sshd.log)"
if dbus-run-session -- anyfs ls "$url/none.img" >out 2>err; then fail "a missing file was listed"; fi
grep -q "^anyfs: .*none.img: .*No such file" err || fail "$(cat err)"
