#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An overlay file that does not fit the image, and a file that is not an overlay, are
# refused with the reason.
. "${0%/*}/../lib.sh"
mkdir root
echo original >root/old
image_ext4 root one.img
image_ext4 root two.img
image_ext4 root large.img 48M
program overlay/change -o good.ovl one.img 0

refuse "no such overlay" anyfs cat --overlay none.ovl one.img /old
[ ! -e none.ovl ] || fail "reading made an overlay"
touch -r one.img two.img
refuse "good.ovl|another image|use a new overlay" anyfs cat --overlay good.ovl two.img /old
refuse "good.ovl|another size" anyfs cat --overlay good.ovl large.img /old
refuse "is the image itself" anyfs cat --overlay one.img one.img /old
cp one.img copy.ovl
refuse "is not an overlay" anyfs cat --overlay copy.ovl one.img /old
: >empty.ovl
refuse "is empty" anyfs cat --overlay empty.ovl one.img /old
printf AnyfsOvl >short.ovl
refuse "is not an overlay" anyfs cat --overlay short.ovl one.img /old
mkfifo pipe.ovl
refuse "regular file" anyfs cat --overlay pipe.ovl one.img /old
refuse "regular file" anyfs cat --overlay root one.img /old
refuse "a value" anyfs cat one.img /old --overlay

# A verb that would write to the image although an overlay is given is refused.
cp one.img before.img
refuse "mkfs|no option --overlay" anyfs mkfs --force --overlay good.ovl one.img ext4
same one.img before.img

# Damaged overlays.
cp good.ovl cut.ovl
truncate -s -512 cut.ovl
refuse "truncated" anyfs cat --overlay cut.ovl one.img /old
for byte in 8 12 16 24 32 40 52 56 64; do
	cp good.ovl bad.ovl
	old=$(od -An -tu1 -j "$byte" -N 1 good.ovl)
	printf '%b' "\\0$(printf %o $((old ^ 255)))" |
		dd of=bad.ovl bs=1 seek="$byte" conv=notrunc status=none
	refuse "bad.ovl" anyfs cat --overlay bad.ovl one.img /old
done

# The image was changed after the overlay was made, so the two no longer match.
run anyfs cat --overlay good.ovl one.img /old | expect changed
touch -d @1700000000 one.img
refuse "was changed|touch -d" anyfs cat --overlay good.ovl one.img /old
touch -d "$(sed 's/.*touch -d \(@[0-9.]*\).*/\1/' refuse.err)" one.img
run anyfs cat --overlay good.ovl one.img /old | expect changed
