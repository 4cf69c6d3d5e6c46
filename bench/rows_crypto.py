# SPDX-License-Identifier: GPL-2.0
"""Rows of ciphers and checksums: reading encrypted volumes and file systems with checksums.

The host's kernel often lacks dm-crypt, so LUKS is compared with QEMU's own cipher code,
and with reading the same file system in the clear.
"""
import os
import shutil
import statistics

from measure import BUILD, PROGRAMS, Mount, clock, need_loop, out, quiet
from rows_files import into_cache, need_tool

ANYFS = BUILD / "bin/anyfs"
MIB = 512
ROUNDS = 5
CSUMS = "crc32c", "xxhash", "sha256", "blake2"


class Crypto:
    def __init__(self, base):
        self.base = base
        self.tree = base / "crypto-tree"
        self.plain = base / "crypto.ext4"
        self.locked = base / "crypto.luks"
        self.key = base / "crypto.key"

    def data(self):
        if not self.tree.exists():
            self.tree.mkdir()
            with open(self.tree / "data", "wb") as f:
                for _ in range(MIB):
                    f.write(os.urandom(1 << 20))
        return self.tree

    def volume(self):
        """The same ext4 in the clear and in a LUKS volume of AES-256 in XTS mode."""
        need_tool("qemu-img")
        if not self.locked.exists():
            quiet("truncate", "-s", f"{MIB + 48}M", self.plain)
            quiet("mkfs.ext4", "-q", "-d", self.data(), self.plain)
            self.key.write_text("right words")
            quiet("qemu-img", "convert", "--object", f"secret,id=k,file={self.key}", "-O", "luks",
                  "-o", "key-secret=k,iter-time=10", self.plain, self.locked)
        into_cache(self.plain)
        into_cache(self.locked)

    def cat(self, *options):
        quiet(ANYFS, "cat", *options, "/data")

    def unlock(self):
        self.cat("--key", f"file:{self.key}", self.locked)

    def by_qemu(self):
        size = self.plain.stat().st_size
        quiet("qemu-img", "convert", "-n", "--object", f"secret,id=k,file={self.key}", "--image-opts",
              f"driver=luks,key-secret=k,file.filename={self.locked}",
              "--target-image-opts", f"driver=null-co,size={size}")

    def luks(self, peer):
        self.volume()
        pairs = [(clock(self.unlock), clock(peer)) for _ in range(ROUNDS)]
        return tuple(min(side) for side in zip(*pairs))

    def btrfs(self, csum):
        need_loop()
        need_tool("mkfs.btrfs")
        image = self.base / f"crypto-{csum}.btrfs"
        quiet("truncate", "-s", f"{MIB + 256}M", image)
        quiet("mkfs.btrfs", "-q", "--csum", csum, "--rootdir", self.data(), image)
        into_cache(image)
        pairs = []
        for _ in range(ROUNDS):
            mine = out(PROGRAMS / "bench-seqread", 0, image, "/data")
            with Mount(image, self.base / "mnt") as root:
                theirs = out(PROGRAMS / "bench-seqread", "host", root / "data")
            pairs.append((mine[0] / 1e9, theirs[0] / 1e9))
        image.unlink()
        return tuple(statistics.median(side) for side in zip(*pairs))

    def remove(self):
        shutil.rmtree(self.tree, ignore_errors=True)
        for file in self.plain, self.locked:
            file.unlink(missing_ok=True)


def add(t, base):
    crypto = Crypto(base)
    t.row(f"read {MIB} MiB in LUKS, aes-xts / qemu-img", "s", 1.25, lambda: crypto.luks(crypto.by_qemu))
    t.row(f"read {MIB} MiB in LUKS, aes-xts / in the clear", "s", 2.0,
          lambda: crypto.luks(lambda: crypto.cat(crypto.plain)))
    for csum in CSUMS:
        t.row(f"read {MIB} MiB, btrfs with {csum} / loop mount", "s", 1.25, lambda csum=csum: crypto.btrfs(csum))
    crypto.remove()
