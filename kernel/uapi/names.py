# SPDX-License-Identifier: GPL-2.0
"""names.py - find the names that a header defines, and the role of each name.

C has two name spaces that matter here: tags (struct, union, enum) and ordinary
names (typedefs, enumerators, functions, macros), and members are in a third.
A name is renamed by its role at each place, so that a member with the name of a
typedef keeps its name.
"""
from ctokens import CONDITIONS

TAG_WORDS = {"struct", "union", "enum"}
ATTRIBUTES = {"__attribute__", "__aligned_largest", "__packed"}


class Names:
    """The names that headers define."""

    def __init__(self):
        self.macros, self.tags, self.ordinary = set(), set(), set()
        self.function_macros = set()

    def add(self, other):
        for kind in ("macros", "tags", "ordinary", "function_macros"):
            getattr(self, kind).update(getattr(other, kind))


def closing(tokens, i):
    """The index after the bracket that closes the one at @i."""
    depth = 0
    while i < len(tokens):
        if tokens[i].text in "([{":
            depth += 1
        elif tokens[i].text in ")]}":
            depth -= 1
            if depth == 0:
                return i + 1
        i += 1
    return i


class Reader:
    """Reads a header's tokens: sets the role of each, and collects the names in .names."""

    def __init__(self, tokens):
        self.names = Names()
        self.scopes, self.saved = ["file"], []
        self.read_directives(tokens)
        code = [t for t in tokens
                if t.kind not in ("space", "newline", "comment", "header")
                and (t.directive is None or self.is_condition(t))]
        self.read_code(code)

    @staticmethod
    def is_condition(t):
        return t.kind == "name" and t.directive == t.text and t.text in CONDITIONS

    # ---- preprocessor lines: macros, and names in their bodies ----

    def read_directives(self, tokens):
        line = [t for t in tokens if t.directive is not None and t.kind not in ("space", "comment")]
        for i, t in enumerate(line):
            if t.kind != "name" or t.directive == "" or t.text == t.directive:
                continue
            before = line[i - 1].text
            t.role = ("tag" if before in TAG_WORDS else
                      "member" if before in (".", "->") else "ordinary")
        for i, t in enumerate(tokens):
            if t.directive == "define" and t.text == "define" and t.kind == "name":
                j = i + 1
                while tokens[j].kind in ("space", "comment"):
                    j += 1
                self.names.macros.add(tokens[j].text)
                if tokens[j + 1].text == "(":
                    self.names.function_macros.add(tokens[j].text)

    # ---- declarations ----

    def condition(self, t):
        """Each branch of an #if starts in the scope of the #if."""
        if t.text in ("if", "ifdef", "ifndef"):
            self.saved.append(list(self.scopes))
        elif t.text in ("elif", "else"):
            self.scopes = list(self.saved[-1])
        else:
            self.saved.pop()

    def read_code(self, code):
        self.code = code
        for i, t in enumerate(code):
            if t.directive:
                self.condition(t)
            elif t.text == "{":
                self.open_brace(i)
            elif t.text in "([":
                self.scopes.append(t.text)
            elif t.text in "}])":
                if len(self.scopes) > 1:
                    self.scopes.pop()
            elif t.kind == "name":
                self.name(i, t)

    def text(self, i):
        return self.code[i].text if 0 <= i < len(self.code) else ""

    def at_file(self):
        return all(s in ("file", "extern") for s in self.scopes)

    def tag_before(self, i):
        """The struct, union or enum that the brace at @i opens, or None."""
        j = i - 1
        if self.text(j) == ")":			# struct __attribute__((x)) tag? {
            return None
        if self.code[j].kind == "name" and self.text(j) not in TAG_WORDS:
            j -= 1
        if self.text(j) == ")":
            while j > 0 and self.text(j) != "__attribute__":
                j -= 1
            j -= 1
        return self.text(j) if self.text(j) in TAG_WORDS else None

    def open_brace(self, i):
        word = self.tag_before(i) if i else None
        if word:
            if self.code[i - 1].kind == "name" and self.text(i - 1) != word:
                self.names.tags.add(self.text(i - 1))
            scope = "enum" if word == "enum" else "struct"
        elif self.code[i - 1].kind == "string":
            scope = "extern"
        else:
            scope = "body"
            if self.at_file() and self.text(i - 1) == ")":
                self.function(i - 1)
        self.scopes.append(scope)

    def function(self, i):
        depth = 0
        while i > 0:
            depth += (self.text(i) == ")") - (self.text(i) == "(")
            if depth == 0:
                break
            i -= 1
        self.names.ordinary.add(self.text(i - 1))

    def name(self, i, t):
        before, after = self.text(i - 1), self.text(i + 1)
        scope = self.scopes[-1]
        t.role = "ordinary"
        if before in TAG_WORDS:
            t.role = "tag"
        elif before in (".", "->"):
            t.role = "member"
        elif scope == "enum" and before in ("{", ",") or \
                scope == "enum" and self.code[i - 1].directive:
            self.names.ordinary.add(t.text)
        elif scope == "struct" and t.text not in ATTRIBUTES and before not in ("{", ";") and \
                (after in (";", ",", "[", ":") or after in ATTRIBUTES):
            t.role = "member"
        elif scope == "(" and before == "*" and after == ")" and "struct" in self.scopes[-2:]:
            t.role = "member"
        elif t.text == "typedef" and self.at_file():
            self.typedef(i)

    def typedef(self, i):
        """Every name that the typedef at @i declares."""
        last, i = None, i + 1
        while i < len(self.code) and self.text(i) != ";":
            t = self.code[i]
            if t.text in ATTRIBUTES:
                i = closing(self.code, i + 1) if self.text(i + 1) == "(" else i + 1
                continue
            if t.text == "(" and self.text(i + 1) == "*":
                self.names.ordinary.add(self.text(i + 2))
                return
            if t.text in ("{", "["):
                i = closing(self.code, i)
                continue
            if t.text == ",":
                self.names.ordinary.add(last)
            elif t.text == "(":			# typedef int f(void);
                break
            elif t.kind == "name" and not t.directive:
                last = t.text
            i += 1
        if last:
            self.names.ordinary.add(last)
