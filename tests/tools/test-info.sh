#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs info shows the content and the free space of an image, and the features of
# this build.
. "${0%/*}/../lib.sh"
mkdir -p a b
echo one >a/file
echo two >b/file
image_gpt a b
run anyfs info "$img" >out
head -1 out | matches '50M, gpt$' || fail "$(cat out)"
grep -Eq '^/p1: vfat, 16M, [0-9.]+M of 1[0-9.]+M free, label ANYFSTEST$' out || fail "$(cat out)"
grep -Eq '^/p2: ext4, 32M, [0-9.]+M of [0-9.]+M free, label anyfs-test$' out || fail "$(cat out)"

run anyfs info --json "$img" >out.json
python3 - out.json <<-'END'
	import json, sys
	info = json.load(open(sys.argv[1]))
	assert info["table"] == "gpt" and info["size"] == 50 << 20, info
	root = info["partitions"][1]
	assert root["path"] == "/p2" and root["fstype"] == "ext4", root
	assert 0 < root["free"] < root["blocks"] < root["size"] / root["block_size"] + 1, root
	assert 0 < root["inodes_free"] < root["inodes"], root
END

run anyfs info --features --json >out.json
python3 - out.json <<-'END'
	import json, sys
	has = json.load(open(sys.argv[1]))
	wanted = {
	    "file_systems": "ext4 xfs btrfs vfat ocfs2 zonefs",
	    "options": "acl casefold encryption quota verity",
	    "partition_tables": "dos gpt mac sgi sun amiga ldm",
	    "dm_targets": "linear crypt integrity verity snapshot thin cache mirror raid striped zero error",
	    "md_levels": "linear raid0 raid1 raid4 raid5 raid6 raid10",
	    "ciphers": "aes serpent twofish camellia",
	    "modes": "xts cbc essiv adiantum",
	    "sums": "sha1 sha256 sha512 rmd160 wp512 crc32c",
	    "charsets": "utf8 cp437 cp932 iso8859-1 koi8-r macroman",
	}
	for key, names in wanted.items():
	    missing = set(names.split()) - set(has[key])
	    assert not missing, (key, missing)
END
run anyfs info --features >out
grep -q '^Linux 6\.12\.' out || fail "no version"
grep -Eq '^ .* xfs' out || fail "$(cat out)"

truncate -s 1M empty.img
refuse "no file system recognised" anyfs info empty.img

# parts and info show known content without files, and do not fail.
run anyfs mkfs --size 8M swap.img swap
requires cryptsetup --version
truncate -s 20M luks.img
echo key | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 luks.img -
for image in swap.img luks.img; do
	run anyfs parts $image >out
	anyfs info $image >out 2>err || fail "exit $?: $(cat err)"
	grep -Eq "^/: (swap|crypto_LUKS), " out || fail "$(cat out)"
	[ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
	run anyfs info --json $image >out.json
	python3 -c 'import json
v = json.load(open("out.json"))
assert v["failed"] == [] and len(v["notes"]) == 1, v'
done
