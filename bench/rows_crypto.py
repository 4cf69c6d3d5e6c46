# SPDX-License-Identifier: GPL-2.0
"""Rows of ciphers and checksums: reading encrypted volumes and file systems with checksums.

The host's kernel often lacks dm-crypt, so LUKS is compared with QEMU's own cipher code,
which knows LUKS1 only, and with reading the same file system in the clear.
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
        self.second = base / "crypto.luks2"
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

    def volume2(self):
        """The same ext4 in a LUKS2 volume with sectors of 4 KiB."""
        need_tool("cryptsetup")
        self.volume()
        if not self.second.exists():
            quiet("truncate", "-s", f"{MIB + 64}M", self.second)
            quiet("cryptsetup", "luksFormat", "-q", "--type", "luks2", "--key-file", self.key, "--cipher",
                  "aes-xts-plain64", "--key-size", "512", "--sector-size", "4096", "--pbkdf", "pbkdf2",
                  "--pbkdf-force-iterations", "1000", self.second)
            with open(self.plain, "rb") as data:
                quiet(BUILD / "meson/tests/image/plain", "--write", self.second, self.key, "luks", stdin=data)
        into_cache(self.second)

    def cat(self, *options):
        quiet(ANYFS, "cat", *options, "/data")

    def unlock(self, volume):
        self.cat("--key", f"file:{self.key}", volume)

    def by_qemu(self):
        size = self.plain.stat().st_size
        quiet("qemu-img", "convert", "-n", "--object", f"secret,id=k,file={self.key}", "--image-opts",
              f"driver=luks,key-secret=k,file.filename={self.locked}",
              "--target-image-opts", f"driver=null-co,size={size}")

    def pairs(self, volume, peer):
        pairs = [(clock(lambda: self.unlock(volume)), clock(peer)) for _ in range(ROUNDS)]
        return tuple(min(side) for side in zip(*pairs))

    def luks(self, peer):
        self.volume()
        return self.pairs(self.locked, peer)

    def luks2(self):
        self.volume2()
        return self.pairs(self.second, lambda: self.cat(self.plain))

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
        for file in self.plain, self.locked, self.second:
            file.unlink(missing_ok=True)


def add(t, base):
    crypto = Crypto(base)
    t.row(f"read {MIB} MiB in LUKS, aes-xts / qemu-img", "s", 1.25, lambda: crypto.luks(crypto.by_qemu))
    t.row(f"read {MIB} MiB in LUKS, aes-xts / in the clear", "s", 2.0,
          lambda: crypto.luks(lambda: crypto.cat(crypto.plain)))
    t.row(f"read {MIB} MiB in LUKS2, 4 KiB sectors / in the clear", "s", 2.0, crypto.luks2)
    for csum in CSUMS:
        t.row(f"read {MIB} MiB, btrfs with {csum} / loop mount", "s", 1.25, lambda csum=csum: crypto.btrfs(csum))
    crypto.remove()
