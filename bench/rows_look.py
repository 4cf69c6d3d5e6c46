# SPDX-License-Identifier: GPL-2.0
"""Rows that search, sum and compare a tree, beside the usual programs on a loop mount.

The host mounts the image anew for each round, so its caches of names and contents are cold.  The
time of the mount is not measured, but that of the boot of anyfs' kernel is.  The image is in the
host's cache.
"""
import os
import shutil
import subprocess

from measure import BUILD, Mount, clock, need_loop
from rows_files import FILES, into_cache, sized

ANYFS = BUILD / "bin/anyfs"
ROUNDS = 3
NEEDLE = "text texts"			# in no file: all are read to the end
IMAGES = 8

# The words after "anyfs", and the command for the mount.
JOBS = {
    "find -size": (lambda image, tree: ("find", image, "-type", "f", "-size", "+9k"),
                   lambda root, tree: ("find", root, "-type", "f", "-size", "+9k")),
    "du -s": (lambda image, tree: ("du", "-s", image), lambda root, tree: ("du", "-s", root)),
    "hash": (lambda image, tree: ("hash", "--format", "sha256sum", image),
             lambda root, tree: ("sh", "-c", 'find "$0" -type f -print0 | xargs -0 sha256sum', root)),
    "diff": (lambda image, tree: ("diff", "--content", "--exclude", "lost+found", image, tree),
             lambda root, tree: ("diff", "-r", "-x", "lost+found", root, tree)),
    "grep -r": (lambda image, tree: ("grep", "-r", image, NEEDLE),
                lambda root, tree: ("grep", "-r", NEEDLE, root)),
}


def run(*command):
    """Run a command; grep may end with 1, because no line matches."""
    done = subprocess.run([str(c) for c in command], check=False, stdout=subprocess.DEVNULL)
    if done.returncode > ("grep" in command):
        raise subprocess.CalledProcessError(done.returncode, command)


class Look:
    def __init__(self, base, files):
        self.base, self.files = base, files

    def on_mount(self, job):
        need_loop()
        image, tree = self.files.tree_image("ext4"), self.files.tree(FILES)
        ours, theirs = JOBS[job]
        mine, others = [], []
        for _ in range(ROUNDS):
            mine.append(clock(lambda: run(ANYFS, *ours(image, tree))))
            with Mount(image, self.base / "mnt") as root:
                others.append(clock(lambda root=root: run(*theirs(root, tree))))
        return min(mine), min(others)

    def empty_image(self):
        image = self.base / "copy.ext4"
        image.unlink(missing_ok=True)
        sized(image, 1024, "mkfs.ext4", "-q", image)
        return image

    def copy(self):
        """Copy from image to image, compared with the slower one of get and put."""
        source, out = self.files.tree_image("ext4"), self.base / "got"
        mine, gets, puts = [], [], []
        for _ in range(ROUNDS):
            image = self.empty_image()
            mine.append(clock(lambda image=image: run(ANYFS, "copy", f"{source}:/", f"{image}:/all")))
            image = self.empty_image()
            gets.append(clock(lambda: run(ANYFS, "get", source, "/", out)))
            puts.append(clock(lambda image=image: run(ANYFS, "put", image, out, "/all")))
            shutil.rmtree(out)
        return min(mine), max(min(gets), min(puts))

    def scan(self):
        """The time of two processes, compared with half of the time that one takes."""
        image = self.files.tree_image("ext4", 4000)
        listed = self.base / "list"
        names = [self.base / f"scan-{n}.img" for n in range(IMAGES)]
        for name in names:
            os.link(image, name)
            into_cache(name)
        listed.write_text("".join(f"{name}\n" for name in names))
        times = {1: [], 2: []}
        for _ in range(ROUNDS):
            for jobs, seconds in times.items():
                out = self.base / "scanned"
                seconds.append(clock(lambda jobs=jobs, out=out: run(
                    ANYFS, "scan", "--list", listed, "--do", "hash", "--out", out, "--jobs", jobs)))
                shutil.rmtree(out)
        return min(times[2]), min(times[1]) / 2


def add(t, base, files):
    look = Look(base, files)
    for job in JOBS:
        t.row(f"{job} of 28,000 files / loop mount", "s", 1.0, lambda job=job: look.on_mount(job))
    t.row("copy 28,000 files from image to image / get or put", "s", 1.2, look.copy)
    t.row(f"scan {IMAGES} images, 2 processes / half of 1", "s", 1.11, look.scan)
