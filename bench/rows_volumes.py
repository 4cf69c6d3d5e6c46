# SPDX-License-Identifier: GPL-2.0
"""Rows of opening disks and volumes: the time to list the root directory of a file system.

Each command is a new process, with the boot of its kernel.
"""
from measure import BUILD, clock, quiet
from rows_files import need_tool

ANYFS = BUILD / "bin/anyfs"
PARTS = 128
ROUNDS = 15


class Volumes:
    def __init__(self, base):
        self.disk = base / "parts.img"
        self.plain = base / "small.ext4"
        self.locked = base / "small.luks"
        self.key = base / "small.key"

    def file_system(self):
        if not self.plain.exists():
            need_tool("mkfs.ext4")
            quiet("mkfs.ext4", "-q", self.plain, "6M")
        return self.plain

    def partitions(self):
        """A GPT with an ext4 in the last of 128 partitions."""
        need_tool("sgdisk")
        quiet("truncate", "-s", f"{8 * (PARTS + 2)}M", self.disk)
        quiet("sgdisk", *(f"-n{n}:{8 * n}M:+7M" for n in range(1, PARTS + 1)), self.disk)
        quiet("dd", f"if={self.file_system()}", f"of={self.disk}", "bs=1M", f"seek={8 * PARTS}",
              "conv=notrunc", "status=none")
        return self.disk

    def volume(self):
        """The ext4 in a LUKS2 volume whose key derivation takes a millisecond."""
        need_tool("cryptsetup")
        self.key.write_text("right words")
        quiet("truncate", "-s", "24M", self.locked)
        quiet("cryptsetup", "luksFormat", "-q", "--type", "luks2", "--key-file", self.key, "--cipher",
              "aes-xts-plain64", "--key-size", "512", "--sector-size", "512", "--pbkdf", "pbkdf2",
              "--pbkdf-force-iterations", "1000", self.locked)
        with open(self.file_system(), "rb") as data:
            quiet(BUILD / "meson/tests/image/plain", "--write", self.locked, self.key, "luks", stdin=data)

    @staticmethod
    def ls(*where):
        return min(clock(lambda: quiet(ANYFS, "ls", *where)) for _ in range(ROUNDS))

    def open_disk(self):
        return self.ls(self.partitions(), f"/p{PARTS}"), None

    def open_luks(self):
        self.volume()
        return self.ls("--key", f"file:{self.key}", self.locked, "/") - self.ls(self.plain, "/"), None

    def remove(self):
        for file in self.disk, self.plain, self.locked:
            file.unlink(missing_ok=True)


def add(t, base):
    volumes = Volumes(base)
    t.row(f"open a disk of {PARTS} partitions, list one", "s", 0.050, volumes.open_disk)
    t.row("open LUKS2, without its key derivation", "s", 0.020, volumes.open_luks)
    volumes.remove()
