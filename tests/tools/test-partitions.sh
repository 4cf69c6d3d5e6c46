#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A GPT disk is one namespace with /p1 (vfat) and /p2 (ext4), and anyfs parts lists
# both.
. "${0%/*}/../lib.sh"
mkdir -p efi/EFI/BOOT root/etc
echo boot >efi/EFI/BOOT/file.txt
echo "a long name" >"efi/A long File Name.text"
echo debian >root/etc/os
image_gpt efi root
cp "$img" before
run anyfs ls "$img" >out
printf 'p1\np2\n' | cmp - out || fail "root: $(cat out)"
run anyfs cat "$img" /p2/etc/os | expect debian
run anyfs cat "$img" /p1/EFI/BOOT/file.txt | expect boot
run anyfs cat "$img" "/p1/A long File Name.text" | expect "a long name"
run anyfs cat "$img" /p1/efi/boot/FILE.TXT /p2/etc/os | expect $'boot\ndebian'
run anyfs parts "$img" >out
run anyfs-lspart "$img" >lspart
same out lspart
grep -Eq '^/p1 .*vfat.*ANYFSTEST' out || fail "parts: $(cat out)"
grep -Eq '^/p2 .*ext4.*anyfs-test' out || fail "parts: $(cat out)"
run anyfs parts --json "$img" >out.json
python3 - <<'PYTHON'
import json
parts = json.load(open("out.json"))
parts = parts if isinstance(parts, list) else parts["partitions"]
by_path = {p["path"]: p for p in parts}
assert by_path["/p1"]["fstype"] == "vfat", parts
assert by_path["/p2"]["fstype"] == "ext4", parts
assert by_path["/p2"]["size"] == 32 << 20, parts
assert by_path["/p2"]["label"] == "anyfs-test", parts
PYTHON
same "$img" before
