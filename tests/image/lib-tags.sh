# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions of the tests of LUKS2 volumes with authentication tags:
#
#	tagged IMAGE BITS CIPHER TYPE TAG SECTOR	make a volume with the passphrase in the file "key":
#			BITS of the volume key, TAG and SECTOR in bytes.  The image has $size bytes (16M).
#			Sectors of data are readable only after they were written.
#	set_tags IMAGE CIPHER TYPE SECTOR	describe such a volume in the header of IMAGE
#	data_bytes IMAGE	bytes of the decrypted volume
. "${BASH_SOURCE[0]%/*}/lib-crypt.sh"
requires cryptsetup --version

# cryptsetup itself can make such a volume only with the host's device mapper.
set_tags() {
	run "${0%/*}/edit-luks2.py" "$1" "h['segments']['0'].update(encryption='$2',
		sector_size=$4, integrity={'type': '$3', 'journal_encryption': 'none',
		'journal_integrity': 'none'})"
}

area=$((4 << 20))	# offset of dm-integrity, after the header
tagged() {
	local image=$1 bits=$2 cipher=$3 type=$4 tag=$5 sector=$6
	[ -f "$bits.hdr" ] || {
		truncate -s "${size:-16M}" "$bits.hdr"
		run cryptsetup luksFormat -q --type luks2 --key-file key --cipher aes-xts-plain64 \
			--key-size "$bits" --sector-size 512 --offset $((area / 512)) \
			--luks2-metadata-size 16k --luks2-keyslots-size 2m --pbkdf pbkdf2 \
			--pbkdf-force-iterations 1000 "$bits.hdr"
	}
	cp "$bits.hdr" "$image"
	set_tags "$image" "$cipher" "$type" "$sector"
	run program image/format-tags "$image" $area "$tag" "$sector"
}
data_bytes() { echo $(($(od -An -tu8 -j $((area + 16)) -N8 "$1") * 512)); }
