#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs tree draws directories and partitions as a tree.  Its JSON has the entries of tree(1).
. "${0%/*}/../lib.sh"
mkdir -p tree/a/b small
echo x >tree/a/b/c
echo y >tree/a/.d
ln -s b/c tree/a/e
echo boot >small/boot
image_gpt small tree
anyfs tree "$img" | grep -v lost+found | expect "/
|-- p1
|   \`-- boot
\`-- p2
    |-- a
    |   |-- .d
    |   |-- b
    |   |   \`-- c
    |   \`-- e -> b/c

5 directories, 4 files"
anyfs tree -d -L 2 "$img" '/p2' | expect "/p2
|-- a
|   \`-- b
\`-- lost+found

3 directories"
refuse '-L 0' anyfs tree -L 0 "$img"
refuse '/p2/a/b/c|Not a directory' anyfs tree "$img" /p2/a/b/c

echo "JSON, compared with tree(1)."
requires tree --version
mkdir "small/$(printf 'n\xff')" small/empty
ln -s empty small/link
mkfifo small/fifo
image_ext4 small one.img
anyfs tree --json "$img" >ours
(cd small && tree -a -J . 2>/dev/null) >theirs
anyfs tree --json-lines "$img" >lines
anyfs tree --json -d "$img" >dirs
python3 - <<'END'
import json

def plain(entry):
    """Without what differs on purpose: names of types, replaced bytes, order, empty contents."""
    kind = {"link": "symlink"}.get(entry["type"], entry["type"])
    name = "n" if entry["name"][0] == "n" else entry["name"]
    inside = sorted(map(plain, entry.get("contents", [])))
    return (name, kind, entry.get("target", ""), inside)

def flat(entry, path=""):
    path = path + "/" + entry["name"] if path not in ("", "/") else path + entry["name"]
    rows = [(path, entry["type"], entry.get("target"))]
    for child in entry.get("contents", []):
        rows += flat(child, path)
    return rows

ours, report = json.load(open("ours"))
theirs = json.loads(open("theirs", errors="replace").read(), strict=False)
lost = [e for e in ours["contents"] if e["name"] == "lost+found"]
assert len(lost) == 1
rows = flat(ours)
ours["contents"].remove(lost[0])
assert plain(ours)[1:] == plain(theirs[0])[1:], (plain(ours), plain(theirs[0]))
kinds = [kind for _, kind, _ in rows[1:]]
assert report["directories"] == kinds.count("directory"), report
assert report["directories"] + report["files"] == len(kinds), report
odd = [e for e in ours["contents"] if "name_hex" in e]
assert [e["name_hex"] for e in odd] == ["6eff"], odd
lines = [json.loads(line) for line in open("lines")]
assert [(l["path"], l["type"], l.get("target")) for l in lines[:-1]] == rows, (lines, rows)
assert lines[-1] == report
only, count = json.load(open("dirs"))
assert {e["type"] for e in only["contents"]} == {"directory"} and "files" not in count
END
