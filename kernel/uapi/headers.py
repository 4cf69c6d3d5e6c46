# SPDX-License-Identifier: GPL-2.0
"""headers.py - the kernel's user-space headers with every name prefixed

A program can use them beside its C library's headers.  Every name that the headers
define is renamed wherever it is used; other names, comments and strings are kept:

    O_RDONLY      LKL_O_RDONLY        struct stat         struct lkl_stat
    dev_t         lkl_dev_t           __u32               __lkl__u32
    _IOW          LKL_IOW             __kernel_timespec   __lkl__kernel_timespec
    <linux/fs.h>  <lkl/linux/fs.h>    __NR_openat         __lkl__NR_openat

Members keep their names, except those that C libraries define as macros
(st_mtime becomes lkl_st_mtime); member-macros lists these.
"""
import os
import pathlib
import re

import ctokens
import macroargs
import names

HERE = pathlib.Path(__file__).resolve().parent

# Headers of the C library that the kernel's headers include, and the header that
# replaces each: one of ours, or the C library's own (None).
HOST_INCLUDES = {
    "stddef.h": None, "stdint.h": None, "limits.h": None, "string.h": None,
    "stdlib.h": None, "unistd.h": None,
    "endian.h": "linux/host_endian.h",
    "netinet/if_ether.h": "linux/if_ether.h",
    "netinet/in.h": "linux/in6.h",
    "sys/ioccom.h": "linux/ioctl.h",
    "sys/ioctl.h": "linux/ioctl.h",
    "sys/socket.h": "linux/sockaddr.h",
    "sys/time.h": "linux/time.h",
    "sys/types.h": "linux/user_types.h",
    "time.h": "linux/time.h",
}

# Names that the compiler provides, although some header defines them if missing.
COMPILER_NAMES = {"__inline__", "__packed", "__signed__", "__extension__"}
COMPILER_NAMES |= {f"{u}int{n}_t" for u in ("", "u") for n in (8, 16, 32, 64)}

# Macros of the C library that tell a header which types the library has defined.  The C
# library never defines our types, so these macros get names that are never defined.
HOST_MACROS = {"__GLIBC__", "__BYTE_ORDER"}


def prefixed(name):
    """Add the prefix as the headers of the Linux Kernel Library do: programs rely on it."""
    word = "LKL" if name.isupper() else "lkl"
    if name.startswith("__"):
        return f"__{word}{name}"
    return word + name if name.startswith("_") else f"{word}_{name}"


class Header:
    def __init__(self, path, text):
        self.path = path
        self.tokens = ctokens.tokenise(text)
        self.names = names.Reader(self.tokens).names
        self.includes = [t for t in self.tokens if t.kind == "header"]

    def target(self, token):
        """The path that an include names, relative to the root of the headers."""
        mark, path = token.text.strip()[0], token.text.strip()[1:-1]
        if mark == '"':
            path = os.path.normpath(os.path.join(os.path.dirname(self.path), path))
        return path


class Tree:
    """All headers.  add() them, then prepare(), then write()."""

    def __init__(self):
        self.headers, self.reach = {}, {}

    def add(self, path, text):
        self.headers[path] = Header(path, text)
        return self.headers[path]

    def add_directory(self, root):
        for path in sorted(root.rglob("*.h")):
            self.add(path.relative_to(root).as_posix(), path.read_text())

    def prepare(self):
        self.names = names.Names()
        macros = {}
        for header in self.headers.values():
            self.names.add(header.names)
            macros.update(macroargs.definitions(header.tokens))
        for header in self.headers.values():
            macroargs.set_roles(header.tokens, macros)
        self.names.macros |= HOST_MACROS
        self.names.macros -= COMPILER_NAMES
        self.names.ordinary -= COMPILER_NAMES
        self.global_names = self.names.macros | self.names.ordinary
        lines = (HERE / "member-macros").read_text().splitlines()
        self.member_macros = {w for l in lines for w in l.split("#")[0].split()}
        self.renamed = self.choose_names()

    def write(self, out):
        """Every header below @out, and nothing else there."""
        for path, header in self.headers.items():
            write_if_changed(out / path, system_header(Writer(self, header).text()))
        for path in sorted(out.rglob("*.h")):
            if path.relative_to(out).as_posix() not in self.headers:
                path.unlink()		# left by another kernel that was built here

    def choose_names(self):
        """A table from old to new names; _X and X must not both become LKL_X."""
        renamed, taken = {}, {}
        every = self.global_names | self.names.tags | self.member_macros
        for name in sorted(every, key=lambda n: (n.startswith("_"), n)):
            new = prefixed(name)
            if new in taken:
                new = new.replace("_", "__", 1)
            if new in taken:
                raise ValueError(f"{name} and {taken[new]} would both become {new}")
            taken[new] = name
            renamed[name] = new
        return renamed

    def macros_in_reach(self, path):
        """The object-like macros of @path and of all headers that it includes."""
        if path not in self.reach:
            queue, seen = [path], set()
            while queue:
                p = queue.pop()
                if p in seen or p not in self.headers:
                    continue
                seen.add(p)
                h = self.headers[p]
                queue += [h.target(t) for t in h.includes]
            self.reach[path] = set().union(
                *(self.headers[p].names.macros - self.headers[p].names.function_macros
                  for p in seen))
        return self.reach[path]


class Writer:
    """Writes one header with the new names."""

    def __init__(self, tree, header):
        self.tree, self.header = tree, header

    def include(self, token):
        path = self.header.target(token)
        lead = token.text[:len(token.text) - len(token.text.lstrip())]
        if path not in self.tree.headers:
            # Not installed: a header of the C library, or one that the kernel does not install.
            path = HOST_INCLUDES.get(path, path)
            if path is None:
                return token.text
        return f"{lead}<lkl/{path}>"

    def name(self, token, pasted):
        text, tree = token.text, self.tree
        if token.role is None:
            return text
        if pasted:			# X##arg: the macro makes names, which are renamed, too
            return prefixed(text)
        if token.role == "member":
            if text in tree.member_macros:
                return tree.renamed[text]
            known = text in tree.macros_in_reach(self.header.path)
        elif token.role == "tag":
            return tree.renamed.get(text) or prefixed(text)
        else:
            known = text in tree.global_names
        return tree.renamed[text] if known else text

    def text(self):
        out, params = [], set()
        tokens = self.header.tokens
        for i, t in enumerate(tokens):
            if t.kind == "newline":
                params = set()
            elif t.directive == "define" and t.text == "define" and t.kind == "name":
                params = macro_params(tokens, i)
            if t.kind == "header":
                out.append(self.include(t))
            elif t.kind == "name" and t.text not in params:
                out.append(self.name(t, t.directive == "define" and pasted_left(tokens, i)))
            else:
                out.append(t.text)
        return "".join(out)


def macro_params(tokens, i):
    """The parameters of the macro whose "define" is the token @i."""
    while tokens[i].kind != "name" or tokens[i].text == "define":
        i += 1
    if tokens[i + 1].text != "(":
        return set()
    params = set()
    while tokens[i].text != ")":
        i += 1
        if tokens[i].kind == "name":
            params.add(tokens[i].text)
    return params


def beside(tokens, i, step):
    i += step
    while 0 <= i < len(tokens) and tokens[i].kind == "space":
        i += step
    return tokens[i].text if 0 <= i < len(tokens) else ""


def pasted_left(tokens, i):
    return beside(tokens, i, 1) == "##" and beside(tokens, i, -1) != "##"


def system_header(text):
    """Mark @text as a system header: compilers do not warn about the kernel's style."""
    pragma = "#pragma GCC system_header\n"
    m = re.match(r"/\*[^\n]*\*/\n", text)
    return text[:m.end()] + pragma + text[m.end():] if m else pragma + text


def write_if_changed(path, text):
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
