# SPDX-License-Identifier: GPL-2.0
"""Rows that compare anyfs with other programs that read an ext4 image without a mount.

Every command is a new process, like in a script: the time of anyfs includes the boot of
its kernel, and that of guestfish the boot of its virtual machine.  The image is in the
host's cache.  Copies go to memory, so that the host's disk is not measured.
"""
import functools
import os
import pathlib
import shutil
import subprocess

from measure import BUILD, clock
from rows_files import need_tool

ANYFS = BUILD / "bin/anyfs"
NAME = "0/0/file-0"
ROUNDS = 5


def run(*command):
    subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


@functools.cache
def guest_uses_kvm():
    """Whether libguestfs starts with KVM.  If not, let QEMU emulate the processor."""
    os.environ.setdefault("LIBGUESTFS_BACKEND", "direct")
    if os.access("/dev/kvm", os.R_OK | os.W_OK):
        probe = subprocess.run(["guestfish", "-a", "/dev/null", "run"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, check=False)
        if probe.returncode == 0:
            return True
    os.environ["LIBGUESTFS_BACKEND_SETTINGS"] = "force_tcg"
    return False


def guestfish(image, *words):
    run("guestfish", "--ro", "-a", image, "-m", "/dev/sda", *words)


# Commands that print one file: (program, command).
CAT = {
    "debugfs": lambda image: run("debugfs", "-R", f"cat /{NAME}", image),
    "7-Zip": lambda image: run("7zz", "x", "-so", image, NAME),
    "guestfish": lambda image: guestfish(image, "cat", f"/{NAME}"),
}
# Commands that copy all files into a directory.
GET = {
    "debugfs": lambda image, out: run("debugfs", "-R", f"rdump / {out}", image),
    "7-Zip": lambda image, out: run("7zz", "x", "-y", f"-o{out}", image),
    "guestfish": lambda image, out: guestfish(image, "copy-out", "/", str(out)),
}
PROGRAMS = {"debugfs": "debugfs", "7-Zip": "7zz", "guestfish": "guestfish"}


class Tools:
    def __init__(self, base, files):
        memory = pathlib.Path("/dev/shm")
        self.out = (memory if os.access(memory, os.W_OK) else base) / f"{base.name}.copied"
        self.files, self.notes = files, set()

    def best(self, peer, ours, theirs, before=lambda: None, rounds=ROUNDS):
        """Measure both sides alternately; return the fastest time of each."""
        need_tool(PROGRAMS[peer])
        if peer == "guestfish" and not guest_uses_kvm():
            self.notes.add("guestfish ran without KVM: QEMU emulated the processor; one round only")
            rounds = 1
        mine, others = [], []
        for _ in range(rounds):
            for job, times in (ours, mine), (theirs, others):
                before()
                times.append(clock(job))
        return min(mine), min(others)

    def cat(self, peer):
        image = self.files.tree_image("ext4")
        return self.best(peer, lambda: run(ANYFS, "cat", image, f"/{NAME}"), lambda: CAT[peer](image))

    def get(self, peer):
        image = self.files.tree_image("ext4")

        def empty():
            shutil.rmtree(self.out, ignore_errors=True)
            self.out.mkdir()

        try:
            return self.best(peer, lambda: run(ANYFS, "get", image, "/.", self.out),
                             lambda: GET[peer](image, self.out), before=empty, rounds=3)
        finally:
            shutil.rmtree(self.out, ignore_errors=True)


def add(t, base, files):
    tools = Tools(base, files)
    for peer in PROGRAMS:
        t.row(f"print one file of 28,000 / {peer}", "s", 1.0, lambda peer=peer: tools.cat(peer))
        t.row(f"copy out 28,000 files / {peer}", "s", 1.0, lambda peer=peer: tools.get(peer))
    t.notes.extend(sorted(tools.notes))
