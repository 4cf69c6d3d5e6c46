# SPDX-License-Identifier: GPL-2.0
"""A client of SMB 2.1, and of SMB 3.1.1 without signatures.

It sends requests that smbclient does not send.
"""
import hashlib
import hmac
import socket
import struct

NEGOTIATE, SESSION_SETUP, LOGOFF, TREE_CONNECT, CREATE, OPLOCK_BREAK = 0, 1, 2, 3, 5, 18
BATCH, OPEN_IF, READ_WRITE = 9, 3, 0x12019f
SMB2_10, SMB3_11 = 0x0210, 0x0311
MORE_PROCESSING, ACCESS_DENIED = 0xc0000016, 0xc0000022
PREAUTH, CIPHERS, SIGNING = 1, 2, 8
SHA512, AES_128_GCM = 1, 2
NETWORK_NAME_DELETED, INVALID_PARAMETER = 0xc00000c9, 0xc000000d
SIGNED = 8
NTLMSSP = b"NTLMSSP\0"
NT_HASH_OF_SECRET = bytes.fromhex("878d8014606cda29677a44efa1353fc7")
NTLM_FLAGS = 0x20088a15


def context(kind, data):
    return struct.pack("<HHI", kind, len(data), 0) + data + bytes(-len(data) % 8)


def numbers(kind, values):
    """A context that offers algorithms."""
    return context(kind, struct.pack(f"<H{len(values)}H", len(values), *values))


def negotiation(dialect, *contexts):
    """The body of a request of one dialect."""
    preauth = context(PREAUTH, struct.pack("<HHH", 1, 32, SHA512) + bytes(32))
    body = struct.pack("<HHHHI", 36, 1, 1, 0, 0) + bytes(16)
    if dialect != SMB3_11:
        return body + struct.pack("<QH", 0, dialect)
    body += struct.pack("<IHHHH", 64 + 36 + 4, 1 + len(contexts), 0, dialect, 0)
    return body + preauth + b"".join(contexts)


def batch_open(name, contexts=b""):
    """The body of a request that opens or makes a file, with a batch oplock."""
    text = name.encode("utf-16-le")
    text_end = 120 + len(text)
    padding = bytes(-text_end % 8) if contexts else b""
    at = text_end + len(padding) if contexts else 0
    return struct.pack("<HBBIQQIIIIIHHII", 57, 0, BATCH, 2, 0, 0, READ_WRITE, 0x80, 7, OPEN_IF, 0x40,
                       120, len(text), at, len(contexts)) + text + padding + contexts


def header(command, message=0, tree=0, session=0, flags=0):
    return b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", 64, 1, 0, command, 31, flags, 0, message, 0,
                                    tree, session) + bytes(16)


def hmac_md5(key, data):
    return hmac.new(key, data, hashlib.md5).digest()


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.stream = self.socket.makefile("rb")
        self.message = self.session = self.tree = 0
        self.key = None

    def signature(self, message):
        """Of a message of SMB 2.1."""
        plain = message[:48] + bytes(16) + message[64:]
        return hmac.new(self.key, plain, hashlib.sha256).digest()[:16]

    def send(self, command, body, sign=False):
        head = header(command, self.message, self.tree, self.session, SIGNED if sign else 0)
        self.message += 1
        if sign:
            head = head[:48] + self.signature(head + body)
        self.socket.sendall(struct.pack(">I", len(head + body)) + head + body)

    def receive(self):
        """Returns the whole message, or nothing if the server has closed the connection."""
        size = self.stream.read(4)
        if not size:
            return b""
        length, = struct.unpack(">I", size)
        return self.stream.read(length)

    def request(self, command, body, sign=False):
        """Returns the whole response."""
        self.send(command, body, sign)
        return self.receive()

    def call(self, command, body, expected=0, sign=False):
        response = self.request(command, body, sign)
        status, = struct.unpack_from("<I", response, 8)
        assert status == expected, f"command {command}: status {status:#x}"
        self.tree, self.session = struct.unpack_from("<IQ", response, 36)
        return response

    def negotiate(self, dialect, *contexts):
        return self.call(NEGOTIATE, negotiation(dialect, *contexts))

    def session_setup(self, token, expected=0):
        body = struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 88, len(token), 0)
        return self.call(SESSION_SETUP, body + token, expected)

    def challenge(self):
        token = NTLMSSP + struct.pack("<II", 1, NTLM_FLAGS) + bytes(16)
        response = self.session_setup(token, MORE_PROCESSING)
        start = response.index(NTLMSSP) + 24
        return response[start:start + 8]

    def login_guest(self):
        """As a user without a name."""
        self.challenge()
        empty = struct.pack("<HHI", 0, 0, 64)
        self.session_setup(NTLMSSP + struct.pack("<I", 3) + 6 * empty +
                           struct.pack("<I", NTLM_FLAGS))

    def login(self, user, nt_hash):
        """With NTLMv2."""
        challenge = self.challenge()
        blob = b"\1\1" + bytes(26 + 4 + 4)
        key = hmac_md5(nt_hash, user.upper().encode("utf-16-le"))
        proof = hmac_md5(key, challenge + blob)
        name = user.encode("utf-16-le")
        fields, data = b"", b""
        for field in b"", proof + blob, b"", name, b"", b"":
            fields += struct.pack("<HHI", len(field), len(field), 64 + len(data))
            data += field
        self.session_setup(NTLMSSP + struct.pack("<I", 3) + fields +
                           struct.pack("<I", NTLM_FLAGS) + data)
        self.key = hmac_md5(key, proof)

    def tree_connect(self, share, expected=0, sign=False):
        path = f"\\\\127.0.0.1\\{share}".encode("utf-16-le")
        self.call(TREE_CONNECT, struct.pack("<HHHH", 9, 0, 72, len(path)) + path, expected, sign)
