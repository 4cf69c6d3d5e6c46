#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""compare-grep.py IMAGE TREE COUNT: generated command lines for anyfs grep and GNU grep.

IMAGE holds the same files as the directory TREE.  The command lines are the same in each
run; a difference is printed with its command line.
"""
import os
import random
import subprocess
import sys

image, tree, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
rng = random.Random(20240229)

FIXED = ["root", "a", "", ".", "*", "[x", "ab", "kelvin", "é", "conf\nroot", "straße", "a\nb\n12",
         "longest line", "foo_bar", "end$", "\\", "sss", "Kk"]
BASIC = FIXED[:5] + ["^a", "b$", "^$", r"\<foo\>", r"\(a\)\1", "[[:digit:]]\\{2,3\\}", "ab*c",
                     "[a-f]x", r"a\|b", r"\bend", "r..t", "[^[:alnum:]]", "é.", "^a*b", r"x\+y\?",
                     r"\(ab\)*\1", "*a", r"\w\W", "a\n^b", r"fo\{0,1\}_", "ÀB", r"[]x]", r"\.conf"]
EXTENDED = ["(a|b)+c", "^(root|daemon):", "[0-9]+", "(foo|foobar)_?", "x{2}", "a?b", "(a)(b)\\2",
            "()", "^", "$", "^.*$", "ab|^c|d$", "[[:upper:]]+", "a{,2}b", "(ab*)+", "é|ü", "k", "S+",
            "\\(", "a.b", "(^| )end( |$)"]
FLAGS = ["-i", "-v", "-w", "-x", "-c", "-l", "-L", "-n", "-h", "-H", "-a", "-I", "-o"]
PATHS = ["all/" + p for p in ["text", "words", "dos", "binary", "latin1", "empty", "no-newline",
                              "sparse", "dir/a.conf", "dir/sub/b.c", "long", "zeros"]]


def arguments():
    syntax, patterns = rng.choice([("-F", FIXED), ("-G", BASIC), ("-E", EXTENDED)])
    out = [syntax]
    for flag in FLAGS:
        if rng.random() < 0.17:
            out.append(flag)
    if rng.random() < 0.2 and "-o" not in out:
        out += [rng.choice(["-A", "-B", "-C"]), str(rng.randrange(4))]
    if rng.random() < 0.15:
        out += ["-m", str(rng.randrange(4))]
    if rng.random() < 0.1:
        out += rng.choice([["--include=*.conf"], ["--exclude=*.c"], ["--exclude-dir=sub"],
                           ["--exclude=text", "--include=t*"], ["--include=*.c", "--exclude=b*"]])
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        out += ["-e", rng.choice(patterns)]
    if rng.random() < 0.4:
        return out + ["-r"], [rng.choice(["all", "all/dir"])]
    if rng.random() < 0.1:
        return out, ["other/late-binary"]
    return out, rng.sample(PATHS, rng.choice([1, 1, 2, 4]))


def run(command, cwd=None):
    env = dict(os.environ, LC_ALL="C.UTF-8")
    out = subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False,
                         timeout=120)
    return out.returncode, out.stdout, out.stderr


def notes(text):
    return sorted(line.split(b": ")[-2].lstrip(b"/") for line in text.split(b"\n") if b"binary file" in line)


def lines(text, recursive):
    """With -r the order of files may differ, so place and number of "--" lines differ too."""
    out = text.split(b"\n")
    return sorted(line for line in out if line != b"--") if recursive else out


def compare():
    options, paths = arguments()
    theirs = run(["grep", *options, *paths], tree)
    own = ["--only-matching" if o == "-o" else o for o in options]
    ours = run(["anyfs", "grep", *own, image, *["/" + p for p in paths]])
    # The paths in the image begin with a slash.
    got = b"\n".join(l[1:] if l.startswith(b"/") else l for l in ours[1].split(b"\n"))
    expected, got = lines(theirs[1], "-r" in own), lines(got, "-r" in own)
    if (theirs[0], expected, notes(theirs[2])) != (ours[0], got, notes(ours[2])):
        print("anyfs grep", own, paths, "\ntheirs:", theirs[0], expected, theirs[2][:300],
              "\nours:  ", ours[0], got, ours[2][:300], file=sys.stderr)
        return False
    return True


failed = sum(not compare() for _ in range(count))
sys.exit(f"{failed} of {count} differ" if failed else 0)
