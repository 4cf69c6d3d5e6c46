# SPDX-License-Identifier: GPL-2.0
"""Rows that read an image over HTTP, from the server of the tests with 30 ms delay."""
import os
import statistics
import subprocess
import time

from measure import BUILD, TOP, clock, quiet
from rows_files import need_tool

ROUNDS = 3
DATA_MIB = 512
TOOL = BUILD / "bin/anyfs"


class Server:
    """The server of the tests, over the directory @www; it logs requests to @www/../requests."""

    def __init__(self, www):
        self.www, self.port_file = www, www.parent / "http.port"
        self.port_file.unlink(missing_ok=True)

    def __enter__(self):
        self.process = subprocess.Popen(["python3", TOP / "tests/sources/http-server.py", self.www,
                                         self.port_file], cwd=self.www.parent)
        while not self.port_file.exists():
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self.port_file.read_text().strip()}/delay=30"
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.port_file.unlink()

    def requests(self):
        log = self.www.parent / "requests"
        return [int(line.split()[2]) for line in log.read_text().splitlines()]


def make_listing_image(www):
    image, tree = www / "large.img", www.parent / "tree"
    tree.mkdir()
    for n in range(200):
        (tree / f"file-{n}").write_text(f"{n}\n")
    quiet("truncate", "-s", "10G", image)
    quiet("mkfs.ext4", "-q", "-d", tree, image)


def make_data_image(www):
    image, tree = www / "data.img", www.parent / "data"
    tree.mkdir()
    with open(tree / "random", "wb") as f:
        for _ in range(DATA_MIB):
            f.write(os.urandom(1 << 20))
    quiet("truncate", "-s", f"{DATA_MIB + 128}M", image)
    quiet("mkfs.ext4", "-q", "-m0", "-d", tree, image)
    os.rename(tree / "random", www / "random")


def first_listing(base):
    """Requests and megabytes of the first listing of a 10 GB image."""
    www = base / "net-listing/www"
    if not www.exists():
        www.mkdir(parents=True)
        make_listing_image(www)
    (www.parent / "requests").unlink(missing_ok=True)
    with Server(www) as server:
        quiet(TOOL, "ls", f"{server.url}/large.img", "/")
        return server.requests()


def sequential(base):
    need_tool("curl")
    www = base / "net/www"
    www.mkdir(parents=True)
    make_data_image(www)
    ours, peer = [], []
    with Server(www) as server:
        for _ in range(ROUNDS):
            ours.append(clock(lambda: quiet(TOOL, "cat", f"{server.url}/data.img", "/random")))
            peer.append(clock(lambda: quiet("curl", "-s", f"{server.url}/random")))
    size = DATA_MIB << 20
    return size / statistics.median(ours), size / statistics.median(peer)


def add(t, base):
    t.row("list a 10 GB image over HTTP: requests", "", 12, lambda: (len(first_listing(base)), None))
    t.row("list a 10 GB image over HTTP: megabytes", "MB", 8,
          lambda: (sum(first_listing(base)) / 1e6, None))
    t.row("read a file over HTTP / curl", "B/s", 0.9, lambda: sequential(base), more_is_better=True)
