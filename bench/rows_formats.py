# SPDX-License-Identifier: GPL-2.0
"""Rows that read and write images of other formats, compared with raw images and 7-Zip.

Every command is a new process, so that the times include the boot of a kernel.  The
images are in the host's cache.
"""
import os
import statistics
import subprocess

from measure import BUILD, clock, quiet
from rows_files import into_cache, need_tool, sized

ANYFS = BUILD / "bin/anyfs"
FORMATS = ("qcow2", "vmdk", "vhdx", "vdi")
ROUNDS = 3
DATA_MIB = 1024
MEMORY_MB = 64


class Formats:
    def __init__(self, base, files):
        self.base, self.files = base / "formats", files

    def raw(self):
        """An ext4 with one file of random bytes.  Also leaves that file in self.base, as
        `random`, which write() uses."""
        image = self.base / "data.raw"
        if not image.exists():
            tree = self.base / "data"
            tree.mkdir(parents=True)
            with open(tree / "random", "wb") as f:
                for _ in range(DATA_MIB):
                    f.write(os.urandom(1 << 20))
            sized(image, DATA_MIB + 128, "mkfs.ext4", "-q", "-m0", "-d", tree, image)
            os.rename(tree / "random", self.base / "random")
        into_cache(image)
        return image

    def converted(self, kind):
        """The raw image in another format, the only such image that is kept."""
        need_tool("qemu-img")
        image = self.base / f"data.{kind}"
        if not image.exists():
            for other in FORMATS:
                (self.base / f"data.{other}").unlink(missing_ok=True)
            quiet("qemu-img", "convert", "-O", kind, self.raw(), image)
        into_cache(image)
        return image

    @staticmethod
    def alternate(ours, theirs, rounds=ROUNDS):
        mine, peer = [], []
        for _ in range(rounds):
            mine.append(clock(ours))
            peer.append(clock(theirs))
        return min(mine), min(peer)

    def read(self, kind):
        raw, image = self.raw(), self.converted(kind)
        return self.alternate(lambda: quiet(ANYFS, "cat", image, "/random"),
                              lambda: quiet(ANYFS, "cat", raw, "/random"))

    def read_7z(self, kind):
        need_tool("7zz")
        image = self.converted(kind)
        return self.alternate(lambda: quiet(ANYFS, "cat", image, "/random"),
                              lambda: quiet("7zz", "x", "-so", image, "random"))

    def packed_tree(self, compression):
        raw, image = self.files.tree_image("ext4"), self.base / f"tree.{compression}.qcow2"
        self.base.mkdir(exist_ok=True)
        if not image.exists():
            quiet("qemu-img", "convert", "-c", "-O", "qcow2", "-o", f"compression_type={compression}",
                  raw, image)
        into_cache(image)
        return image

    def tree(self, compression):
        """All files of a compressed image; 7-Zip only unpacks the image, and knows only zlib."""
        need_tool("qemu-img")
        need_tool("7zz")
        image, zlib = self.packed_tree(compression), self.packed_tree("zlib")
        return self.alternate(lambda: quiet(ANYFS, "tar-out", image, "/"),
                              lambda: quiet("7zz", "x", "-so", zlib))

    def write(self):
        """1 GiB into a new qcow2, with fsync; qemu-img writes the same bytes with a flush."""
        need_tool("qemu-img")
        need_tool("qemu-storage-daemon")
        self.raw()
        data, image, other = self.base / "random", self.base / "new.qcow2", self.base / "other.qcow2"
        empty = self.base / "empty.raw"
        sized(empty, DATA_MIB + 128, "mkfs.ext4", "-q", "-m0", "-F", empty)
        mine, peer = [], []
        for _ in range(ROUNDS):
            quiet("qemu-img", "convert", "-O", "qcow2", empty, image)
            mine.append(clock(lambda: quiet(ANYFS, "put", image, data, "/")))
            other.unlink(missing_ok=True)
            peer.append(clock(lambda: quiet("qemu-img", "convert", "-t", "writeback", "-f", "raw",
                                            "-O", "qcow2", data, other)))
        image.unlink()
        other.unlink()
        return statistics.median(mine), statistics.median(peer)

    @staticmethod
    def peak(image):
        """The largest resident size while the file is read, MB."""
        child = subprocess.Popen([ANYFS, "cat", image, "/random"], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, child.args)
        return usage.ru_maxrss / 1024

    def memory(self, kind):
        return self.peak(self.converted(kind)) - self.peak(self.raw()), None


def add(t, base, files):
    formats = Formats(base, files)
    for kind in FORMATS:
        t.row(f"read 1 GiB, {kind} / raw", "s", 1.15, lambda kind=kind: formats.read(kind))
        t.row(f"read 1 GiB, {kind} / 7-Zip", "s", 1.1, lambda kind=kind: formats.read_7z(kind))
        t.row(f"memory over raw, {kind}", "MB", MEMORY_MB, lambda kind=kind: formats.memory(kind))
    for compression in ("zlib", "zstd"):
        t.row(f"tree of 28,000 files, {compression} qcow2 / 7-Zip", "s", 0.6,
              lambda compression=compression: formats.tree(compression))
    t.row("write 1 GiB into qcow2 / qemu-img convert", "s", 1.3, formats.write)
