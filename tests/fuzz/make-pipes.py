#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write messages of a client to a named pipe of the SMB server, for tests/fuzz/parse-pipes.c.

    make-pipes.py srvsvc|wkssvc|samr|lsarpc|guest >FILE

Each conversation binds to an interface and calls every function that the server has.
"""
import struct
import sys

NDR = bytes.fromhex("045d888aeb1cc9119fe808002b104860") + struct.pack("<I", 2)
INTERFACES = {
    "srvsvc": ("c84f324b7016d30112785a47bf6ee188", 3),
    "wkssvc": ("98d0ff6b12a11036983346c3f87e345a", 1),
    "samr": ("785734123412cdabef000123456789ac", 1),
    "lsarpc": ("785734123412cdabef000123456789ab", 0),
    "dssetup": ("6a281939 0cb1 d011 9ba8 00c04fd92ef5", 0),
}
PIPES = ["srvsvc", "wkssvc", "samr", "lsarpc"]
SERVER = (5, 21, 1, 2, 3)


def packet(kind, body):
    return struct.pack("<BBBBIHHI", 5, 0, kind, 3, 0x10, 16 + len(body), 0, 1) + body


def bind(*names):
    body = struct.pack("<HHII", 4280, 4280, 0, len(names))
    for n, name in enumerate(names):
        uuid, version = INTERFACES[name]
        body += struct.pack("<HH", n, 1) + bytes.fromhex(uuid) + struct.pack("<I", version) + NDR
    return packet(11, body)


def call(number, *parts, context=0):
    arguments = b"".join(parts)
    return packet(0, struct.pack("<IHH", len(arguments), context, number) + arguments)


def u32(*values):
    return struct.pack(f"<{len(values)}I", *values)


def handle(number):
    return u32(0, number, 0, 0, 0)


def level(number):
    return struct.pack("<HH", number, 0)


def sid(authority, *numbers):
    return u32(len(numbers)) + struct.pack(">BBHI", 1, len(numbers), 0, authority) + u32(*numbers)


def units(text):
    data = text.encode("utf-16-le")
    data = u32(len(data) // 2, 0, len(data) // 2) + data
    return data + bytes(-len(data) % 4)


def counted(text):
    size = len(text.encode("utf-16-le"))
    return struct.pack("<HHI", size, size, 0x20000)


def names(*texts):
    return b"".join(map(counted, texts)) + b"".join(map(units, texts))


def sids(*values):
    return (u32(len(values), 0x20000, len(values)) + u32(*[0x20004] * len(values)) +
            b"".join(sid(*value) for value in values))


def srvsvc():
    return [bind("srvsvc"), call(15, u32(0, 1, 1, 0x20000, 0, 0, 0xffffffff, 0)),
            call(16, u32(0), units("share-3\0"), u32(1)), call(21, u32(0, 101))]


def wkssvc():
    return [bind("wkssvc"), call(0, u32(0x20000), units("\\\\server\0"), u32(100))]


def lsarpc():
    questions = sids((1, 0), (22, 1, 0), (22, 2, 1000), (5, 32, 544), SERVER + (1000,),
                     SERVER + (0x70000001,), (5, 21, 9, 9, 9, 9))
    texts = names("alice", "ANYFS\\Bob", "BUILTIN\\Users", "Unix User\\7", "carol", "Everyone")
    tail = u32(0, 0, 1, 0, 0, 2)
    return ([bind("lsarpc", "dssetup"), call(0, level(1), context=1), call(44, u32(0))] +
            [call(7, handle(1), level(n)) for n in (3, 5, 6, 12, 2)] +
            [call(15, handle(1), questions, tail), call(57, handle(1), questions, tail)] +
            [call(n, handle(1), u32(6, 6), texts, tail) for n in (14, 58, 68)] +
            [call(0, handle(1))])


def samr():
    several = u32(3, 1000, 0, 3)
    return ([bind("samr"), call(64, u32(0, 0x31, 1, 1, 3, 0)), call(6, handle(1), u32(0, 8192)),
             call(5, handle(1), names("anyfs")), call(7, handle(1), u32(0x200), sid(*SERVER)),
             call(7, handle(1), u32(0x200), sid(5, 32)), call(34, handle(2), u32(1, 0x70000001))] +
            [call(n, handle(2), u32(0, 0, 8192)) for n in (11, 13, 15, 16)] +
            [call(8, handle(2), level(n)) for n in (1, 2, 3, 5, 9)] +
            [call(36, handle(4), level(n)) for n in (7, 9, 16, 21, 1)] +
            [call(17, handle(2), several, names("alice", "None", "carol")),
             call(18, handle(2), several, u32(0x70000002, 1000, 0x7fffffff)),
             call(39, handle(4)), call(3, handle(4), u32(4)), call(1, handle(4))])


def main():
    name = sys.argv[1]
    messages = samr() if name == "guest" else globals()[name]()
    first = PIPES.index("samr") | 4 if name == "guest" else PIPES.index(name)
    out = bytes([first])
    for message in messages:
        out += struct.pack("<H", len(message)) + message
    sys.stdout.buffer.write(out)


main()
