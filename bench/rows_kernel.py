# SPDX-License-Identifier: GPL-2.0
"""Rows of the library's kernel itself: boot, system calls, thread switches, reads."""
import os
import pathlib
import shutil
import statistics
import subprocess

from measure import BUILD, PROGRAMS, TOP, Mount, clock, need_loop, out, quiet

BIG_MIB = 1024


class Images:
    """The images that the rows read, made once per run in a temporary directory."""

    def __init__(self, base):
        self.base = base
        self.small_tree = base / "tree"
        deep = self.small_tree.joinpath(*[f"directory-{i}" for i in range(8)])
        deep.mkdir(parents=True)
        (deep / "file").write_bytes(b"x")
        (self.small_tree / "eight").write_bytes(os.urandom(8 << 20))
        self.deep = "/" + str((deep / "file").relative_to(self.small_tree))
        self.small = base / "small.img"
        self.make(self.small, self.small_tree, 32)

    @staticmethod
    def make(image, tree, mib):
        quiet("truncate", "-s", f"{mib}M", image)
        quiet("mkfs.ext4", "-q", "-d", tree, image)

    def big(self):
        image = self.base / "big.img"
        if not image.exists():
            tree = self.base / "big-tree"
            tree.mkdir()
            with open(tree / "data", "wb") as f:
                block = os.urandom(1 << 20)
                for _ in range(BIG_MIB):
                    f.write(block)
            self.make(image, tree, BIG_MIB + 128)
            shutil.rmtree(tree)
        with open(image, "rb") as f:		# bring it into the host's page cache
            while f.read(1 << 20):
                pass
        return image


def cat_row(base):
    need_loop()
    disk = pathlib.Path(subprocess.run([TOP / "tools-dev/make-debian-disk"], check=True, text=True,
                                       stdout=subprocess.PIPE).stdout.strip()) / "disk.img"

    def ours():
        quiet(BUILD / "bin/anyfs", "cat", disk, "/p2/etc/os-release")

    def peer():
        with Mount(disk, base / "mnt", f"ro,loop,offset={41 << 20}") as root:
            quiet("cat", root / "etc/os-release")

    ours(), peer()
    pairs = [(clock(ours), clock(peer)) for _ in range(11)]
    return tuple(statistics.median(side) for side in zip(*pairs))


def sequential(images, which, mem_mb):
    need_loop()
    image = images.big()
    pairs = []
    for _ in range(5):
        mine = out(PROGRAMS / "bench-seqread", mem_mb, image, "/data")
        with Mount(image, images.base / "mnt") as root:
            theirs = out(PROGRAMS / "bench-seqread", "host", root / "data")
        pairs.append((mine[which] / 1e9, theirs[which] / 1e9))
    return tuple(statistics.median(side) for side in zip(*pairs))


def object_size(base):
    stripped = base / "kernel.so"
    quiet("strip", "-o", stripped, BUILD / "lib/anyfs/kernel.so")
    return stripped.stat().st_size / 1e6, None


def add(t, base):
    images = Images(base)

    def bench(program, *args):
        return out(PROGRAMS / f"bench-{program}", *args)

    def pair(program, *args):
        ours, peer = bench(program, *args)
        return ours / 1e9, peer / 1e9

    def two_kernels():
        two, one = bench("two-kernels", "host", images.small_tree / "eight")
        t.notes.append(f"pread() of the host: two threads reach {two / one:.2f} times the throughput of one")
        return tuple(bench("two-kernels", images.small, "/eight"))

    t.row("boot to first system call, 64 MiB (CPU)", "s", 0.010, lambda: (bench("boot")[0] / 1e9, None))
    t.row("anyfs cat / loop mount, cat, umount", "s", 0.5, lambda: cat_row(base))
    t.row("empty system call / getppid", "s", 0.2, lambda: pair("syscall"))
    t.row("pread 4 KiB, cached / pread", "s", 0.2, lambda: pair("pread", images.small, "/eight"))
    t.row("stat of a long path / fstatat", "s", 0.2,
          lambda: pair("stat", images.small, images.deep, f"{images.small_tree}{images.deep}"))
    t.row("read 1 GiB, cold / loop mount, cold", "s", 1.2, lambda: sequential(images, 0, 0))
    t.row("read 1 GiB, warm / loop mount, warm", "s", 1.0, lambda: sequential(images, 1, 1536))
    t.row("kernel thread switch / futex switch", "s", 0.1,
          lambda: (bench("switch")[0] / 1e9, bench("futex")[0] / 1e9))
    t.row("two kernels, two threads / one", "B/s", 1.8, two_kernels, more_is_better=True)
    t.row("idle 10 s with a mounted disk (CPU)", "s", 0.005,
          lambda: (bench("idle", images.small, 10)[0] / 1e9, None))
    t.row("kernel object, stripped", "MB", 14, lambda: object_size(base))
