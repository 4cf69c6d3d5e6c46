#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# LUKS2 volumes whose sectors have authentication tags are read and written.  A changed byte
# makes a sector unreadable, never different.
. "${0%/*}/lib-tags.sh"

printf 'right words' >key
printf 'wrong words' >wrong
mkdir -p tree/files
echo "inside of the volume" >tree/name
for i in $(seq 40); do head -c 60000 /dev/urandom >"tree/files/$i"; done
echo new >new

# fill IMAGE: an ext4 of the size of the volume
fill() {
	rm -f plain.img
	run mke2fs -q -t ext4 -b 4096 -d tree plain.img "$(($(data_bytes "$1") / 1024))K"
	program image/plain --write "$1" key luks <plain.img
}
while read -r bits cipher type tag sector; do
	tagged luks.img "$bits" "$cipher" "$type" "$tag" "$sector"
	fill luks.img
	sha256sum luks.img >sums
	run anyfs cat --key file:key luks.img /name | expect "inside of the volume"
	program image/plain luks.img key >got
	same got plain.img
	refused 4 "keyslots tried: 0" anyfs cat --key file:wrong luks.img /name
	run sha256sum -c --quiet sums
	# The changes are in the volume when it was closed, and in it only.
	run anyfs put --key file:key luks.img new /
	run anyfs cat --key file:key luks.img /new | expect new
	program image/plain luks.img key >got
	run e2fsck -fn got >/dev/null
	! grep -qF "inside of the volume" luks.img || fail "$cipher: the data is not encrypted"
	! grep -qF "inside of the volume" plain.img && fail "the file system has no such file"
done <<-END
	256 aes-gcm-random aead 28 512
	256 aes-gcm-random aead 28 4096
	512 aes-xts-random hmac(sha256) 48 512
	512 aes-xts-plain64 hmac(sha256) 32 4096
	256 chacha20-random poly1305 28 512
END

# Damaged sectors, after the tags and the table of inodes.
run "${0%/*}/flip-bytes.py" luks.img $((area + 2500000)) 100000
errors=0
for i in $(seq 40); do
	if anyfs cat --key file:key luks.img "/files/$i" >got 2>err; then
		same got "tree/files/$i"
	else
		grep -q 'Input/output error' err || fail "another error: $(cat err)"
		errors=$((errors + 1))
	fi
done
[ $errors -gt 5 ] || fail "only $errors of 40 files lie in damaged sectors"
[ $errors -lt 40 ] || fail "no file is readable"

# Headers that do not fit.
tagged luks.img 256 aes-gcm-random aead 28 512
cp luks.img damaged.img
dd if=/dev/zero of=damaged.img bs=1 seek=$area count=8 conv=notrunc status=none
refuse "its superblock of dm-integrity, with the authentication tags, is damaged" \
	anyfs cat --key file:key damaged.img /name
cp luks.img short.img
truncate -s 6M short.img
refuse "with dm-integrity: Invalid argument" anyfs cat --key file:key short.img /name
truncate -s $area short.img
refuse "truncated" anyfs cat --key file:key short.img /name
# change STATEMENT TEXT
change() {
	cp luks.img other.img
	run "${0%/*}/edit-luks2.py" other.img "i = h['segments']['0']['integrity']; $1"
	refuse "$2" anyfs cat --key file:key other.img /name
}
change "i['type'] = 'rot13(sha256)'" "authentication tags (rot13(sha256)), which are not supported"
change "del i['type']" "authentication tags (of an unknown type), which are not supported"
change "i['type'] = 'hmac(sha256)'" "its superblock of dm-integrity"
change "i['journal_encryption'] = 'ctr(aes)'" "the journal of its authentication tags is encrypted"
change "h['segments']['0']['sector_size'] = 4096" "Block size"
