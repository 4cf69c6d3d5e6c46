#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""compare-find.py IMAGE MOUNT COUNT: generated expressions for anyfs find and GNU find.

Both run over the same file system, one in the image and one in the host kernel's mount of
it.  The expressions are the same in each run; a difference is printed with its expression.
"""
import os
import random
import subprocess
import sys

image, mount, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
rng = random.Random(20240229)


def number(top):
    return rng.choice(["", "+", "-"]) + str(rng.randrange(top))


TESTS = [
    lambda: ["-name", rng.choice(["*.conf", "file?", "file[1-3]*", "*", ".*", "*link*", "?mlaut"])],
    lambda: ["-iname", rng.choice(["*.CONF", "FILE1*", "ÜMLAUT"])],
    lambda: ["-path", rng.choice(["*/etc/*", "*many*", "*/*/*/*"])],
    lambda: ["-ilname", "*ETC*"],
    lambda: ["-regex", rng.choice([r".*/file[0-9]+", r".*conf", r".*\(conf\|doc\).*"])],
    lambda: ["-regextype", "posix-extended", "-iregex", r".*/(FILE[12]|P).*"],
    lambda: ["-type", rng.choice(["f", "d", "l", "p", "c,b", "f,l"])],
    lambda: ["-size", number(400) + rng.choice("kcwb")],
    lambda: ["-size", number(3) + "M"],
    lambda: ["-empty"],
    lambda: ["-links", number(4)],
    lambda: ["-uid", number(2001)],
    lambda: ["-gid", rng.choice(["0", "50", "+10"])],
    lambda: ["-perm", rng.choice(["644", "-200", "/222", "-u+x", "/4000", "u=rwx,go=rx", "/000"])],
    lambda: ["-mtime", number(1200)],
    lambda: ["-mmin", number(1500000)],
    lambda: ["-newermt", "@" + str(1700000000 + rng.randrange(2500000))],
    lambda: ["-newermt", rng.choice(["2023-12-01", "2023-11-20 12:00:00"])],
    lambda: ["-true"], lambda: ["-false"],
    lambda: ["-maxdepth", str(rng.randrange(4))],
    lambda: ["-mindepth", str(rng.randrange(3))],
    lambda: ["-prune"],
]


def expression(depth=0):
    out = []
    for i in range(rng.randint(1, 3)):
        if i:
            out += rng.choice([[], ["-a"], ["-o"]])
        if rng.random() < 0.2:
            out += ["!"]
        if depth < 2 and rng.random() < 0.25:
            out += ["("] + expression(depth + 1) + [")"]
        else:
            out += rng.choice(TESTS)()
    return out


FORMAT = "%P|%f|%d|%s|%b|%k|%i|%n|%m|%M|%U|%G|%l|%y|%T@|%TY|%Tj|%TH:%TM|%t|%5s|%-9f|%#m|%S\\n"


def run(command, cwd=None):
    env = dict(os.environ, LC_ALL="C.UTF-8", TZ="Europe/Paris")
    out = subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False)
    if out.returncode:
        sys.exit(f"exit {out.returncode}: {command}: {out.stderr.decode()}")
    # The start directory is "/" in the image and "./" in the mount, so its names differ.
    return sorted(line for line in out.stdout.split(b"\0") if not line.startswith(b"|"))


def ours(expr, action):
    return run(["anyfs", "find", image, "/", *expr, *action])


def gnus(expr, action):
    return run(["find", "./", *expr, *action], cwd=mount)


bad = 0
for i in range(count):
    expr = ["("] + expression() + [")"]
    action = ["-printf", rng.choice(["%P\\0", FORMAT.replace("\\n", "\\0")])]
    got, wanted = ours(expr, action), gnus(expr, action)
    if got != wanted:
        bad += 1
        print("differs:", expr, action, "\n  only anyfs:", sorted(set(got) - set(wanted))[:5],
              "\n  only find: ", sorted(set(wanted) - set(got))[:5])
print(f"{count} expressions, {bad} differ")
sys.exit(bool(bad))
