#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Wording of comments, messages and documents that HACKING.md asks to avoid.

These are warnings: the check prints how many there are in each directory and
never fails.  `tools-dev/lint.d/english.py --list [DIRECTORY]` prints every line.
"""
import collections
import pathlib
import re
import subprocess
import sys

RULES = [
    ("directory, not folder", r"\bfolders?\b"),
    ("name the thing, not 'who'", r"(?:^|[.;:,] +|\b(?:to|of|from|by|for|than|let|lets|and|with) )[Ww]ho(?:ever)?\b(?! [^.]*\?)"),
    ("name the thing, not 'what'", r"\b(?:of|to|for|with|from|in|by|than|all|is|as|but|at) what(?:ever)?\b|(?:^|[.;:] +)What [a-z]+ (?!.*\?)"),
    ("name the thing, not 'somebody'", r"\b(?:[Ss]ome|[Nn]o|[Aa]ny|[Ee]very)body(?:'s)?\b"),
    ("reported, not told", r"\b(?:is|are|was|be|being|were|and|which is) told\b|\btells? of\b"),
    ("available, not had", r"\b(?:to|can|cannot|can't|be) be had\b|\bcannot have been had\b"),
    ("say why, not 'as it pleases'", r"\b(?:pleases?|for ever|of its own accord)\b"),
]
SOURCES = ("*.c", "*.h", "*.S", "*.sh", "*.py", "*.md", "*.1", "*.3")


def texts(path, text):
    """(line number, text) of what people read: comments, strings, documents."""
    if path.suffix in (".md", ".1", ".3"):
        yield from enumerate(text.split("\n"), 1)
        return
    if path.suffix in (".sh", ".py"):
        pattern = r"(?m)#[^\n]*|\"\"\".*?\"\"\"|\"[^\"\n]*\""
    else:
        pattern = r"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\\n]|\\.)*\""
    for m in re.finditer(pattern, text, re.S):
        first = text.count("\n", 0, m.start()) + 1
        for n, line in enumerate(m[0].split("\n")):
            yield first + n, re.sub(r"^[\s/*#\"]+", "", line)


def room_of(path):
    return "/".join(path.parts[:2]) if len(path.parts) > 2 else str(path.parent)


def main():
    listed = sys.argv[1:2] == ["--list"]
    where = sys.argv[2:] or ["."]
    files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "--",
                            *where], check=True, text=True, stdout=subprocess.PIPE).stdout.split()
    counts = collections.Counter()
    for path in map(pathlib.Path, files):
        if not path.exists() or not any(path.match(s) for s in SOURCES):
            continue
        for number, line in texts(path, path.read_text(errors="replace")):
            for rule, pattern in RULES:
                if re.search(pattern, line):
                    counts[room_of(path)] += 1
                    if listed:
                        print(f"{path}:{number}: {rule}: {line.strip()}")
    if not listed and counts:
        print("lint: english: warnings:", ", ".join(f"{d} {n}" for d, n in counts.most_common()))


main()
