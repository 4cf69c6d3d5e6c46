# SPDX-License-Identifier: GPL-2.0
"""macroargs.py - find out what function-like macros do with their arguments

An argument that the macro pastes to a prefix (PREFIX_##arg) is a part of a name
and is not renamed.  An argument that follows "struct" in the macro is a tag.
"""
import names


def skip_space(tokens, i):
    while i < len(tokens) and tokens[i].kind in ("space", "comment", "newline"):
        i += 1
    return i


def parameters(tokens, i):
    """(names of the parameters, index after them) of the macro named at @i."""
    params, i = [], i + 1
    while tokens[i].text != ")":
        if tokens[i].kind == "name" or tokens[i].text == "...":
            params.append(tokens[i].text)
        i += 1
    return params, i + 1


def definitions(tokens):
    """For each function-like macro: the use of each parameter."""
    i, found = 0, {}
    while i < len(tokens):
        t = tokens[i]
        i += 1
        if not (t.kind == "name" and t.text == t.directive == "define"):
            continue
        i = skip_space(tokens, i)
        if tokens[i + 1].text != "(":
            continue
        macro, (params, i) = tokens[i].text, parameters(tokens, i)
        body = []
        while i < len(tokens) and tokens[i].kind != "newline":
            if tokens[i].kind not in ("space", "comment"):
                body.append(tokens[i].text)
            i += 1
        found[macro] = [usage(body, p) for p in params]
    return found


def usage(body, param):
    uses = {body[i - 1] for i in range(1, len(body)) if body[i] == param}
    if uses & names.TAG_WORDS:
        return "tag"
    return "pasted" if "##" in uses else None


def arguments(tokens, i):
    """The argument lists (tokens without space) of the call whose "(" is at @i."""
    args, depth = [[]], 0
    while i < len(tokens):
        t = tokens[i]
        if t.text in "([{":
            depth += 1
        elif t.text in ")]}":
            depth -= 1
            if depth == 0:
                break
        if t.text == "," and depth == 1:
            args.append([])
        elif t.kind not in ("space", "comment", "newline") and (depth > 1 or t.text != "("):
            args[-1].append(t)
        i += 1
    return args


def set_roles(tokens, macros):
    """Give single-name arguments the role that their macro gives them."""
    for i, t in enumerate(tokens):
        if t.kind != "name" or t.text not in macros or t.role is None:
            continue
        j = skip_space(tokens, i + 1)
        if j >= len(tokens) or tokens[j].text != "(":
            continue
        for arg, use in zip(arguments(tokens, j), macros[t.text]):
            if use and len(arg) == 1 and arg[0].kind == "name":
                arg[0].role = None if use == "pasted" else use
