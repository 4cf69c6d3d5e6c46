#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If an image has no file system, the message names its content and gives advice.  The
# images are made by the real programs if available, else from the signatures in the
# specifications of the formats.
. "${0%/*}/../lib.sh"

# named WORDS IMAGE: the messages of info, parts and ls contain WORDS.
named() {
	refuse "$2: no file system recognised; this is $1" anyfs ls "$2" /
	refuse "$2: no file system recognised; this is $1" anyfs parts "$2"
	refuse "$2: no file system recognised; this is $1" anyfs info "$2"
}
# bytes WORDS OFFSET BYTES: for 1 MiB of zeros with BYTES at OFFSET the message of ls has WORDS.
bytes() {
	rm -f bytes.img
	truncate -s 1M bytes.img
	printf '%b' "$3" | dd of=bytes.img bs=1 seek="$2" conv=notrunc status=none
	refuse "bytes.img: no file system recognised; this is $1" anyfs ls bytes.img /
}
# packed WORDS COMMAND: the output of COMMAND, if it is installed, is called WORDS.
packed() {
	local words=$1
	shift
	command -v "$1" >/dev/null || return 0
	"$@" <noise >packed.img 2>packed.log || fail "$*: $(cat packed.log)"
	named "$words" packed.img
}
head -c 100000 /dev/urandom >noise

packed 'a file compressed with lzip: unpack it first with lzip -d' lzip -c
packed 'a file compressed with lzop: unpack it first with lzop -d' lzop -c
packed 'a file compressed with lzma: unpack it first with xz -d' xz -c --format=lzma
ar -rc packed.img noise 2>/dev/null && named 'an ar archive: unpack it first' packed.img

bytes 'a VHD image whose footer is damaged' 0 conectix
bytes 'a DMG image: convert it with qemu-img' $(((1 << 20) - 512)) koly
bytes 'an Android super image' 4096 gDla
bytes 'a cpio archive: unpack it first with cpio -i' 0 070701
bytes 'a 7z archive: unpack it first' 0 '7z\xbc\xaf\x27\x1c'
bytes 'an image made by ntfsclone: restore it' 0 '\0ntfsclone-image'
bytes 'a page of HTML' 0 '<html><title>404</title>'

truncate -s 1M core.img
printf '\1\0\x10' | dd of=core.img bs=1 seek=8 conv=notrunc status=none
printf CS | dd of=core.img bs=1 seek=88 conv=notrunc status=none
refuse 'core.img: holds a FileVault2 volume (encrypted)' anyfs ls core.img

# A compressed file and a VMDK image in a partition are named, too.
scratch_image 40M
echo 'start=2048, size=16M' | sfdisk -q "$img" >sfdisk.log 2>&1
gzip -c noise | dd of="$img" bs=1M seek=1 conv=notrunc status=none
refuse '/p1: no file system recognised; this is a file compressed with gzip: open its range' anyfs ls "$img" /p1
printf KDMV | dd of="$img" bs=1M seek=1 conv=notrunc status=none
refuse '/p1: no file system recognised; this is a VMDK image: open its range' anyfs ls "$img" /p1
truncate -s 40M c.img
if cryptsetup --version >/dev/null 2>&1; then
	echo secret | cryptsetup -q luksFormat --type luks1 --pbkdf-force-iterations 1000 c.img -
	refuse 'c.img: holds a LUKS1 volume (encrypted)' anyfs ls c.img
	truncate -s 0 c.img
	truncate -s 40M c.img
	echo secret | cryptsetup -q luksFormat --pbkdf-force-iterations 4 --pbkdf-memory 32 c.img -
	refuse 'c.img: holds a LUKS2 volume (encrypted)' anyfs ls c.img
fi
# Random bytes get no name.
refuse 'noise: no file system recognised, name the type' anyfs ls noise

# A program followed by a squashfs, like an AppImage; and a truncated one.
requires mksquashfs -version
mkdir tree
echo hello >tree/file
head -c 100000 /dev/urandom >tree/noise
mksquashfs tree s.img -noappend -quiet -no-progress >mksquashfs.log
cat "$(type -P true)" s.img >app.img
at=$(stat -c %s "$(type -P true)")
named "an ELF program with a squashfs at offset $at: open that with --offset $at" app.img
head -c $((at + 50000)) app.img >cut.img
refuse 'cut.img: no file system recognised; this is an ELF program' anyfs ls cut.img
grep -q squashfs refuse.err && fail "a partial squashfs is offered: $(cat refuse.err)"
exit 0
