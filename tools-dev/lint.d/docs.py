#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check that the files, make targets and programs named in documents exist.

The check covers words in `backticks` and indented command lines that look like a path of
this tree, and "make TARGET".
"""
import pathlib
import re
import subprocess
import sys

BUILT = ("build/",)


def main():
    tracked = set(subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"],
                                 check=True, text=True, stdout=subprocess.PIPE).stdout.split("\n"))
    directories = {str(parent) for f in tracked for parent in pathlib.Path(f).parents}
    tops = {f.split("/")[0] for f in tracked if "/" in f}
    targets = set(re.findall(r"^([a-z0-9-]+(?: [a-z0-9-]+)*):", pathlib.Path("Makefile").read_text(), re.M))
    targets = {word for group in targets for word in group.split()}
    bad = 0
    for doc in sorted(f for f in tracked if f.endswith(".md") and pathlib.Path(f).exists()):
        for number, line in enumerate(pathlib.Path(doc).read_text().splitlines(), 1):
            words = re.findall(r"`([^`]+)`", line)
            if line.startswith(("    ", "\t")):
                words.append(line.strip())
            for text in words:
                for target in re.findall(r"\bmake ([a-z0-9-]+)", text):
                    if target not in targets:
                        print(f"{doc}:{number}: make {target}: no such target")
                        bad = 1
                for path in re.findall(r"[\w.@+-]+(?:/[\w.@+*-]+)+/?", text):
                    path = path.rstrip("/.")
                    if path.startswith(BUILT) or path.split("/")[0] not in tops:
                        continue
                    if "*" in path:
                        if any(pathlib.Path().glob(path)):
                            continue
                    elif path in tracked or path in directories:
                        continue
                    print(f"{doc}:{number}: {path}: no such file")
                    bad = 1
        for link in re.findall(r"\]\(([^)#:]+)\)", pathlib.Path(doc).read_text()):
            if not (pathlib.Path(doc).parent / link).exists():
                print(f"{doc}: link to {link}: no such file")
                bad = 1
    sys.exit(bad)


main()
