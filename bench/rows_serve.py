# SPDX-License-Identifier: GPL-2.0
"""Rows that compare anyfs-ksmbd with Samba, and anyfs-nfsd with nfs-ganesha.

The peers serve a loop mount of an image with the same content, on the loopback device, with the
same clients: smbclient, and programs of libnfs.  libnfs 4 has no program that writes, so the
test program nfs-put does; each of its writes has 3000 bytes.
"""
import contextlib
import functools
import os
import pathlib
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import time

from measure import BUILD, Mount, Skip, clock, need_loop, quiet
from rows_files import need_tool

READ_MIB = 1024
NFS_WRITE_MIB = 64
NEW_FILES = 5_000
LISTED_FILES = 20_000
CONNECTIONS = 50
ROUNDS = 3
PUT = BUILD / "meson/tests/serve/nfs-put"
PASSWORD = "secret"

NEGOTIATE = (b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", 64, 0, 0, 0, 31, 0, 0, 0, 0, 0, 0) + bytes(16) +
             struct.pack("<HHHHI", 36, 1, 1, 0, 0) + bytes(24) + struct.pack("<H", 0x0210))
NULL_CALL = struct.pack(">10I", 1, 0, 2, 100003, 4, 0, 0, 0, 0, 0)
HELLO = {"smb": struct.pack(">I", len(NEGOTIATE)) + NEGOTIATE,
         "nfs": struct.pack(">I", 0x80000000 | len(NULL_CALL)) + NULL_CALL}


def connect(protocol, port):
    """A connection whose first message was answered."""
    s = socket.create_connection(("127.0.0.1", port), 30)
    s.sendall(HELLO[protocol])
    if not s.recv(4096):
        raise ConnectionResetError
    return s


def wait_answer(protocol, port):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(ConnectionRefusedError, ConnectionResetError):
            connect(protocol, port).close()
            return
        time.sleep(0.001)
    raise Skip("the server does not answer")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """Starts when a with statement begins; .seconds is the time to the first answer."""

    def __init__(self, base, image):
        self.base, self.image, self.port = base, image, free_port()

    def __enter__(self):
        self.prepare()
        start = time.monotonic()
        with open(self.base / "server.log", "wb") as log:
            self.process = subprocess.Popen([str(c) for c in self.command()], stdout=log, stderr=log,
                                            env={**os.environ, "PASSWORD": PASSWORD},
                                            start_new_session=True)
        wait_answer(self.protocol, self.port)
        self.seconds = time.monotonic() - start
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.clean()

    def prepare(self):
        pass

    def clean(self):
        pass

    def memory(self):
        """Bytes of all processes of the server."""
        kib = 0
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            with contextlib.suppress(OSError):
                if os.getpgid(int(status.parent.name)) == self.process.pid:
                    kib += sum(int(line.split()[1]) for line in status.read_text().splitlines()
                               if line.startswith(("RssAnon:", "RssShmem:")))
        return kib << 10


class Ksmbd(Server):
    protocol, share, user = "smb", "p0", "alice"

    def command(self):
        return [BUILD / "bin/anyfs-ksmbd", "-w", "-P", self.port, "--user", "alice:env:PASSWORD",
                self.image]


class Nfsd(Server):
    protocol, share = "nfs", "p0"

    def command(self):
        return [BUILD / "bin/anyfs-nfsd", "-w", "-P", self.port, self.image]


class OverMount(Server):
    """A peer, which serves a loop mount."""
    share = "share"

    def prepare(self):
        self.state = self.base / "state"
        shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir()
        self.mount = Mount(self.image, self.base / "share", "loop")
        self.mount.__enter__()
        self.configure()

    def clean(self):
        for _ in range(100):
            if not subprocess.run(["umount", self.base / "share"], stderr=subprocess.DEVNULL,
                                  check=False).returncode:
                return
            time.sleep(0.1)
        raise Skip("the peer keeps files open")


class Samba(OverMount):
    protocol, user = "smb", "root"

    def configure(self):
        self.conf = self.state / "smb.conf"
        directories = "".join(f"{name} directory = {self.state}\n"
                              for name in ("private", "lock", "state", "cache", "pid"))
        self.conf.write_text(f"[global]\nserver role = standalone server\nsmb ports = {self.port}\n"
                             f"interfaces = lo\nbind interfaces only = yes\n{directories}"
                             f"ncalrpc dir = {self.state}/n\nlog file = {self.state}/log\n"
                             f"disable spoolss = yes\nserver signing = mandatory\n"
                             f"[share]\npath = {self.base}/share\nread only = no\n")
        subprocess.run(["smbpasswd", "-c", self.conf, "-a", "-s", "root"], check=True, text=True,
                       input=f"{PASSWORD}\n{PASSWORD}\n", stdout=subprocess.DEVNULL)

    def command(self):
        return ["smbd", "-F", "--no-process-group", "-s", self.conf]


class Ganesha(OverMount):
    protocol = "nfs"

    def configure(self):
        self.conf = self.state / "ganesha.conf"
        self.conf.write_text(f"""
NFS_CORE_PARAM {{ Protocols = 4; NFS_Port = {self.port}; Enable_NLM = false; Enable_RQUOTA = false; }}
NFSV4 {{ Graceless = true; RecoveryRoot = "{self.state}"; }}
EXPORT {{ Export_Id = 1; Path = "{self.base}/share"; Pseudo = "/share"; Access_Type = RW;
  Squash = No_Root_Squash; SecType = sys; Protocols = 4; FSAL {{ Name = VFS; }} }}
""")

    def command(self):
        return ["ganesha.nfsd", "-F", "-f", self.conf, "-L", self.state / "log", "-p", self.state / "pid"]


def smb(server, commands, directory="/"):
    """Run commands of smbclient, without its messages: it prints each file on stderr."""
    command = ["smbclient", "-s", "/dev/null", "-t", "600", "-p", server.port, "-U",
               f"{server.user}%{PASSWORD}", f"//127.0.0.1/{server.share}", "-D", directory, "-c", commands]
    subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def nfs_url(server, path=""):
    return f"nfs://127.0.0.1/{server.share}{path}?version=4&nfsport={server.port}"


class Images:
    """The same files in an image for each server."""

    def __init__(self, base):
        self.base = base / "serve"
        if self.base.exists():
            return
        tree = self.base / "tree"
        for name in ("new", "many"):
            (tree / name).mkdir(parents=True)
        with open(tree / "big", "wb") as f:
            for _ in range(READ_MIB):
                f.write(os.urandom(1 << 20))
        for n in range(LISTED_FILES):
            (tree / f"many/file-{n}").write_text(f"{n}\n")
        (self.base / "small").mkdir()
        for n in range(NEW_FILES):
            (self.base / f"small/file-{n}").write_text(f"{n}\n" * 200)
        with open(self.base / "part", "wb") as f:
            f.write(os.urandom(NFS_WRITE_MIB << 20))
        quiet("truncate", "-s", f"{3 * READ_MIB + 512}M", self.base / "source.img")
        quiet("mkfs.ext4", "-q", "-m0", "-d", tree, self.base / "source.img")

    def serve(self, kind):
        quiet("cp", "--sparse=always", self.base / "source.img", self.base / "disk.img")
        return kind(self.base, self.base / "disk.img")


def read_big(base, server):
    if server.protocol == "smb":
        smb(server, "get big /dev/null")
    else:
        quiet("nfs-cp", nfs_url(server, "/big"), base / "serve/got")
        (base / "serve/got").unlink()
    return READ_MIB << 20


def write_big(base, server):
    if server.protocol == "smb":
        smb(server, f"put {base}/serve/tree/big copy")
        return READ_MIB << 20
    quiet(PUT, nfs_url(server), base / "serve/part")
    return NFS_WRITE_MIB << 20


def create(base, server):
    small = base / "serve/small"
    if server.protocol == "smb":
        smb(server, f"prompt; lcd {small}; mput file-*", "new")
    else:
        quiet(PUT, nfs_url(server, "/new"), *small.iterdir())


def list_many(_, server):
    if server.protocol == "smb":
        smb(server, "ls many/*")
    else:
        quiet("nfs-ls", nfs_url(server, "/many"))


def compare(base, kinds, measure):
    """Medians of @measure with our server and with the peer."""
    need_loop()
    need_tool("smbd" if kinds[0].protocol == "smb" else "ganesha.nfsd")
    images, results = Images(base), ([], [])
    for _ in range(ROUNDS):
        for kind, result in zip(kinds, results):
            with images.serve(kind) as server:
                result.append(measure(base, server))
    return tuple(map(statistics.median, results))


def speed(work, base, server):
    start = time.monotonic()
    return work(base, server) / (time.monotonic() - start)


def seconds(work, base, server):
    return clock(lambda: work(base, server))


def per_connection(_, server):
    before = server.memory()
    sockets = [connect(server.protocol, server.port) for _ in range(CONNECTIONS)]
    used = server.memory() - before
    for s in sockets:
        s.close()
    return used / CONNECTIONS / 1024


def idle(_, server):
    return server.memory() / (1 << 20)


def alone(base, kind, measure):
    with Images(base).serve(kind) as server:
        return measure(base, server), None


def add(t, base):
    for name, kinds, listed in (("SMB", (Ksmbd, Samba), "Samba"), ("NFS", (Nfsd, Ganesha), "ganesha")):
        def both(measure, *work, kinds=kinds):
            return lambda: compare(base, kinds, functools.partial(measure, *work))

        size = READ_MIB if name == "SMB" else NFS_WRITE_MIB
        t.row(f"{name}: read {READ_MIB} MiB / {listed}", "B/s", 1.0, both(speed, read_big), True)
        t.row(f"{name}: write {size} MiB / {listed}", "B/s", 1.0, both(speed, write_big), True)
        t.row(f"{name}: create {NEW_FILES} files / {listed}", "s", 1.0, both(seconds, create))
        t.row(f"{name}: list {LISTED_FILES} files / {listed}", "s", 1.0, both(seconds, list_many))
        t.row(f"{name}: start to first answer / {listed}", "s", 0.1,
              both(lambda _, server: server.seconds))
        t.row(f"{name}: memory, idle", "MiB", 60, functools.partial(alone, base, kinds[0], idle))
        t.row(f"{name}: memory of a connection", "KiB", 512,
              functools.partial(alone, base, kinds[0], per_connection))
