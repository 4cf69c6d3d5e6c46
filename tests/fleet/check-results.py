# SPDX-License-Identifier: GPL-2.0
"""check-results.py LIST DIRECTORY SHARDS: each image has one line, of the right kind, and its output."""
import glob
import json
import os
import sys

images, directory, shards = open(sys.argv[1]).read().split(), sys.argv[2], int(sys.argv[3])
files = glob.glob(directory + "/results-*.jsonl")
assert len(files) == shards, files
rows = [json.loads(line) for name in files for line in open(name)]
assert sorted(r["image"] for r in rows) == sorted(images)
for r in rows:
    bad = "zeros" in r["image"] or "missing" in r["image"]
    assert r["status"] == ("failed" if bad else "ok"), r
    if not bad:
        assert "file\t6\t" in open(os.path.join(directory, r["output"])).read(), r
