#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Run a command on a terminal of its own and answer its prompts for passwords.

usage: with-terminal.py ANSWER... -- COMMAND...

For each ANSWER it waits until the command has prompted and turned the echo off.  Then it
types the answer and a newline; "^C" and "^Z" are typed as such, TERM sends SIGTERM to
the command, CONT waits until the command has stopped and continues it.  At the end the
echo must be on again.  Prints what the terminal shows; exits as the command, or with 128
and the signal that ended it.
"""
import os
import pty
import signal
import subprocess
import sys
import termios
import threading
import time

LIMIT = 300


def echo_is_on(fd):
    return bool(termios.tcgetattr(fd)[3] & termios.ECHO)


def wait_until(condition, what):
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            sys.exit("not within %d s: %s" % (LIMIT, what()))
        time.sleep(0.01)


def collect(fd, shown):
    while True:
        try:
            data = os.read(fd, 4096)
        except OSError:             # EIO: the last process has closed the terminal
            return
        if not data:
            return
        shown.append(data)


def has_stopped(pid):
    with open("/proc/%d/stat" % pid) as f:
        return f.read().rsplit(")", 1)[1].split()[0] == "T"


def become_session_leader(slave):
    """The command's parent must be in the same session, or ^Z would not stop the command."""
    pid = os.fork()
    if pid:
        os.close(slave)
        _, status = os.waitpid(pid, 0)
        sys.exit(os.waitstatus_to_exitcode(status))
    os.setsid()
    os.close(os.open(os.ttyname(slave), os.O_RDWR))     # the controlling terminal
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)


def start(command, slave):
    def in_foreground():
        os.setpgid(0, 0)
        os.tcsetpgrp(slave, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    return subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave,
                            preexec_fn=in_foreground)


def answer(fd, slave, child, shown, prompts, text):
    if text == "CONT":
        wait_until(lambda: has_stopped(child.pid), lambda: "stopped")
        if not echo_is_on(slave):
            sys.exit("the command stopped with echo off")
        child.send_signal(signal.SIGCONT)
        return
    wait_until(lambda: b"".join(shown).lower().count(b"password for") >= prompts and
               not echo_is_on(slave),
               lambda: "prompt %d; the command, whose exit is %s, shows: %s" %
               (prompts, child.poll(), b"".join(shown).decode(errors="replace")))
    if text == "TERM":
        child.send_signal(signal.SIGTERM)
    elif text == "^C":
        os.write(fd, b"\x03")
    elif text == "^Z":
        os.write(fd, b"\x1a")
    else:
        os.write(fd, text.encode() + b"\n")


def main():
    split = sys.argv.index("--")
    answers, command = sys.argv[1:split], sys.argv[split + 1:]
    fd, slave = pty.openpty()
    become_session_leader(slave)
    shown = []
    child = start(command, slave)
    reader = threading.Thread(target=collect, args=(fd, shown), daemon=True)
    reader.start()
    prompts = 0
    for text in answers:
        prompts += text != "CONT"
        answer(fd, slave, child, shown, prompts, text)
    code = child.wait(timeout=LIMIT)
    # A process in the background may be the one that prompted.
    wait_until(lambda: echo_is_on(slave), lambda: "the echo to be on again")
    os.close(slave)
    reader.join(timeout=2)
    sys.stdout.buffer.write(b"".join(shown).replace(b"\r\n", b"\n"))
    sys.exit(128 - code if code < 0 else code)


main()
