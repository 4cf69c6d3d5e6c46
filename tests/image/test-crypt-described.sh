#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Volumes whose content does not say how they are encrypted are opened as described: LUKS
# with a detached header, plain dm-crypt.  qemu-img encrypts.
. "${0%/*}/lib-crypt.sh"
requires qemu-img --version
requires cryptsetup --version

mkdir tree
echo inside >tree/name
image_ext4 tree plain.img 24M
printf 'right words' >key
printf 'wrong words' >wrong
# reads ARGUMENT...: anyfs cat finds the file
reads() { run anyfs cat "$@" /name | expect inside; }

luks_image plain.img whole.img
run cryptsetup luksDump -q --dump-volume-key --volume-key-file volume.key --key-file key \
	whole.img >/dev/null
payload=$(cryptsetup luksDump whole.img | sed -n 's/^Payload offset:[ \t]*//p')
tail -c +$((payload * 512 + 1)) whole.img >data.img
sha256sum data.img >sums

# Detached headers: LUKS1, whose payload offset becomes sector 0, and LUKS2.
head -c $((payload * 512)) whole.img >first.hdr
dd if=/dev/zero of=first.hdr bs=1 seek=104 count=4 conv=notrunc status=none
truncate -s 16M second.hdr
run cryptsetup luksFormat -q --type luks2 --header second.hdr --volume-key-file volume.key \
	--key-file key --cipher aes-xts-plain64 --key-size 512 --sector-size 512 \
	--pbkdf pbkdf2 --pbkdf-force-iterations 1000 data.img
sha256sum first.hdr second.hdr >>sums
for header in first.hdr second.hdr; do
	reads --key file:key --crypt luks,header=$header data.img
	reads --key /:file:key --crypt /:luks,header=$header data.img
	reads --key file:key --crypt "luks,header=$PWD/$header" data.img
	refused 4 "the key opens none" anyfs cat --key file:wrong --crypt luks,header=$header data.img /name
	refused 4 "no key was given" anyfs cat --crypt luks,header=$header data.img /name
	cp data.img w.img
	run anyfs put --key file:key --crypt luks,header=$header w.img key /
	run anyfs cat --key file:key --crypt luks,header=$header w.img /key | expect "right words"
done
refused 1 "No such file" anyfs cat --key file:key --crypt luks,header=gone data.img /name
refused 1 "LUKS2 header" anyfs cat --key file:key --crypt luks,header=plain.img data.img /name
refused 2 "--crypt: give" anyfs cat --key file:key --crypt /: data.img /name

# In a partition, beside a partition that is not encrypted.
truncate -s 64M disk.img
printf '2048,49152\n51200,49152\n' | run sfdisk -q disk.img
dd if=plain.img of=disk.img bs=1M seek=1 conv=notrunc status=none
dd if=data.img of=disk.img bs=1M seek=25 conv=notrunc status=none
run anyfs cat --key file:key --crypt /p2:luks,header=first.hdr disk.img /p1/name /p2/name |
	expect $'inside\ninside'

# A path of --crypt that leads to no volume is an error; otherwise the option would be ignored.
for path in /p3 /p1/name; do
	refused 1 "there is no volume $path" anyfs cat --key file:key --crypt $path:luks,header=first.hdr \
		disk.img ${path%/*}/name
done
refused 1 "the disk has partitions" anyfs cat --key file:key --crypt /:luks,header=first.hdr disk.img /p1/name
refused 1 "does not begin with one slash" anyfs cat --key file:key --crypt //p2:luks,header=first.hdr \
	disk.img /p1/name

# Plain dm-crypt: the key itself, or the hash of a passphrase.
options=plain,cipher=aes-xts-plain64,key-size=512
reads --key file:volume.key --crypt $options data.img
cat <(head -c 1M /dev/zero) data.img >later.img
reads --key file:volume.key --crypt $options,offset=1M later.img
refused 4 "the cipher needs 64" anyfs cat --key file:key --crypt $options data.img /name
refused 1 "no file system recognised" anyfs cat --key file:volume.key --crypt $options,offset=512 \
	data.img /name
refused 1 "needs a cipher" anyfs cat --key file:volume.key --crypt plain data.img /name
refused 1 "the hash \"md9\" is not known" anyfs cat --key file:key --crypt $options,hash=md9 data.img /name
refused 1 "the kernel cannot decrypt rot13-xts-plain64" anyfs cat --key file:volume.key \
	--crypt plain,cipher=rot13-xts-plain64,key-size=512 data.img /name
# To encrypt the data with the hash of the passphrase, make a LUKS1 volume whose volume key is
# this hash, and cut off its header.
sha512sum <key | cut -d' ' -f1 | python3 -c '
import sys
sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' >hashed.key
truncate -s 40M hashed.img
run cryptsetup luksFormat -q --type luks1 --volume-key-file hashed.key --key-file key \
	--cipher aes-xts-plain64 --key-size 512 --pbkdf-force-iterations 1000 --offset 4096 hashed.img
program image/plain --write hashed.img key <plain.img
tail -c +$((4096 * 512 + 1)) hashed.img >hashed-data.img
reads --key file:key --crypt $options,hash=sha512 hashed-data.img

run sha256sum -c --quiet sums
