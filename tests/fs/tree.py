# SPDX-License-Identifier: GPL-2.0
"""tree.py - a directory of the host as a list of nodes, for the pack-*.py beside it"""
import os
import stat


class Node:
    """A file of any type; number is 0 for the top directory."""

    def __init__(self, number, path, info, parent):
        self.number, self.path = number, path
        self.parent = parent or self
        self.mode, self.uid, self.gid = info.st_mode, info.st_uid, info.st_gid
        self.mtime, self.links = int(info.st_mtime), 0
        self.major, self.minor = os.major(info.st_rdev), os.minor(info.st_rdev)
        self.children = {}          # name in bytes -> Node

    def is_dir(self):
        return stat.S_ISDIR(self.mode)

    def entries(self):
        """Entries of a directory: names in bytes, and nodes."""
        return [(b".", self), (b"..", self.parent), *self.children.items()]

    def data(self):
        """The content of a file or link; empty for directories and devices."""
        if stat.S_ISLNK(self.mode):
            return os.readlink(self.path)
        if not stat.S_ISREG(self.mode):
            return b""
        with open(self.path, "rb") as file:
            return file.read()


def read(top):
    """All nodes below @top, directories before their entries; hard links are one node."""
    nodes, known = [], {}

    def add(path, parent):
        info = os.lstat(path)
        key = info.st_dev, info.st_ino
        if key not in known or stat.S_ISDIR(info.st_mode):
            known[key] = Node(len(nodes), path, info, parent)
            nodes.append(known[key])
            if known[key].is_dir():
                known[key].links = 1
                for name in sorted(os.listdir(path)):
                    child = add(path + b"/" + name, known[key])
                    known[key].children[name] = child
                    known[key].links += child.is_dir()
        known[key].links += 1
        return known[key]

    add(os.fsencode(top), None)
    return nodes
