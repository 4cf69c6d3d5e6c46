# SPDX-License-Identifier: GPL-2.0
"""Rows that read, create, write and unpack whole trees, compared with loop mounts."""
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import time

from measure import BUILD, PROGRAMS, TOP, Mount, Skip, need_loop, quiet

FILES = 28_000
ROUNDS = 5
MEMORY_MB = 250

MAKE_TREE = {
    "ext4": lambda image, tree: sized(image, 1024, "mkfs.ext4", "-q", "-d", tree, image),
    "xfs": lambda image, tree: sized(image, 1024, "mkfs.xfs", "-q", image, then=lambda: fill(image, tree)),
    "btrfs": lambda image, tree: sized(image, 1024, "mkfs.btrfs", "-q", "--rootdir", tree, image),
    "erofs": lambda image, tree: quiet("mkfs.erofs", "-zlz4hc", image, tree),
    "squashfs": lambda image, tree: quiet("mksquashfs", tree, image, "-quiet", "-no-progress", "-comp", "zstd"),
    "ntfs": lambda image, tree: sized(image, 1024, "sh", "-c", 'mkfs.ntfs -qQF "$0" 2>&1', image, then=lambda: fill(image, tree)),
}
LOOP_TREES = [kind for kind in MAKE_TREE if kind != "ntfs"]  # not every host kernel has NTFS
MAKE_EMPTY = {
    "ext4": ("mkfs.ext4", "-q"),
    "xfs": ("mkfs.xfs", "-q"),
    "btrfs": ("mkfs.btrfs", "-q"),
}


def need_tool(name):
    if not shutil.which(name):
        raise Skip(f"{name} is not installed")


def sized(image, mib, *command, then=None):
    quiet("truncate", "-s", f"{mib}M", image)
    quiet(*command)
    if then:
        then()


def fill(image, tree):
    quiet(BUILD / "bin/anyfs", "put", image, *sorted(tree.iterdir()), "/")


def make_tree(tree, count):
    """Make files with sizes like those in /usr: most small, few large; half of the bytes compress."""
    rng = random.Random(1)
    pool = rng.randbytes(1 << 20)
    for n in range(count):
        where = tree / f"{n % 40}" / f"{n // 40 % 35}"
        where.mkdir(parents=True, exist_ok=True)
        size = min(int(rng.lognormvariate(8, 1.6)), 1 << 20)
        at = rng.randrange(len(pool) - size // 2)
        (where / f"file-{n}").write_bytes(pool[at:at + size // 2] + b"text " * (size // 10))


def into_cache(image):
    with open(image, "rb") as f:
        while f.read(1 << 20):
            pass


class Child:
    """A child process: the numbers it printed, its run time and its peak memory."""

    def __init__(self, *command):
        start = time.monotonic()
        child = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True)
        self.numbers = [float(word) for word in child.stdout.read().split()]
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = time.monotonic() - start
        self.memory_mb = usage.ru_maxrss / 1024
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, command)


class Files:
    def __init__(self, base):
        self.base = base
        self.memory = 0.0
        self.images = set()

    def tree(self, count):
        tree = self.base / f"tree-{count}"
        if not tree.exists():
            make_tree(tree, count)
        return tree

    def tree_image(self, kind, count=FILES):
        image = self.base / f"tree-{count}.{kind}"
        if image not in self.images:
            need_tool("mksquashfs" if kind == "squashfs" else f"mkfs.{kind}")
            MAKE_TREE[kind](image, self.tree(count))
            self.images.add(image)
        into_cache(image)
        return image

    def ours(self, *command):
        child = Child(*command)
        self.memory = max(self.memory, child.memory_mb)
        return child

    def read_tree(self, kind):
        need_loop()
        image = self.tree_image(kind)
        mine, theirs = [], []
        for _ in range(ROUNDS):
            child = self.ours(PROGRAMS / "bench-tree", image)
            if child.numbers[1] != FILES:
                raise subprocess.CalledProcessError(1, f"bench-tree: {child.numbers[1]} files")
            mine.append(child.numbers[0] / 1e9)
            with Mount(image, self.base / "mnt") as root:
                theirs.append(Child(PROGRAMS / "bench-tree", "host", root).numbers[0] / 1e9)
        return statistics.median(mine), min(theirs)

    def change(self, program, kind):
        need_loop()
        need_tool(f"mkfs.{kind}")
        mine, theirs = [], []
        for _ in range(3):
            for side in mine, theirs:
                image = self.base / f"empty.{kind}"
                image.unlink(missing_ok=True)
                sized(image, 2048, *MAKE_EMPTY[kind], image)
                if side is mine:
                    side.append(self.ours(PROGRAMS / program, image).numbers[0] / 1e9)
                    continue
                with Mount(image, self.base / "mnt", options="loop") as root:
                    side.append(Child(PROGRAMS / program, "host", root).numbers[0] / 1e9)
        return statistics.median(mine), statistics.median(theirs)

    def tar_in(self):
        disk = pathlib.Path(subprocess.run([TOP / "tools-dev/make-debian-disk"], check=True, text=True,
                                           stdout=subprocess.PIPE).stdout.strip()) / "disk.img"
        tar = self.base / "root.tar"
        with open(tar, "wb") as out:
            subprocess.run([BUILD / "bin/anyfs", "tar-out", disk, "/p2"], check=True, stdout=out)
        if os.geteuid() != 0 or not os.path.ismount("/dev/shm"):
            raise Skip("unpacking device nodes onto a tmpfs needs root")
        mine, theirs = [], []
        for _ in range(3):
            image = self.base / "tar.img"
            image.unlink(missing_ok=True)
            sized(image, 1024, "mkfs.ext4", "-q", image)
            where = pathlib.Path("/dev/shm") / self.base.name
            where.mkdir()
            try:
                theirs.append(Child("tar", "-xf", tar, "-C", where, "--xattrs", "--acls").seconds)
            finally:
                shutil.rmtree(where)
            with open(tar, "rb") as data:
                start = time.monotonic()
                subprocess.run([BUILD / "bin/anyfs", "tar-in", image, "/"], check=True, stdin=data)
                mine.append(time.monotonic() - start)
        return statistics.median(mine), statistics.median(theirs)


def add(t, base):
    files = Files(base)
    for kind in LOOP_TREES:
        t.row(f"tree of 28,000 files, {kind} / loop mount", "s", 1.0, lambda kind=kind: files.read_tree(kind))
    for kind in MAKE_EMPTY:
        t.row(f"create 10,000 files, sync, {kind} / loop mount", "s", 1.0,
              lambda kind=kind: files.change("bench-create", kind))
        t.row(f"write 1 GiB, fsync, {kind} / loop mount", "s", 1.0,
              lambda kind=kind: files.change("bench-write", kind))
    t.row("tar-in of a Debian root / tar x onto tmpfs", "s", 2.0, files.tar_in)
    if files.memory:
        t.row("peak memory of these", "MB", MEMORY_MB, lambda: (files.memory, None))
    return files
