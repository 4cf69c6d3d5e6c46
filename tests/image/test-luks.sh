#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files in LUKS volumes are read and written without root and without the host's
# device mapper.  qemu-img encrypts and decrypts, and cryptsetup makes more LUKS1
# and LUKS2 headers.
. "${0%/*}/lib-crypt.sh"
requires qemu-img --version
requires cryptsetup --version

mkdir -p tree/etc
echo inside >tree/etc/name
image_ext4 tree plain.img 24M
printf 'right words' >key
printf 'wrong words' >wrong

# qemu_plain IN OUT: decrypt IN, the reverse of luks_image
qemu_plain() {
	run qemu-img convert --object secret,id=k,file=key -O raw \
		--image-opts "driver=luks,key-secret=k,file.filename=$1" "$2"
}

luks_image plain.img one.img
sha256sum one.img >sums
run anyfs cat --key file:key one.img /etc/name | expect inside
KEY='right words' run anyfs cat --key env:KEY one.img /etc/name | expect inside
run anyfs cat --key fd:0 one.img /etc/name <key | expect inside
run anyfs ls --key file:wrong --key file:key one.img /etc | expect name
run anyfs ls --key /p3:file:wrong --key /:file:key one.img /etc | expect name
refused 4 "no key was given; use --key" anyfs ls one.img /

# A volume without a file system: the key was right.
truncate -s 4M none.img
luks_image none.img empty.img
opened='no file system recognised|the key is right, and the encrypted volume was opened'
refuse "empty.img: $opened" anyfs ls --key file:key empty.img /
for verb in parts info; do
	anyfs $verb --key file:key empty.img >out 2>err || fail "exit $?: $(cat err)"
	matches crypto_LUKS <out || fail "no row"
	expect "anyfs: empty.img: no file system recognised, name the type if you know it; ${opened#*|}" <err
done

# A key for a partition that does not exist.
truncate -s 40M parts.img
echo 'start=2048' | sfdisk -q parts.img >sfdisk.log 2>&1
dd if=one.img of=parts.img bs=1M seek=1 conv=notrunc,sparse status=none
run anyfs cat --key /p1:file:key parts.img /p1/etc/name | expect inside
refuse "parts.img: there is no volume /p9, for which a key was given" \
	anyfs parts --key /p9:file:key parts.img
refuse 'encrypted volume (crypto_LUKS)|cryptsetup open|destroy the volume' anyfs mkfs one.img ext4
refused 4 "the key opens none of the keyslots tried: 0" anyfs cat --key file:wrong one.img /x
refuse "--key" anyfs ls --key words one.img
refuse "No such file" anyfs ls --key file:gone one.img
# A key that is too long, in a file or from a descriptor, is refused and not truncated.
head -c 8388609 /dev/zero >long
refused 2 "--key: long: a key has at most 8 MiB" anyfs ls --key file:long one.img
refused 2 "--key: descriptor 3: a key has at most 8 MiB" anyfs ls --key fd:3 one.img 3<long
head -c 8388608 long >longest
refused 4 "opens none of the keyslots" anyfs ls --key file:longest one.img /
run anyfs parts one.img >listed
grep -q crypto_LUKS listed || fail "a locked volume is not listed as one"
run anyfs parts --key file:key one.img >listed
grep -q ' ext4 ' listed || fail "an unlocked volume is not listed with its content"

# Headers of LUKS1 and LUKS2 that cryptsetup makes for the same data and volume key.
run cryptsetup luksDump -q --dump-volume-key --volume-key-file volume.key --key-file key \
	one.img >/dev/null
payload=$(cryptsetup luksDump one.img | sed -n 's/^Payload offset:[ \t]*//p')
tail -c +$((payload * 512 + 1)) one.img >data
# with_header IMAGE OPTIONS...
with_header() {
	local image=$1
	shift
	truncate -s $((16384 * 512 + $(stat -c %s data))) "$image"
	run cryptsetup luksFormat -q --volume-key-file volume.key --key-file key \
		--cipher aes-xts-plain64 --key-size 512 --offset 16384 "$@" "$image"
	dd if=data of="$image" bs=1M seek=8 conv=notrunc status=none
}
with_header first.img --type luks1 --pbkdf-force-iterations 1000 --hash sha512
run anyfs cat --key file:key first.img /etc/name | expect inside
with_header second.img --type luks2 --sector-size 512 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --hash sha256
run anyfs cat --key file:key second.img /etc/name | expect inside
with_header two.img --type luks2 --sector-size 512 --pbkdf argon2id --pbkdf-memory 32768 \
	--pbkdf-force-iterations 4 --pbkdf-parallel 4
run anyfs cat --key file:key two.img /etc/name | expect inside
refused 4 "keyslots tried: 0" anyfs cat --key file:wrong two.img /etc/name

# --key may name a keyslot; key derivation has a memory limit.
run cryptsetup luksAddKey -q --key-file key --new-key-slot 5 --pbkdf pbkdf2 \
	--pbkdf-force-iterations 1000 two.img wrong
run anyfs cat --key file:wrong two.img /etc/name | expect inside
run anyfs cat --key file:wrong --key-slot 5 two.img /etc/name | expect inside
refused 4 "keyslots tried: 0" anyfs cat --key file:wrong --key-slot 0 two.img /etc/name
refused 4 "there is no keyslot 7 in use" anyfs cat --key file:key --key-slot 7 two.img /x
refuse "needs 32 MiB of memory, more than the limit of 16 MiB (--kdf-memory)" \
	anyfs cat --key file:key --key-slot 0 --kdf-memory 16M two.img /etc/name
run anyfs cat --key file:key --kdf-memory 32M --kdf-seconds 1000 two.img /etc/name | expect inside
refuse "--kdf-memory 1" anyfs cat --key file:key --kdf-memory 1 two.img /etc/name
refuse "--kdf-seconds 0" anyfs cat --key file:key --kdf-seconds 0 two.img /etc/name
refuse "--key-slot first" anyfs cat --key file:key --key-slot first two.img /etc/name

# All given keys are tried.
run anyfs cat --key file:wrong --key file:wrong --key file:wrong --key file:key one.img \
	/etc/name | expect inside

# An encrypted volume in an image of another format.
for format in qcow2 vdi; do
	run qemu-img convert -f raw -O $format one.img one.$format
	run anyfs cat --key file:key --format $format one.$format /etc/name | expect inside
	run anyfs cat --key file:key one.$format /etc/name | expect inside
done
refused 4 "no key was given" anyfs ls --format qcow2 one.qcow2 /
run anyfs put --key file:key --overlay changes one.qcow2 key /etc
run anyfs cat --key file:key --overlay changes one.qcow2 /etc/key | expect "right words"

# If the first header is damaged the second one is used; if both are, the volume is refused.
cp two.img damaged.img
dd if=/dev/zero of=damaged.img bs=4096 seek=1 count=1 conv=notrunc status=none
run anyfs cat --key file:key damaged.img /etc/name | expect inside
dd if=/dev/zero of=damaged.img bs=4096 seek=5 count=1 conv=notrunc status=none
refuse "both copies of its LUKS2 header are damaged" \
	anyfs cat --key file:key damaged.img /etc/name

# QEMU sees the written files, and the file system is clean.
echo new >file
for img in one.img two.img; do
	cp $img w.img
	run anyfs put --key file:key w.img file /etc
	run anyfs cat --key file:key w.img /etc/file | expect new
done
cp one.img w.img
run anyfs put --key file:key w.img file /etc
qemu_plain w.img w.raw
run e2fsck -fn w.raw >/dev/null
debugfs -R 'cat /etc/file' w.raw 2>/dev/null | expect new

# The journal of an encrypted ext4 is replayed into memory.
cp plain.img dirty.img
run debugfs -w -R 'feature needs_recovery' dirty.img 2>/dev/null
luks_image dirty.img dirty-luks.img
sha256sum dirty-luks.img >>sums
run anyfs cat --key file:key dirty-luks.img /etc/name 2>notes | expect inside

run sha256sum -c --quiet sums
