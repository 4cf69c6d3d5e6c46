#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make-grep-tree.py DIR: files of every kind that grep handles specially."""
import os
import random
import sys

os.makedirs(sys.argv[1] + "/all/dir/sub")
os.mkdir(sys.argv[1] + "/other")
os.chdir(sys.argv[1] + "/all")
rng = random.Random(7)
WORDS = ["root", "a", "ab", "abab", "foo", "foo_bar", "foobar", "end", "Kk", "straße", "É", "é", "x",
         "conf", "12", "123", "[x", "*", ".", "\\", "ſss", "\u212a", "x+y", "aab", "", "(", "end$"]


def line():
    return rng.choice(["", " ", ":", "-"]).join(rng.choice(WORDS) for _ in range(rng.randrange(7)))


def text(lines):
    return "".join(line() + "\n" for _ in range(lines)).encode()


def write(name, data):
    with open(name, "wb") as f:
        f.write(data)


write("text", text(80))
write("words", "\n".join(WORDS).encode() + b"\n")
write("dos", text(10).replace(b"\n", b"\r\n"))
write("binary", text(5) + b"\0\0a\0root\0" + text(5))
write("../other/late-binary", text(30000) + b"\0" + text(5))
write("latin1", text(5) + b"caf\xe9 root\n" + text(5))
write("empty", b"")
write("no-newline", text(3) + b"root a end")
write("long", b"a" * 300000 + b" root longest line " + b"b" * 200000 + b"\nroot\n" + text(3))
write("zeros", bytes(5000))
write("dir/a.conf", text(12))
write("dir/sub/b.c", text(12) + b"sub root\n")
write("dir/sub/text", text(4))
with open("sparse", "wb") as f:
    f.write(text(3))
    f.seek(1 << 20)
    f.write(b"root\n" + text(3))
