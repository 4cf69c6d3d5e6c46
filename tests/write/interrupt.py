#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Stop a verb in the middle, deterministically: it is fed through a pipe that stays open.

    interrupt.py SIGNAL FILE BYTES CMD...

Write the first BYTES of FILE to CMD's standard input, which it has taken but for a
pipe's worth when that returns; send SIGNAL; expect 128 + SIGNAL.
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
code = child.wait(60)
if code != 128 + number:
    sys.exit(f"exit {code}, not {128 + number}")
