#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Time stamps on a mount never go back: a later change has a later or equal time,
# whether the host stamps it (for data that it caches) or the library kernel, also
# while the host's file clock runs ahead.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires python3 --version

image_of ext4 64M
mount_image --write

# Write a file of the host and read its time, again and again: on kernels with fine-grained time
# stamps this moves the host's clock for stamps ahead.
python3 - . <<'E2' &
import os, sys
name = f"{sys.argv[1]}/stamped"
while os.path.isdir(sys.argv[1]):
    with open(name, "wb") as f:
        for _ in range(1000):
            os.write(f.fileno(), b"x")
            os.fstat(f.fileno())
E2
at_exit "kill $!"

python3 - "$mnt" <<'E2' || fail "time ran backwards"
import os, sys
mnt = sys.argv[1]


def written(path):
    with open(path, "w") as f:
        f.write("x")


def touched(path):
    written(path)
    os.utime(path)


def linked(path):
    os.symlink("target", path)


MADE = {"written": written, "made": os.mkdir, "touched": touched, "linked": linked,
        "a node": lambda path: os.mknod(path, 0o600)}
older = {}
for n in range(60):
    for first in MADE:
        for second in MADE:
            a, b = f"{mnt}/{n}{first}{second}.a", f"{mnt}/{n}{first}{second}.b"
            MADE[first](a)
            MADE[second](b)
            lag = os.lstat(a).st_mtime_ns - os.lstat(b).st_mtime_ns
            if lag > 0:
                older[first, second] = max(lag, older.get((first, second), 0))
for (first, second), lag in older.items():
    print(f"{second} after {first}: older by up to {lag / 1e6:.1f} ms")
sys.exit(bool(older))
E2
