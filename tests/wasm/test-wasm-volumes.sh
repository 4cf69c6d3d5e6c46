#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The wasm kernel reads and writes LUKS volumes with a password and LVM2 groups, alone, inside
# each other and in partitions, with the paths of the native tools; wrong keys, damaged headers
# and missing members are different errors.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"
requires cryptsetup --version
requires sgdisk --version

make_unix_tree tree
printf 'right words' >key
image_ext4 tree plain.img 24M
luks_image plain.img one.img
run python3 "$here/../image/make-lvm.py" linear plain.img pv
luks_image pv pv.luks
run python3 "$here/../image/make-lvm.py" linear one.img lv-of-luks
run python3 "$here/../image/make-lvm.py" raid1 plain.img raid0 raid1

# disk NAME PARTITION...: a disk with a GPT of these partitions
disk() {
	local name=$1 file number=1 at=1 size
	shift
	truncate -s 300M "$name"
	for file; do
		size=$((($(stat -c %s "$file") + 1048575) / 1048576))
		run sgdisk -n "$number:${at}M:+${size}M" "$name" >/dev/null
		dd if="$file" of="$name" bs=1M seek=$at conv=notrunc,sparse status=none
		number=$((number + 1)) at=$((at + size))
	done
}

# Headers that cryptsetup makes for the data and the volume key of one.img.
run cryptsetup luksDump -q --dump-volume-key --volume-key-file volume.key --key-file key \
	one.img >/dev/null
payload=$(cryptsetup luksDump one.img | sed -n 's/^Payload offset:[ \t]*//p')
tail -c +$((payload * 512 + 1)) one.img >data
with_header() {
	local image=$1
	shift
	truncate -s $((16384 * 512 + $(stat -c %s data))) "$image"
	run cryptsetup luksFormat -q --volume-key-file volume.key --key-file key \
		--cipher aes-xts-plain64 --key-size 512 --offset 16384 "$@" "$image"
	dd if=data of="$image" bs=1M seek=8 conv=notrunc status=none
}
with_header sha512.img --type luks1 --pbkdf-force-iterations 1000 --hash sha512
with_header pbkdf2.img --type luks2 --sector-size 512 --pbkdf pbkdf2 \
	--pbkdf-force-iterations 1000 --hash sha256
with_header argon2id.img --type luks2 --sector-size 512 --pbkdf argon2id \
	--pbkdf-memory 32768 --pbkdf-force-iterations 4 --pbkdf-parallel 4
with_header argon2i.img --type luks2 --sector-size 512 --pbkdf argon2i \
	--pbkdf-memory 4099 --pbkdf-force-iterations 5 --pbkdf-parallel 3
disk all.img raid0 raid1 pv.luks one.img plain.img

compare() {
	local image=$1
	shift
	run anyfs info --key file:key --json "$image" >native
	wasm volumes.mjs "$image" native "$@"
}
sha256sum ./*.img pv pv.luks lv-of-luks >sums
for image in one.img sha512.img pbkdf2.img argon2id.img argon2i.img pv.luks; do
	compare "$image" /
done
compare pv
compare lv-of-luks /vol
compare all.img /p3 /p4

cp argon2id.img damaged.img
dd if=/dev/zero of=damaged.img bs=4096 seek=1 count=1 conv=notrunc status=none
dd if=/dev/zero of=damaged.img bs=4096 seek=5 count=1 conv=notrunc status=none
wasm volumes-errors.mjs damaged.img argon2id.img raid1
run sha256sum -c --quiet sums

# The journal of an encrypted file system is replayed in memory.
cp plain.img dirty.img
run debugfs -w -R 'feature needs_recovery' dirty.img 2>/dev/null
luks_image dirty.img dirty-luks.img
cp dirty-luks.img before
compare dirty-luks.img /
same dirty-luks.img before

cp argon2id.img written.img
wasm volumes-write.mjs written.img /new
run anyfs cat --key file:key written.img /new | expect "from wasm"
wasm volumes-write.mjs all.img /p1/vol/new /p3/vol/new /p4/new
for path in /p1/vol /p3/vol /p4; do
	run anyfs cat --key file:key all.img $path/new | expect "from wasm"
	run anyfs get --key file:key all.img $path/deep/big big
	same big tree/deep/big
done
