# SPDX-License-Identifier: GPL-2.0
"""Rows that compare anyfs-fuse with other FUSE file systems for the same image.

Each measurement uses a new mount, with the image in the host's cache.  The time of
a write includes the unmount and the end of the process: then all data is in the
image.  The "floor" is libfuse's example passthrough_hp over a mount of the host: no FUSE file
system can be much faster than it.
"""
import contextlib
import functools
import os
import random
import resource
import subprocess
import time

from measure import BUILD, PROGRAMS, TOP, Mount, Skip, clock, need_loop, quiet
from rows_files import FILES, into_cache, need_tool, sized

FUSE = BUILD / "bin/anyfs-fuse"
BIG_MIB = 1024
NEW_FILES = 10_000
READS = 5_000
FLOOR_FILES = 7_000  # passthrough_hp keeps a descriptor per file, and many hosts allow 20,000
ROUNDS = 3


class FuseMount:
    """A FUSE file system that runs in the foreground, so that its end can be awaited."""

    def __init__(self, where, *command):
        self.where, self.command = where, command

    def __enter__(self):
        self.where.mkdir(exist_ok=True)
        before = self.where.stat().st_dev
        self.child = subprocess.Popen([str(c) for c in (*self.command, self.where)],
                                      stdout=subprocess.DEVNULL,
                                      stderr=None if self.command[0] == FUSE else subprocess.DEVNULL)
        while self.where.stat().st_dev == before:
            if self.child.poll() is not None:
                raise subprocess.CalledProcessError(self.child.returncode, self.command)
            time.sleep(0.001)
        return self.where

    def __exit__(self, *_):
        quiet("umount", self.where)
        self.child.wait()


@functools.cache
def passthrough_hp():
    """Compile libfuse's example, which Debian does not package."""
    need_tool("g++")
    fetched = subprocess.run([TOP / "tools-dev/debian-source", "fuse3"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
    if fetched.returncode:
        raise Skip(fetched.stderr.strip())
    program = BUILD / "cache/passthrough_hp"
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "fuse3"], stdout=subprocess.PIPE, check=True,
                           text=True).stdout.split()
    quiet("g++", "-O2", "-D_FILE_OFFSET_BITS=64", f"{fetched.stdout.strip()}/example/passthrough_hp.cc",
          "-o", program, *flags, "-pthread")
    return program


@contextlib.contextmanager
def floor(image, lower, where, options):
    with Mount(image, lower, options) as root, FuseMount(where, passthrough_hp(), "--foreground", root) as top:
        yield top


def need_descriptors(wanted):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < wanted:
        raise Skip(f"passthrough_hp keeps a descriptor for each file, and this host allows {most}")


def walk(root):
    quiet("find", root, "-size", "+1000M")


def read_tree(root):
    quiet("sh", "-c", 'tar -C "$0" -cf - . | cat', root)


def read_big(root):
    quiet("dd", f"if={root}/data", "of=/dev/null", "bs=1M", "status=none")


def read_twice(root):
    read_big(root)
    return clock(lambda: read_big(root))


def read_random(root):
    rng = random.Random(1)
    fd = os.open(root / "data", os.O_RDONLY)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_RANDOM)
    for _ in range(READS):
        os.pread(fd, 4096, rng.randrange(BIG_MIB << 8) * 4096)
    os.close(fd)


def create(root):
    quiet(PROGRAMS / "bench-create", "host", root)
    fd = os.open(root, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


def write_big(root):
    quiet("dd", "if=/dev/zero", f"of={root}/data", "bs=1M", f"count={BIG_MIB}", "conv=fsync", "status=none")


def inside(mount, job):
    """Time of a job in a new mount, in seconds."""
    with mount as root:
        return clock(lambda: job(root))


def whole(mount, job):
    """Time of a job in a new mount and of the unmount, in seconds."""
    root = mount.__enter__()
    start = time.monotonic()
    try:
        job(root)
    finally:
        mount.__exit__(None, None, None)
    return time.monotonic() - start


def second(mount, _job):
    """Time of the second read in a new mount, in seconds."""
    with mount as root:
        return read_twice(root)


class Jobs:
    def __init__(self, base, files):
        self.base, self.files, self.mnt = base, files, base / "fuse-mnt"

    def best(self, ours, theirs, measure, job, before=lambda: None):
        """Measure both sides alternately; return the fastest time of each."""
        mine, peer = [], []
        for _ in range(ROUNDS):
            for side, times in (ours, mine), (theirs, peer):
                before()
                times.append(measure(side(), job))
        return min(mine), min(peer)

    def ours(self, image, *options):
        return lambda: FuseMount(self.mnt, FUSE, "-f", *options, image)

    def peer(self, *command):
        need_tool(command[0])
        return lambda: FuseMount(self.mnt, *command)

    def loop(self, image):
        need_loop()
        return lambda: Mount(image, self.mnt)

    def floor(self, image, options):
        need_loop()
        passthrough_hp()
        return lambda: floor(image, self.base / "fuse-lower", self.mnt, options)

    def big_image(self):
        image = self.base / "fuse-big.img"
        if not image.exists():
            sized(image, BIG_MIB + 256, "mkfs.ext4", "-q", image)
            with FuseMount(self.mnt, FUSE, "-f", "--write", image) as root:
                quiet("dd", "if=/dev/urandom", f"of={root}/data", "bs=1M", f"count={BIG_MIB}", "status=none")
        into_cache(image)
        return image

    def read(self, image, peer, job, measure=inside):
        """Compare a job that reads with the peer: a command, "loop" or "floor"."""
        need_fuse()
        if peer == "floor":
            side = self.floor(image, "ro,loop")
        else:
            side = self.loop(image) if peer == "loop" else self.peer(*peer, image)
        return self.best(self.ours(image), side, measure, job)

    def tree(self, kind, peer, job):
        count = FILES
        if peer == "floor":
            count = FLOOR_FILES
            need_descriptors(2 * count)
        return self.read(self.files.tree_image(kind, count), peer, job)

    def big(self, peer, job, measure=inside):
        return self.read(self.big_image(), peer, job, measure)

    def change(self, peer, job):
        need_fuse()
        image = self.base / "fuse-new.img"
        side = self.floor(image, "loop") if peer == "floor" else self.peer(*peer, image)
        return self.best(self.ours(image, "--write"), side, whole, job,
                         before=lambda: sized(image, BIG_MIB + 512, "mkfs.ext4", "-q", "-F", image))

    def first_ls(self):
        need_fuse()
        need_loop()
        image = self.files.tree_image("ext4")

        def mine():
            quiet(FUSE, image, self.mnt)
            quiet("ls", self.mnt)

        def theirs():
            quiet("mount", "-o", "ro,loop", image, self.mnt)
            quiet("ls", self.mnt)

        times = [[], []]
        self.mnt.mkdir(exist_ok=True)
        for _ in range(4 * ROUNDS):
            for side, job in enumerate((mine, theirs)):
                times[side].append(clock(job))
                quiet("umount", self.mnt)
        return min(times[0]), min(times[1])


def need_fuse():
    if not os.path.exists("/dev/fuse") or os.geteuid() != 0:
        raise Skip("the FUSE rows need /dev/fuse and root")


def add(t, base, files):
    jobs = Jobs(base, files)
    squash, ntfs = ("squashfuse_ll", "-f"), ("ntfs-3g", "-o", "ro,no_detach")
    ro, rw = ("fuse2fs", "-f", "-o", "ro"), ("fuse2fs", "-f", "-o", "rw")
    for peer, name, count, limits in ((None, "fuse2fs", FILES, (0.3, 0.3, 0.4, 0.6, 0.3, 0.3)),
                                      ("floor", "passthrough_hp", FLOOR_FILES, [1.3] * 6)):
        tree, stat, cold, rand, new, write = limits
        reads, writes = peer or ro, peer or rw
        for job, limit, measure in (
                (f"tree of {count:,} files", tree, lambda p=reads: jobs.tree("ext4", p, read_tree)),
                (f"walk and stat {count:,}", stat, lambda p=reads: jobs.tree("ext4", p, walk)),
                ("1 GiB, cold", cold, lambda p=reads: jobs.big(p, read_big)),
                ("random 4 KiB, cold", rand, lambda p=reads: jobs.big(p, read_random)),
                ("create 10,000 files, sync", new, lambda p=writes: jobs.change(p, create)),
                ("write 1 GiB, fsync", write, lambda p=writes: jobs.change(p, write_big))):
            t.row(f"fuse: {job} / {name}", "s", limit, measure)
    t.row("fuse: 1 GiB, warm / loop mount", "s", 1.1, lambda: jobs.big("loop", None, second))
    t.row("fuse: 1 GiB, warm / passthrough_hp", "s", 1.3, lambda: jobs.big("floor", None, second))
    t.row("fuse: squashfs tree / squashfuse_ll", "s", 0.7, lambda: jobs.tree("squashfs", squash, read_tree))
    t.row("fuse: ntfs tree / ntfs-3g", "s", 0.7, lambda: jobs.tree("ntfs", ntfs, read_tree))
    t.row("fuse: mount to first ls / loop mount", "s", 1.0, jobs.first_ls)
