#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check comments, messages and documents for wording that HACKING.md asks to avoid.

An error, not a warning: a sentence in which "who", "what" or "nobody" replaces a noun
must be read twice, and warnings would be ignored.  Text in quotes in a document is
an example and is not checked.  `english.py DIRECTORY...` checks only these.
"""
import pathlib
import re
import subprocess
import sys

# The user of this name is written "the user nobody"; commands, paths and names may have it.
NOBODY = r"(?<!user )(?<!user `)(?<!-u )(?<!-g )(?<![/_])\b[Nn]obody(?:'s)?\b(?![-:])"
RULES = [
    ("directory, not folder", r"\bfolders?\b"),
    ("name the thing, not 'who'", r"(?:^|[.;:,] +|\b(?:to|of|from|by|for|than|let|lets|and|with) )[Ww]ho(?:ever)?\b(?! [^.]*\?)"),
    ("name the thing, not 'what'", r"\b(?:of|to|for|with|from|in|by|than|all|is|as|but|at) what(?:ever)?\b|(?:^|[.;:] +)What [a-z]+ (?!.*\?)"),
    ("name the thing, not 'somebody'", r"\b(?:[Ss]ome|[Aa]ny|[Ee]very)body(?:'s)?\b|" + NOBODY),
    ("reported, not told", r"\b(?:is|are|was|be|being|were|and|which is) told\b|\btells? of\b"),
    ("available, not had", r"\b(?:to|can|cannot|can't|be) be had\b|\bcannot have been had\b"),
    ("say why, not 'as it pleases'", r"\b(?:pleases?|for ever|of its own accord)\b"),
]
SOURCES = ("*.c", "*.h", "*.S", "*.sh", "*.py", "*.md", "*.1", "*.3")


def texts(path, text):
    """Yield (line number, text) of comments, strings and documents."""
    if path.suffix in (".md", ".1", ".3"):
        yield from enumerate(re.sub(r'"[^"\n]*"', '""', text).split("\n"), 1)
        return
    if path.suffix in (".sh", ".py"):
        pattern = r"(?m)#[^\n]*|\"\"\".*?\"\"\"|\"[^\"\n]*\""
    else:
        pattern = r"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\\n]|\\.)*\""
    for m in re.finditer(pattern, text, re.S):
        first = text.count("\n", 0, m.start()) + 1
        for n, line in enumerate(m[0].split("\n")):
            yield first + n, re.sub(r"^[\s/*#\"]+", "", line)


def main():
    where = sys.argv[1:] or ["."]
    files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "--",
                            *where], check=True, text=True, stdout=subprocess.PIPE).stdout.split()
    bad = 0
    for path in map(pathlib.Path, files):
        # This file contains the words.
        if (not path.exists() or path.name == "english.py"
                or not any(path.match(s) for s in SOURCES)):
            continue
        for number, line in texts(path, path.read_text(errors="replace")):
            for rule, pattern in RULES:
                if re.search(pattern, line):
                    bad = 1
                    print(f"{path}:{number}: {rule}: {line.strip()}")
    return bad


sys.exit(main())
