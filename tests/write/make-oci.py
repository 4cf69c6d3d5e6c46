#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Container images for the tests of oci-in, written without root.

    make-oci.py layout DIR      an image layout, three layers with whiteouts, two platforms
    make-oci.py flat DIR        the same layers, gzip only, one platform
    make-oci.py docker FILE     the same image in the format of old versions of "docker save"
    make-oci.py names DIR       two images for one platform
    make-oci.py hostile DIR     an image that tries to escape from the destination
    make-oci.py damaged DIR     image layouts DIR/NAME, each damaged in another way
"""
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile

OCI = "application/vnd.oci.image."
NAME = "org.opencontainers.image.ref.name"


def entry(name, data=None, kind=None, mode=None, **more):
    info = tarfile.TarInfo(name)
    info.type = kind or (tarfile.REGTYPE if data is not None else tarfile.DIRTYPE)
    info.mode = mode or (0o755 if info.isdir() else 0o644)
    info.size = len(data or b"")
    info.mtime = 1000000000
    for key, value in more.items():
        setattr(info, key, value)
    return info, io.BytesIO(data or b"")


def link(name, target, kind=tarfile.SYMTYPE):
    return entry(name, kind=kind, mode=0o777, linkname=target)


def tar(entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info, data in entries:
            archive.addfile(info, data if info.isreg() else None)
    return out.getvalue()


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def compress(data, how):
    if how == "gzip":
        return gzip.compress(data, mtime=0)
    if how == "zstd":
        return subprocess.run(["zstd", "-q"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


class Layout:
    def __init__(self, path):
        self.path = path
        os.makedirs(path + "/blobs/sha256")
        self.write("oci-layout", {"imageLayoutVersion": "1.0.0"})

    def write(self, name, content):
        with open(f"{self.path}/{name}", "wb") as f:
            f.write(content if isinstance(content, bytes) else json.dumps(content).encode())

    def blob(self, content, kind, **more):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.write("blobs/sha256/" + sha256(data)[7:], data)
        return {"mediaType": kind, "digest": sha256(data), "size": len(data), **more}

    def image(self, layers, platform, change=lambda config, manifest: None, **more):
        """layers: pairs of a tar archive and a compression"""
        os_name, arch = platform.split("/")
        described = [self.blob(compress(data, how),
                               OCI + "layer.v1.tar" + ("+" + how if how else ""))
                     for data, how in layers]
        config = {"os": os_name, "architecture": arch, "config": {"Cmd": ["/bin/sh"]},
                  "rootfs": {"type": "layers", "diff_ids": [sha256(data) for data, how in layers]}}
        manifest = {"schemaVersion": 2, "layers": described}
        change(config, manifest)
        manifest["config"] = self.blob(config, OCI + "config.v1+json")
        return self.blob(manifest, OCI + "manifest.v1+json",
                         platform={"os": os_name, "architecture": arch}, **more)

    def index(self, manifests):
        self.write("index.json", {"schemaVersion": 2, "manifests": manifests})


def layers():
    """Three layers; the file "expected" of test-oci-in.sh lists the files that result from them."""
    label = {"SCHILY.xattr.user.lower": "x"}
    return [tar([
        entry("./"),
        entry("etc/", mode=0o700, pax_headers=label),
        entry("etc/kept", b"kept\n", uid=10, gid=20),
        entry("etc/deleted", b"deleted\n"),
        entry("etc/replaced", b"old\n"),
        entry("etc/first", b"linked\n"),
        entry("opaque/"),
        entry("opaque/old", b"old\n"),
        entry("opaque/dir/"),
        entry("opaque/dir/old", b"old\n"),
        entry("tree/"),
        entry("tree/sub/"),
        entry("tree/sub/file", b"x\n"),
        entry("again/"),
        entry("again/old", b"old\n"),
        entry("dir-to-file/"),
        entry("dir-to-file/x", b"x\n"),
        entry("file-to-dir", b"x\n"),
        link("link-to-dir", "etc"),
        link("kept-link", "etc"),
        entry("usr/"),
        entry("usr/bin/"),
        link("bin", "usr/bin"),
    ]), tar([
        entry("etc/", mode=0o755),
        entry("etc/.wh.deleted", b""),
        entry("etc/.wh.never-there", b""),
        entry("none/.wh.no-parent", b""),
        entry("etc/replaced", b"new\n"),
        link("etc/second", "etc/first", tarfile.LNKTYPE),
        # New files stay, although the marker and the whiteout come after them.
        entry("opaque/"),
        entry("opaque/dir/"),
        entry("opaque/dir/new", b"new\n"),
        entry("opaque/.wh..wh..opq", b""),
        entry("again/"),
        entry("again/new", b"new\n"),
        entry(".wh.again", b""),
        entry(".wh.tree", b""),
        entry("dir-to-file", b"file\n"),
        entry("file-to-dir/"),
        entry("file-to-dir/y", b"y\n"),
        entry("link-to-dir/"),
        entry("link-to-dir/z", b"z\n"),
        entry("bin/tool", b"tool\n", mode=0o755),
        entry(".wh..wh.plnk", b""),
    ]), tar([
        # The parent was deleted by the layer before.
        entry("tree/back", b"back\n"),
        entry("kept-link/via", b"via\n"),
        entry(".wh.link-to-dir/", mode=0o755),
        entry("usr/.wh..wh..opq", b""),
    ])]


def layout(path):
    out = Layout(path)
    packed = list(zip(layers(), ["", "gzip", "zstd"]))
    amd64 = out.image(packed, "linux/amd64")
    arm64 = out.image([(tar([entry("arm", b"arm\n")]), "gzip")], "linux/arm64")
    attested = out.image([(tar([]), "")], "linux/amd64")
    attested["platform"] = {"os": "unknown", "architecture": "unknown"}
    nested = out.blob({"schemaVersion": 2, "manifests": [amd64, arm64, attested]},
                      OCI + "index.v1+json", annotations={NAME: "latest"})
    out.index([nested])


def flat(path):
    out = Layout(path)
    out.index([out.image(list(zip(layers(), ["", "gzip", "gzip"])), "linux/amd64",
                         annotations={NAME: "latest"})])


def docker(path):
    """A layer that occurs twice is a symbolic link the second time."""
    same, *rest = layers()
    config = json.dumps({"os": "linux", "architecture": "amd64", "rootfs": {
        "diff_ids": [sha256(data) for data in [same, same, *rest]]}}).encode()
    name = sha256(config)[7:] + ".json"
    names = ["a/layer.tar", "b/layer.tar", "c/layer.tar", "d/layer.tar"]
    manifest = [{"Config": name, "RepoTags": ["example:1", "example:2"], "Layers": names}]
    with open(path, "wb") as f:
        f.write(tar([
            entry("a/"), entry("a/layer.tar", same), link("b/layer.tar", "../a/layer.tar"),
            entry("c/layer.tar", rest[0]), entry("d/layer.tar", rest[1]), entry(name, config),
            entry("manifest.json", json.dumps(manifest).encode()),
        ]))


def names(path):
    out = Layout(path)
    out.index([out.image([(tar([entry(tag, b"x")]), "")], "linux/amd64", annotations={NAME: tag})
               for tag in ["one", "two"]])


def hostile(path):
    out = Layout(path)
    lower = tar([
        link("out", "../../../.."),
        link("abs", "/"),
        entry("good", b"good\n"),
    ])
    upper = tar([
        entry("../dotdot", b"evil"),
        entry("/absolute", b"evil"),
        entry("out/via-link", b"evil"),
        link("hard", "../secret", tarfile.LNKTYPE),
        entry("../.wh.secret", b""),
        entry("a/../../.wh.secret", b""),
        entry("out/.wh.secret", b""),
        entry("abs/.wh.secret", b""),
        entry(".wh..", b""),
        entry(".wh...", b""),
        entry(".wh.", b""),
        entry("out/.wh..wh..opq/../../.wh.secret", b""),
    ])
    out.index([out.image([(lower, ""), (upper, "")], "linux/amd64")])


def damaged(path):
    def make(name, change=lambda config, manifest: None):
        out = Layout(f"{path}/{name}")
        out.index([out.image([(tar([entry("first", b"x")]), ""), (layers()[0], "gzip")],
                             "linux/amd64", change)])
        with open(f"{out.path}/index.json", encoding="utf-8") as f:
            manifest = f"{out.path}/blobs/sha256/" + json.load(f)["manifests"][0]["digest"][7:]
        with open(manifest, encoding="utf-8") as f:
            layer = f"{out.path}/blobs/sha256/" + json.load(f)["layers"][1]["digest"][7:]
        return out, manifest, layer

    os.mkdir(path)
    out, manifest, layer = make("digest")
    with open(layer, "r+b") as f:
        f.seek(9)	# the byte of gzip's header that names the operating system
        f.write(b"\1")
    out, manifest, layer = make("stream")
    with open(layer, "r+b") as f:
        f.seek(100)
        f.write(b"\0" * 50)
    out, manifest, layer = make("size")
    with open(layer, "ab") as f:
        f.write(b"more")
    out, manifest, layer = make("missing")
    os.remove(layer)
    out, manifest, layer = make("link")
    os.rename(layer, path + "/outside")
    os.symlink(os.path.abspath(path + "/outside"), layer)
    out, manifest, layer = make("fifo")
    os.remove(layer)
    os.mkfifo(layer)
    out, manifest, layer = make("manifest")
    with open(manifest, "r+b") as f:
        f.write(b"[")
    make("diff", lambda config, manifest:
         config["rootfs"]["diff_ids"].__setitem__(1, "sha256:" + "0" * 64))
    make("count", lambda config, manifest: config["rootfs"]["diff_ids"].pop())
    make("config", lambda config, manifest: config.pop("rootfs"))
    make("escape", lambda config, manifest:
         manifest["layers"][1].__setitem__("digest", "sha256:../../../outside"))
    make("type", lambda config, manifest:
         manifest["layers"][1].__setitem__("mediaType", OCI + "layer.v1.tar+encrypted"))
    for name, text in [("json", b'{"manifests": [}'), ("cut", b'{"manifests": ['), ("empty", b""),
                       ("deep", b"[" * 100), ("number", b"1"), ("none", b'{"manifests": []}')]:
        out, manifest, layer = make(name)
        out.write("index.json", text)
    out, manifest, layer = make("loop")
    for _ in range(8):
        with open(out.path + "/index.json", "rb") as f:
            out.index([out.blob(f.read(), OCI + "index.v1+json")])
    shutil.copytree(path + "/none", path + "/no-index")
    os.remove(path + "/no-index/index.json")


{"layout": layout, "flat": flat, "docker": docker, "names": names, "hostile": hostile,
 "damaged": damaged}[sys.argv[1]](sys.argv[2])
