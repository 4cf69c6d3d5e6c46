#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check the format of user-space C, with clang-format and with rules of our own.

clang-format cannot produce the kernel's format of tables and aligned comments, so only its
indentation of statements is enforced.  Our rules: tabs, lines up to 100 columns, no trailing
blanks, files up to 600 lines, a comment at the head of each file.

clang-format takes a twentieth of a second for each file, so successes are recorded beside the
kernel's cache, under a hash of the file, this script, .clang-format and the program's version.
"""
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import time

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


def passed_directory():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME") or "/tmp", ".cache")
    path = pathlib.Path((os.environ.get("ANYFS_CACHE") or cache + "/anyfs") + "-lint", "format")
    path.mkdir(parents=True, exist_ok=True)
    return path


def findings(path, passed, shared):
    text = path.read_text()
    key = passed / hashlib.sha256(f"{shared} {path} {text}".encode()).hexdigest()[:40]
    if key.exists():
        return []
    found = [*rules(path, text), *indentation(path, text)]
    if not found:
        key.touch()
    return found


def main():
    passed = passed_directory()
    version = subprocess.run(["clang-format", "--version"], check=True, stdout=subprocess.PIPE).stdout
    shared = hashlib.sha256(version + pathlib.Path(".clang-format").read_bytes() +
                            pathlib.Path(__file__).read_bytes()).hexdigest()
    files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "--",
                            *[f"{r}/**.[ch]" for r in ROOMS]],
                           check=True, text=True, stdout=subprocess.PIPE).stdout.split()
    bad = 0
    for path in map(pathlib.Path, files):
        if not path.exists():
            continue
        for number, what in findings(path, passed, shared):
            print(f"{path}:{number}: {what}")
            bad = 1
    for old in passed.iterdir():
        if old.stat().st_mtime < time.time() - 30 * 86400:
            old.unlink(missing_ok=True)
    sys.exit(bad)


main()
