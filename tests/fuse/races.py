# SPDX-License-Identifier: GPL-2.0
"""Four processes make the same calls at the same time: races.py DIRECTORY RESULTS.

Of calls that exclude each other exactly one succeeds: names are made and removed once,
appended data is complete and is not duplicated, and a counter under a lock counts everything.
"""
import collections
import errno
import fcntl
import os
import sys

PROCESSES, ROUNDS = 4, 300
RECORD = 120


def succeeds(function, *args):
    try:
        function(*args)
    except OSError as e:
        assert e.errno in (errno.EEXIST, errno.ENOENT, errno.ENOTEMPTY), e
        return False
    return True


def create(name):
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL))


def link(name):
    os.link("linked", name)


def take(name):
    """Only the process that renames the file owns it."""
    os.rename(name, f"{name}.{os.getpid()}")


def append(n):
    record = f"{os.getpid()} {n} ".encode().ljust(RECORD - 1, b"x") + b"\n"
    fd = os.open("appended", os.O_WRONLY | os.O_APPEND)
    assert os.write(fd, record) == RECORD
    os.close(fd)


def count(_):
    fd = os.open("counter", os.O_RDWR)
    fcntl.lockf(fd, fcntl.LOCK_EX)
    value = int(os.pread(fd, 20, 0))
    os.pwrite(fd, b"%d" % (value + 1), 0)
    os.close(fd)


def replace(n):
    """A reader always finds a name that others replace."""
    own = f"new.{os.getpid()}"
    with open(own, "w") as f:
        f.write(f"whole {n}\n")
    os.rename(own, "replaced")
    with open("replaced") as f:
        assert f.read().startswith("whole "), "half of a file"


def run(results):
    """One of the processes: print a line for each call that succeeded."""
    for n in range(ROUNDS):
        for call, kind in ((create, "f"), (os.unlink, "f"), (os.mkdir, "d"), (os.rmdir, "d"),
                           (link, "l"), (take, "l")):
            name = f"{kind}{n}"
            if succeeds(call, name):
                results.write(f"{call.__name__} {n}\n")
        append(n)
        count(n)
        replace(n)


def read_calls(path):
    with open(path) as f:
        return [line.split()[0] for line in f]


def main():
    results = os.path.abspath(sys.argv[2])
    os.chdir(sys.argv[1])
    for name, text in ("linked", ""), ("appended", ""), ("counter", "0"), ("replaced", "whole\n"):
        with open(name, "w") as f:
            f.write(text)
    pids = []
    for n in range(PROCESSES):
        pid = os.fork()
        if not pid:
            with open(f"{results}.{n}", "w") as out:
                run(out)
            os._exit(0)
        pids.append(pid)
    for pid in pids:
        assert os.waitpid(pid, 0)[1] == 0, "one of the processes failed"
    successes = collections.Counter(call for n in range(PROCESSES) for call in read_calls(f"{results}.{n}"))
    # A late process may create a removed name again, so names are created as often as they were
    # removed.
    for make, remove in ("create", "unlink"), ("mkdir", "rmdir"), ("link", "take"):
        assert successes[make] == successes[remove] >= ROUNDS, successes
    with open("appended", "rb") as f:
        records = f.read().splitlines()
    assert len(records) == PROCESSES * ROUNDS == len(set(records)), "records are missing"
    assert all(len(r) == RECORD - 1 for r in records), "records are mixed"
    with open("counter") as f:
        assert int(f.read()) == PROCESSES * ROUNDS, "the counter missed some"
    left = [n for n in os.listdir(".") if n[0] in "fd" and n[1:].isdigit()]
    assert not left, left
    assert os.stat("linked").st_nlink == 1 + successes["take"], "links"


main()
