# SPDX-License-Identifier: GPL-2.0
"""anyfs-fuse, beside the FUSE file system one would take for the same image.

Each is mounted anew for each measurement, its image in the host's cache.  What
is written counts until the process has ended: then it is in the image.
"""
import os
import random
import subprocess
import time

from measure import BUILD, Mount, Skip, clock, need_loop, quiet
from rows_files import into_cache, need_tool, sized

FUSE = BUILD / "bin/anyfs-fuse"
BIG_MIB = 1024
NEW_FILES = 10_000
READS = 5_000
ROUNDS = 3


class FuseMount:
    """A FUSE file system in the foreground, to see its end."""

    def __init__(self, where, *command):
        self.where, self.command = where, command

    def __enter__(self):
        self.where.mkdir(exist_ok=True)
        before = self.where.stat().st_dev
        self.child = subprocess.Popen([str(c) for c in (*self.command, self.where)],
                                      stdout=subprocess.DEVNULL)
        while self.where.stat().st_dev == before:
            if self.child.poll() is not None:
                raise subprocess.CalledProcessError(self.child.returncode, self.command)
            time.sleep(0.001)
        return self.where

    def __exit__(self, *_):
        quiet("umount", self.where)
        self.child.wait()


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
    for n in range(NEW_FILES):
        where = root / f"d{n % 20}"
        if n < 20:
            where.mkdir()
        (where / f"file-{n}").write_bytes(b"x" * (n % 9000))
    fd = os.open(root, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


def write_big(root):
    quiet("dd", "if=/dev/zero", f"of={root}/data", "bs=1M", f"count={BIG_MIB}", "conv=fsync", "status=none")


def inside(mount, job):
    """Seconds of a job in a new mount."""
    with mount as root:
        return clock(lambda: job(root))


def whole(mount, job):
    """Seconds of a job and of the unmount after it."""
    root = mount.__enter__()
    start = time.monotonic()
    try:
        job(root)
    finally:
        mount.__exit__()
    return time.monotonic() - start


class Jobs:
    def __init__(self, base, files):
        self.base, self.files, self.mnt = base, files, base / "fuse-mnt"

    def best(self, ours, theirs, measure, job, before=lambda: None):
        """In turns; the least disturbed of each."""
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

    def big_image(self):
        image = self.base / "fuse-big.img"
        if not image.exists():
            sized(image, BIG_MIB + 256, "mkfs.ext4", "-q", image)
            with FuseMount(self.mnt, FUSE, "-f", "--write", image) as root:
                quiet("dd", "if=/dev/urandom", f"of={root}/data", "bs=1M", f"count={BIG_MIB}", "status=none")
        into_cache(image)
        return image

    def tree(self, job, kind, *peer):
        need_fuse()
        image = self.files.tree_image(kind)
        return self.best(self.ours(image), self.peer(*peer, image), inside, job)

    def big(self, job):
        need_fuse()
        image = self.big_image()
        return self.best(self.ours(image), self.peer("fuse2fs", "-f", "-o", "ro", image), inside, job)

    def warm(self):
        need_fuse()
        image = self.big_image()
        return self.best(self.ours(image), self.loop(image), lambda m, job: self.second(m), None)

    @staticmethod
    def second(mount):
        with mount as root:
            return read_twice(root)

    def change(self, job):
        need_fuse()
        image = self.base / "fuse-new.img"
        return self.best(self.ours(image, "--write"), self.peer("fuse2fs", "-f", "-o", "rw", image), whole, job,
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
        raise Skip("mounting needs /dev/fuse and, here, root")


def add(t, base, files):
    jobs = Jobs(base, files)
    fuse2fs = ("fuse2fs", "-f", "-o", "ro")
    t.row("fuse: tree of 28,000 files / fuse2fs", "s", 0.3, lambda: jobs.tree(read_tree, "ext4", *fuse2fs))
    t.row("fuse: walk and stat / fuse2fs", "s", 0.3, lambda: jobs.tree(walk, "ext4", *fuse2fs))
    t.row("fuse: 1 GiB, cold / fuse2fs", "s", 0.4, lambda: jobs.big(read_big))
    t.row("fuse: 1 GiB, warm / loop mount", "s", 1.1, jobs.warm)
    t.row("fuse: random 4 KiB, cold / fuse2fs", "s", 0.6, lambda: jobs.big(read_random))
    t.row("fuse: create 10,000 files, sync / fuse2fs", "s", 0.3, lambda: jobs.change(create))
    t.row("fuse: write 1 GiB, fsync / fuse2fs", "s", 0.3, lambda: jobs.change(write_big))
    t.row("fuse: squashfs tree / squashfuse_ll", "s", 0.7,
          lambda: jobs.tree(read_tree, "squashfs", "squashfuse_ll", "-f"))
    t.row("fuse: mount to first ls / loop mount", "s", 1.0, jobs.first_ls)
