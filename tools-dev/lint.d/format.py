#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check the format of user-space C, with clang-format and with rules of our own.

clang-format cannot produce the kernel's format of tables and aligned comments, so only its
indentation of statements is enforced.  Our rules: tabs, lines up to 100 columns, no trailing
blanks, files up to 600 lines, a comment at the head of each file.
"""
import pathlib
import re
import subprocess
import sys

ROOMS = ("include", "lib", "tools", "bindings", "bench", "tests")


def columns(line):
    return len(line.expandtabs(8))


def rules(path, text):
    lines = text.split("\n")
    if len(lines) > 600:
        yield 1, f"{len(lines)} lines: split it by subject"
    if not re.match(r"(//|/\*) SPDX[^\n]*\n(/\*|//)", text):
        yield 2, "no head comment: say what this file is"
    elif path.parts[0] not in ("tests", "bench"):
        head = re.match(r"[^\n]*\n/\*\n \* (\S+) - \S", text)
        if not head or head[1] != path.name:
            yield 3, f'the head comment must begin with "{path.name} - subject"'
    for number, line in enumerate(lines, 1):
        if columns(line) > 100 and '"' not in line:		# messages are not broken
            yield number, f"{columns(line)} columns"
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
        if re.match(r" {8}", line):
            yield number, "blanks where a tab belongs"
        if re.match(r"[\t ]*(if|for|while|switch)\(", line):
            yield number, "no blank before the parenthesis"


def indentation(path, text):
    """Lines whose indentation clang-format would change, statements only."""
    done = subprocess.run(["clang-format", "--style=file", str(path)], text=True, check=True,
                          stdout=subprocess.PIPE).stdout
    want = {line.strip(): line for line in done.split("\n") if re.match(r"\t+(if|for|while|return|switch)\b", line)}
    for number, line in enumerate(text.split("\n"), 1):
        other = want.get(line.strip())
        if other and other != line and text.count(line.strip()) == done.count(line.strip()) == 1:
            yield number, f"indented by {len(line) - len(line.lstrip())}, not {len(other) - len(other.lstrip())}"


def main():
    files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "--",
                            *[f"{r}/**.[ch]" for r in ROOMS]],
                           check=True, text=True, stdout=subprocess.PIPE).stdout.split()
    bad = 0
    for path in map(pathlib.Path, files):
        if not path.exists():
            continue
        text = path.read_text()
        for number, what in [*rules(path, text), *indentation(path, text)]:
            print(f"{path}:{number}: {what}")
            bad = 1
    sys.exit(bad)


main()
