#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Two workers of anyfs scan give each of 1,000 images exactly one result, although some images are
# damaged, three servers never answer, and both workers are killed and run again.
. "${0%/*}/../fleet/lib-fleet.sh"
mkdir tree images
echo hello >tree/file
image_ext4 tree good.img 4M
# Damaged copies: a random byte in each of 200 places of the metadata.
python3 - <<'END'
import os, random
rng = random.Random(1)
good = open("good.img", "rb").read()
head = good[:1 << 20]
for i in range(1000):
    name = f"images/{i:04}.img"
    if i % 25 == 3:
        data = bytearray(head)
        for _ in range(200):
            data[rng.randrange(1024, len(data))] = rng.randrange(256)
        with open(name, "wb") as f:
            f.write(data)
            f.truncate(len(good))
    elif i % 100 == 7:
        open(name, "wb").write(rng.randbytes(rng.randrange(5000)))
    else:
        os.link("good.img", name)
END
ls images/* >list
silent_server
for i in 1 2 3; do echo "http://$silent/$i.img" >>list; done

worker() {
	exec anyfs scan --list list --do hash --out out --jobs 2 --time-limit 20 --shard "$1/2" 2>/dev/null
}
done_now() { cat out/results-*.jsonl 2>/dev/null | wc -l; }
has_done() { [ "$(done_now)" -ge "$1" ]; }

echo "Kill both workers in the middle."
worker 1 >/dev/null & one=$!
worker 2 >/dev/null & two=$!
wait_for has_done 100
kill -9 $one $two
{ wait $one || true; wait $two || true; } 2>/dev/null
before=$(done_now)
[ "$before" -lt 1003 ] || fail "all was done before the kill"

echo "$before images done; the same commands do the rest."
(worker 1) >output.1 & one=$!
(worker 2) >output.2 & two=$!
wait $one || true
wait $two || true
cat output.*
python3 - <<'END'
import collections, glob, json, os
rows = [json.loads(line) for name in glob.glob("out/results-*.jsonl") for line in open(name)]
names = [r["image"] for r in rows]
assert sorted(names) == sorted(open("list").read().split()), (len(names), len(set(names)))
kinds = collections.Counter()
for r in rows:
    number = int(r["image"][7:11]) if r["image"].startswith("images/") else -1
    kinds[r["status"]] += 1
    if number < 0:
        assert r["status"] == "time-out", r
    elif number % 25 == 3:
        pass                            # damaged: any status is right
    elif number % 100 == 7:
        assert r["status"] == "failed" and r["errors"], r
    else:
        assert r["status"] == "ok", r
        assert "file\t6\t" in open(os.path.join("out", r["output"])).read(), r
print(dict(kinds))
END
[ -z "$(find out -name '*.part')" ] || fail "unfinished files"
