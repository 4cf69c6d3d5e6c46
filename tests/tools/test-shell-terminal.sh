#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# On a terminal anyfs shell edits lines: Tab completes, history is kept, and the interrupt key
# ends a verb and not the shell.
. "${0%/*}/../lib.sh"
mkdir -p "tree/etc/some dir" tree/evidence
echo hello >tree/etc/motd
echo spaced >"tree/etc/some dir/file"
truncate -s 3G tree/endless
image_ext4 tree
export XDG_STATE_HOME=$PWD/state TERM=xterm
run python3 - "$img" <<'END'
import os, pty, select, signal, sys, time

def start():
    pid, fd = pty.fork()
    if not pid:
        os.execvp("anyfs", ["anyfs", "shell", sys.argv[1]])
    return pid, fd

text = b""
def wait(*wanted):
    """Read the terminal until the texts have come, one after the other."""
    global text
    end = time.monotonic() + 300
    for w in wanted:
        while w not in text:
            if time.monotonic() > end:
                sys.exit(f"no {w!r} in {text!r}")
            if select.select([fd], [], [], 1)[0]:
                text += os.read(fd, 65536)
        text = text[text.index(w) + len(w):]

def finish(pid):
    os.write(fd, b"exit\n")
    try:
        while os.read(fd, 65536):
            pass
    except OSError:
        pass
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status:
        sys.exit(f"exit {status}")

pid, fd = start()
wait(b"disk.img:/> ")
os.write(fd, b"cat /etc/mo\t\n")
wait(b"hello", b"disk.img:/> ")
os.write(fd, b"cat /etc/so\tfi\t\n")
wait(b"spaced", b"disk.img:/> ")
os.write(fd, b"cd etc\n")
wait(b"disk.img:/etc> ")
os.write(fd, b"cat mo\t| tr a-z A-Z\n")
wait(b"HELLO", b"> ")
os.write(fd, b"cd ../e\t")
wait(b"etc", b"evidence")               # the choices
os.write(fd, b"v\t\n")
wait(b"disk.img:/evidence> ")
os.write(fd, b"trun\t")
wait(b"cate ")
os.write(fd, b"\x03")                   # drops the line
wait(b"> ")
os.write(fd, b"tar-out /et\t")         # a verb of another program has no completions here
os.write(fd, b"\x03")
wait(b"> ")
os.write(fd, b"ls --full\t/\n")
wait(b"endless", b"> ")
# One process: sh(1) misses a key between two of its commands.
os.write(fd, b"""cat /endless | python3 -c "import signal; signal.signal(2, signal.SIG_DFL); """
         b"""print('go' 'ing', flush=True); signal.pause()"\n""")
wait(b"going")
os.write(fd, b"\x03")
wait(b"disk.img:/evidence> ")
os.write(fd, b"pwd\n")
wait(b"/evidence", b"> ")
finish(pid)

text = b""
pid, fd = start()
wait(b"disk.img:/> ")
os.write(fd, b"\x1b[A\x1b[A\n")         # the line before "exit"
wait(b"pwd", b"disk.img:/> ")
finish(pid)
END
matches 'cat.*motd' <state/anyfs/history || fail "the history: $(cat state/anyfs/history)"
