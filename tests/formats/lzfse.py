# SPDX-License-Identifier: GPL-2.0
#
# lzfse.py - compress with LZFSE for tests
#
# The blocks with entropy coding are not compressed well, but use every feature of the format:
# codes of all lengths for the frequencies, extra bits, repeated distances, four literal states.
import struct

EXTRA_L = [0] * 16 + [2, 3, 5, 8]
EXTRA_M = [0] * 16 + [3, 5, 8, 11]
EXTRA_D = [i // 4 for i in range(64)]


def bases(extra):
    out, at = [], 0
    for bits in extra:
        out.append(at)
        at += 1 << bits
    return out


def symbol_of(value, extra):
    base = bases(extra)
    symbol = max(i for i in range(len(base)) if base[i] <= value)
    assert value - base[symbol] < 1 << extra[symbol]
    return symbol, value - base[symbol]


def matches(data, limit_l, limit_m, limit_d):
    """Cut DATA into (literals, match length, distance)."""
    out, seen, pos, start = [], {}, 0, 0
    while pos < len(data):
        key = data[pos:pos + 4]
        found = seen.get(key, -1)
        seen[key] = pos
        length = 0
        if found >= 0 and pos - found <= limit_d and len(key) == 4:
            while length < limit_m and pos + length < len(data) and \
                    data[found + length] == data[pos + length]:
                length += 1
        if length >= 4:
            out.append((data[start:pos], length, pos - found))
            pos += length
            start = pos
        else:
            pos += 1
            if pos - start == limit_l:
                out.append((data[start:pos], 0, 1))
                start = pos
    if start < len(data):
        out.append((data[start:], 0, 1))
    return out


class Bits:
    """Bits that a decoder reads from the end to the beginning."""
    def __init__(self):
        self.value, self.nr = 0, 0

    def push(self, value, nr):
        self.value |= value << self.nr
        self.nr += nr

    def finish(self):
        size = (self.nr + 7) // 8
        return self.value.to_bytes(size, 'little'), self.nr - size * 8


class Coder:
    """States of one alphabet; symbols are coded from the last to the first."""
    def __init__(self, counts, states):
        self.freq = self.normalize(counts, states)
        self.states, self.state, self.table = states, 0, {}
        at = 0
        for symbol, f in enumerate(self.freq):
            k = 0
            while f and f << k < states:
                k += 1
            more = (2 * states >> k) - f
            entries = []
            for j in range(f):
                if j < more:
                    entries.append((at, k, (f + j << k) - states))
                else:
                    entries.append((at, k - 1, j - more << k - 1))
                at += 1
            self.table[symbol] = entries

    @staticmethod
    def normalize(counts, states):
        total = sum(counts)
        if not total:
            return [0] * len(counts)
        freq = [max(1, c * states // total) if c else 0 for c in counts]
        while sum(freq) != states:
            largest = max(range(len(freq)), key=lambda i: freq[i])
            freq[largest] += 1 if sum(freq) < states else -1
        return freq

    def code(self, bits, symbol):
        for state, k, first in self.table[symbol]:
            if first <= self.state < first + (1 << k):
                bits.push(self.state - first, k)
                self.state = state
                return
        raise ValueError('no state')


def count(symbols, nr):
    out = [0] * nr
    for s in symbols:
        out[s] += 1
    return out


def freq_codes(freq):
    value, nr = 0, 0
    for f in freq:
        if f < 2:
            code, size = f << 1, 2
        elif f < 4:
            code, size = 1 | f - 2 << 2, 3
        elif f < 8:
            code, size = 3 | f - 4 << 3, 5
        elif f < 24:
            code, size = 7 | f - 8 << 4, 8
        else:
            code, size = 15 | f - 24 << 4, 14
        value |= code << nr
        nr += size
    return value.to_bytes((nr + 7) // 8, 'little')


def block_fse(data):
    triplets, last = [], 0
    for literals, m, d in matches(data, 315, 2359, 262139):
        # A distance of 0 means the previous distance.
        triplets.append((literals, m, 0 if m and d == last or not m and last else d))
        last = d if m or not last else last
    text = b''.join(t[0] for t in triplets)
    text += bytes(-len(text) % 4)
    lmd = [(symbol_of(len(t[0]), EXTRA_L), symbol_of(t[1], EXTRA_M), symbol_of(t[2], EXTRA_D))
           for t in triplets]
    coders = [Coder(count([t[i][0] for t in lmd], nr), states)
              for i, nr, states in ((0, 20, 64), (1, 20, 64), (2, 64, 256))]
    counts = count(text, 256)
    literal = [Coder(counts, 1024) for _ in range(4)]
    bits = Bits()
    for i in reversed(range(len(text))):
        literal[i % 4].code(bits, text[i])
    text_bytes, text_bits = bits.finish()
    # Apple's encoder begins with 8 bytes of zeros, which 7-Zip demands.
    bits = Bits()
    bits.push(0, 64)
    for t in reversed(lmd):
        for i in (2, 1, 0):
            bits.push(t[i][1], (EXTRA_L, EXTRA_M, EXTRA_D)[i][t[i][0]])
            coders[i].code(bits, t[i][0])
    lmd_bytes, lmd_bits = bits.finish()
    freq = [f for c in coders + literal[:1] for f in c.freq]
    states = [c.state for c in literal]
    codes = freq_codes(freq)
    a = len(text) | len(text_bytes) << 20 | len(lmd) << 40 | text_bits + 7 << 60
    b = sum(s << 10 * i for i, s in enumerate(states))
    b |= len(lmd_bytes) << 40 | lmd_bits + 7 << 60
    c = 32 + len(codes) | sum(coders[i].state << 32 + 10 * i for i in range(3))
    head = struct.pack('<IIQQQ', 0x32787662, len(data), a, b, c) + codes
    return head + text_bytes + lmd_bytes


def block_lzvn(data):
    out, last = b'', 0
    for literals, m, d in matches(data, 271, 271, 65535):
        while len(literals) > 3:
            n = min(len(literals), 271)
            out += bytes([0xe0 | n]) if n < 16 else bytes([0xe0, n - 16])
            out += literals[:n]
            literals = literals[n:]
        if m:
            n = len(literals)
            first = min(m, 10)
            if d == last and n:
                out += bytes([n << 6 | min(first, 3 + (5 if n == 1 else 3 if n == 2 else 1)) - 3 << 3 | 6])
                first = min(first, 3 + (5 if n == 1 else 3 if n == 2 else 1))
            elif d < 16384 and m > 10:
                first = min(m, 34)
                v = first - 3
                out += bytes([0xa0 | n << 3 | v >> 2, (d & 63) << 2 | v & 3, d >> 6])
            elif d < 1536 and n * 64 + 8 * (first - 3) not in range(0x70, 0x80) and n < 2:
                out += bytes([n << 6 | first - 3 << 3 | d >> 8, d & 255])
            else:
                first = min(first, (8, 8, 6, 4)[n])
                out += bytes([n << 6 | first - 3 << 3 | 7]) + struct.pack('<H', d)
            out += literals
            rest, last = m - first, d
            while rest:
                n = min(rest, 271)
                out += bytes([0xf0 | n]) if n < 16 else bytes([0xf0, n - 16])
                rest -= n
        elif literals:
            out += bytes([0xe0 | len(literals)]) + literals
    out += b'\x06' + bytes(7)
    return struct.pack('<III', 0x6e787662, len(data), len(out)) + out


def compress(data):
    """Blocks of 20,000 bytes, with entropy coding and of LZVN in turn."""
    out = b''
    for nr, at in enumerate(range(0, len(data), 20000)):
        part = data[at:at + 20000]
        out += block_lzvn(part) if nr % 2 else block_fse(part)
    return out + b'bvx$'


def store(data):
    """One block that is not compressed.  7-Zip 22 fails to read such blocks."""
    return struct.pack('<II', 0x2d787662, len(data)) + data + b'bvx$'
