# SPDX-License-Identifier: GPL-2.0
"""Helpers for the rows of the benchmark: run, time, print, mount."""
import os
import pathlib
import subprocess
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
BUILD = TOP / "build"
PROGRAMS = BUILD / "meson/bench"


class Skip(Exception):
    pass


def out(*command):
    """Run a program and return the numbers that it prints."""
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, check=True, text=True)
    return [float(word) for word in done.stdout.split()]


def quiet(*command, stdin=None):
    subprocess.run([str(c) for c in command], check=True, stdin=stdin, stdout=subprocess.DEVNULL)


def clock(fn):
    start = time.monotonic()
    fn()
    return time.monotonic() - start


def show(value, unit):
    if unit == "s":
        for limit, scale, name in ((1e-6, 1e9, "ns"), (1e-3, 1e6, "us"), (1, 1e3, "ms"), (1e9, 1, "s")):
            if value < limit:
                return f"{value * scale:.3g} {name}"
    if unit == "B/s":
        return f"{value / 1e9:.2f} GB/s"
    return f"{value:.1f} {unit}"


class Table:
    def __init__(self, wanted):
        self.wanted, self.notes = wanted, []
        self.line("job", "ours", "peer", "ratio", "target", "met")

    @staticmethod
    def line(job, ours, peer, ratio, target, met):
        print(f"{job:<44} {ours:>11} {peer:>11} {ratio:>8} {target:>10}  {met}", flush=True)

    def row(self, job, unit, target, measure, more_is_better=False):
        if self.wanted and not any(w in job for w in self.wanted):
            return
        try:
            ours, peer = measure()
        except Skip as why:
            self.line(job, "-", "-", "-", "-", "skipped")
            self.notes.append(f"{job}: {why}")
            return
        except subprocess.CalledProcessError as failed:
            self.line(job, "-", "-", "-", "-", "FAILED")
            self.notes.append(f"{job}: {failed}")
            return
        value = ours if peer is None else ours / peer
        met = value >= target if more_is_better else value <= target
        sign = ">=" if more_is_better else "<="
        if peer is None:
            self.line(job, show(ours, unit), "-", "-", f"{sign} {show(target, unit)}", "yes" if met else "NO")
        else:
            self.line(job, show(ours, unit), show(peer, unit), f"{value:.3f}", f"{sign} {target}x",
                      "yes" if met else "NO")


def need_loop():
    if os.geteuid() != 0:
        raise Skip("comparing with the host's loop mount needs root")
    if not os.path.exists("/dev/loop-control"):
        raise Skip("this host has no loop devices")


class Mount:
    def __init__(self, image, where, options="ro,loop"):
        self.image, self.where, self.options = image, where, options

    def __enter__(self):
        self.where.mkdir(exist_ok=True)
        quiet("mount", "-o", self.options, self.image, self.where)
        return self.where

    def __exit__(self, *_):
        quiet("umount", self.where)
