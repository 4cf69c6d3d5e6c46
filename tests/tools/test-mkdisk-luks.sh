#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# timeout: 300
# anyfs mkdisk makes encrypted partitions as an ordinary user.  cryptsetup and QEMU open them, the
# programs of the file systems find no error inside, and a failure leaves nothing behind.
. "${0%/*}/../lib.sh"
requires cryptsetup --version
requires qemu-img --version
requires sfdisk --version

printf 'right words\n' >key
printf 'other words' >other
fast=pbkdf-iterations=4:pbkdf-memory=64K:pbkdf-threads=1
uuid=6f8b3c1e-2d4a-4c5f-9e7b-a1b2c3d4e5f6
img=disk.img

# cut_part NR: write the partition to the file "part".
cut_part() {
	local start size
	sfdisk --dump $img >dump
	start=$(sed -n "s/^$img$1 : start= *\([0-9]*\).*/\1/p" dump)
	size=$(sed -n "s/^$img$1 :.* size= *\([0-9]*\).*/\1/p" dump)
	rm -f part
	dd if=$img of=part bs=512 skip="$start" count="$size" conv=sparse status=none
}
opens() { run cryptsetup open --test-passphrase --key-file "$1" part; }
has() { grep -q "$1" luks || fail "no \"$1\" in: $(cat luks)"; }
type_of() { sed -n "s/^$img$1 :.* type=\([^,]*\).*/\1/p" dump; }

echo "LUKS2 with all options:"
run anyfs mkdisk $img --size 300M --part efi:vfat:32M \
	--part "root:ext4:rest:label=rootfs:luks:luks-uuid=$uuid:luks-label=sealed:$fast:cipher=aes-xts-plain64:key-size=256:hash=sha512:fs-uuid=${uuid%6}7:options=-m 0" \
	--part data:none:40M:luks:$fast \
	--key /p2:file:key --key fd:3 3<other >out
expect "" <out
[ "$(stat -c %s $img)" -eq $((300 << 20)) ] || fail "size: $(stat -c %s $img)"
[ "$(stat -c %b $img)" -lt $((100 << 11)) ] || fail "the image is not sparse: $(stat -c %b $img)"
cut_part 2
type_of 2 | expect 4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709
run cryptsetup isLuks --type luks2 part
run cryptsetup luksDump part >luks
has "^UUID:.*$uuid"
has "^Label:.*sealed"
has "PBKDF: *argon2id"
has "Memory: *64"
has "offset: 16777216"
has "sector: 512"
has "cipher: aes-xts-plain64"
has "Key: *256 bits"
has "AF hash: *sha512"
opens key
! cryptsetup open --test-passphrase --key-file other part 2>/dev/null || fail "opened by another key"
run anyfs parts --key /p2:file:key $img | matches "rootfs *${uuid%6}7" || fail "no label or UUID"
echo hello | run anyfs put --key file:key $img - /p2/name
run anyfs cat --key file:key $img /p2/name | expect hello
run anyfs fsck --key file:key $img /p2
cut_part 3
type_of 3 | expect CA7D7CCB-63ED-4C53-861C-1742536059CC
opens other

echo "The file systems do not depend on zeros in parts that were not written:"
parts=()
for fs in ext2 ext4 xfs f2fs vfat swap ntfs; do
	parts+=(--part "$fs:$fs:320M:luks:$fast:label=l$fs")
done
rm $img
KEY="right words" run anyfs mkdisk $img --size 2400M "${parts[@]}" --key env:KEY
printf 'right words' >key
nr=0
for fs in ext2 ext4 xfs f2fs vfat swap ntfs; do
	nr=$((nr + 1))
	run anyfs label --key file:key $img /p$nr | expect l$fs
	[ $fs != swap ] || continue
	[ $fs = ntfs ] || run anyfs fsck --key file:key $img /p$nr >/dev/null
	echo $fs | run anyfs put --key file:key $img - /p$nr/name
	run anyfs cat --key file:key $img /p$nr/name | expect $fs
done

echo "LUKS1, in a dos table of a qcow2 image; QEMU decrypts it:"
run anyfs mkdisk disk.qcow2 --size 100M --table dos \
	--part boot:vfat:32M --part root:ext4:rest:luks=1:pbkdf-iterations=1000 --key file:key
run anyfs ls --key file:key disk.qcow2 /p2 | expect lost+found
rm $img
run qemu-img convert -O raw disk.qcow2 $img
cut_part 2
type_of 2 | expect e8
run cryptsetup isLuks --type luks1 part
opens key
rm -f plain
run qemu-img convert --object secret,id=k,file=key -O raw \
	--image-opts "driver=luks,key-secret=k,file.filename=part" plain
[ "$(stat -c %s plain)" -eq $(((100 - 1 - 32 - 2) << 20)) ] || fail "size: $(stat -c %s plain)"
run e2fsck -fn plain >/dev/null 2>&1

echo "Sectors of 4096 bytes:"
for fs in ext4 xfs vfat f2fs; do
	rm $img
	run anyfs mkdisk $img --size 340M --part a:$fs:rest:luks:luks-sector-size=4096:$fast --key file:key
	cut_part 1
	cryptsetup luksDump part >luks
	has "sector: 4096"
	echo $fs | run anyfs put --key file:key $img - /p1/name
	run anyfs cat --key file:key $img /p1/name | expect $fs
done

echo "Several keys: those with the path of the volume, else those without a path:"
printf 'third words' >third
for version in 1 2; do
	rm $img
	run anyfs mkdisk $img --size 100M --part a:ext4:50M:luks=$version:pbkdf-iterations=1000:pbkdf=pbkdf2:hash=sha512 \
		--part b:none:rest:luks=$version:pbkdf-iterations=1000:pbkdf=pbkdf2 \
		--key file:key --key /p2:file:other --key file:third
	cut_part 1
	for file in key third; do
		opens $file
		run anyfs ls --key file:$file $img /p1 | expect lost+found
	done
	! cryptsetup open --test-passphrase --key-file other part 2>/dev/null || fail "opened by another key"
	cut_part 2
	opens other
	! cryptsetup open --test-passphrase --key-file key part 2>/dev/null || fail "opened by another key"
done

echo "The key is not in the arguments of any program:"
requires strace -V
rm $img
run strace -f -qq -e trace=execve -s 4096 -v -o trace anyfs mkdisk -v $img --size 40M \
	--part a:ext4:rest:luks:$fast --key file:key --key file:third >log 2>&1
for command in luksFormat luksAddKey; do
	matches $command <trace || fail "no $command in: $(cat trace)"
done
! grep -q "right words\|third words" trace log || fail "a key: $(grep "words" trace log)"

echo "A password that is typed:"
terminal=$ANYFS_TOP/tests/image/with-terminal.py
# typed STATUS TEXT ANSWER...: the terminal shows TEXT
typed() {
	local want=$1 text=$2 code=0
	shift 2
	rm -f $img
	timeout 120 "$terminal" "$@" -- anyfs mkdisk $img --size 40M --part a:ext4:rest:luks:$fast >shown 2>&1 || code=$?
	[ $code -eq "$want" ] || fail "exit $code: $(cat shown)"
	grep -qF "$text" shown || fail "no \"$text\" in: $(cat shown)"
	! grep -q "right words" shown || fail "the password is on the screen"
	[ $code -eq 0 ] || [ ! -e $img ] || fail "an image was left"
}
typed 0 "New password for disk.img /p1: " "right words" "right words"
run anyfs ls --key file:key $img /p1 | expect lost+found
typed 2 "the two passwords for /p1 differ" "right words" "other words"
typed 2 "no key for the encrypted volume /p1" ""
typed 130 "New password" "^C"

echo "Progress and JSON:"
run anyfs mkdisk --json --progress-fd 3 $img --size 40M --part a:ext4:rest:luks:$fast \
	--key file:key >out 3>progress
python3 - <<'END' || fail "$(cat out progress)"
import json
out = json.load(open("out"))
lines = [json.loads(line) for line in open("progress")]
assert out["failed"] == [] and out["bytes"] > 16 << 20, out
assert [line for line in lines if "exit" in line] == lines[-1:], lines
assert lines[-1]["bytes"] == out["bytes"], lines
END

echo "Mistakes and failures:"
mistake() {
	local text=$1
	shift
	refuse "$text" anyfs mkdisk new.img "$@"
	[ ! -e new.img ] || fail "an image was left"
	find . -name '.anyfs*' | expect ""
}
enc=a:ext4:rest:luks:$fast
mistake "no key for the encrypted volume /p1|--key /p1:file:FILE" --size 40M --part $enc
mistake "no key for the encrypted volume /p1" --size 40M --part $enc --key /p2:file:key
mistake "no encrypted volume is made at /p2" --size 40M --part $enc --key /p1:file:key --key /p2:file:key
mistake "no encrypted volume is made" --size 40M --part a:ext4:rest --key file:key
for i in 1 2 3 4 5 6 7 8 9; do
	printf '%s' "$i" >"key$i"
	many+=(--key "file:key$i")
done
mistake "LUKS1 has 8 keyslots: there are more keys for /p1" --size 40M \
	--part a:ext4:rest:luks=1 "${many[@]}"
mistake "gone: No such file" --size 40M --part $enc --key file:gone
mistake "mkdisk does not mount and has no option --key-slot" --size 40M --part $enc --key-slot 1
mistake "luks=3|give luks, luks=1 or luks=2" --size 40M --part a:ext4:rest:luks=3 --key file:key
mistake "cipher needs an encrypted partition" --size 40M --part a:ext4:rest:cipher=x
mistake "pbkdf-memory needs luks=2" --size 40M --part a:ext4:rest:luks=1:pbkdf-memory=1M --key file:key
mistake "give a UUID" --size 40M --part a:ext4:rest:luks:luks-uuid=x --key file:key
mistake "key-size=100: give a multiple of 8" --size 40M --part a:ext4:rest:luks:key-size=100 --key file:key
mistake "give a number above 0" --size 40M --part a:ext4:rest:luks:pbkdf-time=0 --key file:key
mistake "argon2id, argon2i or pbkdf2" --size 40M --part a:ext4:rest:luks:pbkdf=x --key file:key
mistake "pbkdf=argon2id needs luks=2" --size 40M --part a:ext4:rest:luks=1:pbkdf=argon2id --key file:key
mistake "not for pbkdf2" --size 40M --part a:ext4:rest:luks:pbkdf=pbkdf2:pbkdf-memory=1M --key file:key
mistake "a size such as 512M" --size 40M --part a:ext4:rest:luks:pbkdf-memory=x --key file:key
mistake "512 or 4096" --size 40M --part a:ext4:rest:luks:luks-sector-size=1 --key file:key
mistake "exclude each other" --size 40M --part a:ext4:rest:luks:pbkdf-time=1:pbkdf-iterations=4 --key file:key
mistake "minix sets no sectors of 4096" --size 40M --part a:minix:rest:luks:luks-sector-size=4096 --key file:key
mistake "partition a: too small|16M" --size 20M --part a:ext4:10M:luks --key file:key
mistake "multiple of luks-sector-size" --size 40M --part a:ext4:20971008:luks:luks-sector-size=4096 --key file:key
mistake "partition a: cryptsetup: failed" --size 40M --part a:ext4:rest:luks:cipher=nothing --key file:key
mistake "partition a: the new encrypted volume cannot be opened: its key derivation needs 4 MiB|--kdf-memory" \
	--size 40M --part a:ext4:rest:luks:pbkdf-iterations=4:pbkdf-memory=4M --key file:key --kdf-memory 1M
mistake "partition a: mkfs.xfs: failed" --size 40M --part a:xfs:rest:luks:$fast --key file:key
mistake "partition a: mkfs.xfs: failed" --format qcow2 --size 40M --part a:xfs:rest:luks:$fast --key file:key
SOURCE_DATE_EPOCH=1700000000 mistake "--reproducible is not possible" --reproducible --size 40M \
	--part $enc --key file:key
SOURCE_DATE_EPOCH=1700000000 anyfs mkdisk new.img --size 40M --part $enc --key file:key 2>err
expect "anyfs: new.img: partition a is encrypted with random keys: in spite of SOURCE_DATE_EPOCH the image differs in each run" <err

echo "A signal while the volume is written:"
rm -f new.img
# mkfs.ntfs relies on zeros, so all of the volume is written.
anyfs mkdisk new.img --size 8G --part a:ntfs:rest:luks:$fast --key file:key >out 2>err &
pid=$!
is_written() { [ "$(stat -c %b new.img)" -gt $((64 << 11)) ]; }
wait_for is_written
kill -TERM $pid
code=0
wait $pid || code=$?
[ $code -eq 143 ] || fail "exit $code: $(cat err)"
[ ! -e new.img ] || fail "an image was left"
find . -name '.anyfs*' | expect ""
