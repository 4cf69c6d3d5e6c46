#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The process that has the image may be an attacker: no byte that it sends to anyfs-shell controls
# the terminal or becomes a command of the host.
. "${0%/*}/../lib.sh"
requires python3 --version
run python3 - "$ANYFS_BUILD/${ANYFS_FLAVOUR:+$ANYFS_FLAVOUR/}libexec/anyfs/anyfs-shell" <<'END'
import os, pty, select, socket, struct, sys, time

ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
theirs.set_inheritable(True)
os.environ.update(TERM="xterm", LC_ALL="C.UTF-8", HOME=os.getcwd())
pid, fd = pty.fork()
if not pid:
    os.execv(sys.argv[1], [sys.argv[1], str(theirs.fileno()), "image"])
theirs.close()

def answer(directory):
    ours.send(struct.pack("=c3xi4096s", b"a", 0, directory))

shown = b""
words = []
at = 0
def wait(wanted):
    """Read the terminal and answer requests until the text has come."""
    global shown, at
    end = time.monotonic() + 300
    while wanted not in shown[at:]:
        if time.monotonic() > end:
            sys.exit(f"no {wanted!r} in {shown!r}")
        for ready in select.select([fd, ours], [], [], 1)[0]:
            if ready is fd:
                shown += os.read(fd, 65536)
                continue
            request = ours.recv(65536)[:1]
            if request == b"c":
                for word in words:
                    ours.send(b"w" + word)
            if request in (b"c", b"r"):
                answer(b"/")
    at = shown.index(wanted, at) + len(wanted)

answer(b"/\x1b[31m/\xc2\x9b31m/\x9b31m")
wait(rb"/\x1b[31m/\xc2\x9b31m/\x9b31m> ")
words = [b"one", b"o\x1b]0;title\x07", b"o\xc2\x9b31m", b"o\nid"]
os.write(fd, b"cat o\t")
wait(b"ne ")
os.write(fd, b"\n")
wait(b"/> ")
words = [b"!id"]
os.write(fd, b"\t")
wait(b"id")
os.write(fd, b"\n")
wait(b"/> ")
words = [b"!true&&id"]
os.write(fd, b"!true\t\n")
wait(b"/> ")
os.write(fd, b"exit\n")
wait(b"exit")
os.waitpid(pid, 0)
if b"title" in shown or b"\x9b" in shown:
    sys.exit(f"raw bytes on the terminal: {shown!r}")
if b"uid=" in shown:
    sys.exit(f"a command of the host ran: {shown!r}")
END
