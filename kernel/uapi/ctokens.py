# SPDX-License-Identifier: GPL-2.0
"""ctokens.py - split C headers into tokens; joined, they give the same text again.

A token has its kind and the preprocessor directive that it belongs to, if any.
names.py sets the role of each name: a tag (after struct, union or enum), a member,
or an ordinary name.
"""
import re

KINDS = re.compile(r"""
    (?P<space>(?:[ \t\f\v]|\\\r?\n)+)
  | (?P<newline>\r?\n)
  | (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<string>L?"(?:\\.|[^"\\\n])*"|L?'(?:\\.|[^'\\\n])*')
  | (?P<number>\.?[0-9](?:[eEpP][+-]|[\w.])*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<punct>->|\.\.\.|\#\#|.)
""", re.VERBOSE | re.DOTALL)
INCLUDE = re.compile(r'[ \t]*([<"])([^>"\n]+)[>"]')

CONDITIONS = ("if", "ifdef", "ifndef", "elif", "else", "endif")


class Token:
    __slots__ = ("kind", "text", "directive", "role")

    def __init__(self, kind, text, directive=None):
        self.kind, self.text, self.directive, self.role = kind, text, directive, None


def tokenise(text):
    """The tokens of @text; "header" is the <name> of an include."""
    out, pos, end = [], 0, len(text)
    line_start, directive = True, None
    while pos < end:
        if directive == "include":
            m = INCLUDE.match(text, pos)
            if m:
                out.append(Token("header", m[0], directive))
                pos, directive = m.end(), "included"
                continue
        m = KINDS.match(text, pos)
        kind, word = m.lastgroup, m[0]
        pos = m.end()
        if kind == "newline":
            line_start, directive = True, None
        elif line_start and word == "#":
            directive = ""
            line_start = False
        elif kind not in ("space", "comment"):
            line_start = False
            if directive == "" and kind == "name":
                directive = word
        out.append(Token(kind, word, directive))
    return out


def join(tokens):
    return "".join(t.text for t in tokens)
