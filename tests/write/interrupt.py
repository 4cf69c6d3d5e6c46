#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Send a signal to a verb that has read a given part of its input.

    interrupt.py SIGNAL FILE BYTES CMD...

Write the first BYTES of FILE to a pipe, the standard input of CMD.  When all is written,
CMD has read all but the bytes that the pipe holds.  Then send SIGNAL and expect the exit
status 128 + SIGNAL.  The pipe stays open, so that CMD waits for more.
"""
import fcntl
import signal
import subprocess
import sys

F_SETPIPE_SZ = 1031

number = getattr(signal, sys.argv[1])
child = subprocess.Popen(sys.argv[4:], stdin=subprocess.PIPE,
                         preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))
fcntl.fcntl(child.stdin, F_SETPIPE_SZ, 4096)
with open(sys.argv[2], "rb") as data:
    child.stdin.write(data.read(int(sys.argv[3])))
child.stdin.flush()
child.send_signal(number)
code = child.wait(300)
if code != 128 + number:
    sys.exit(f"exit {code}, not {128 + number}")
