#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# In every verb, a message about a file of an image begins with "anyfs: IMAGE: PATH: ", and a
# message about a file of the host with "anyfs: PATH: ".  Messages about mistakes on the command
# line say how to correct them.
. "${0%/*}/../lib.sh"
mkdir -p tree/d
echo hello >tree/file
image_ext4 tree
at="anyfs: $img: "
for verb in ls stat hash cat getfattr rm; do
	refuse "$at/missing: No such file or directory" anyfs $verb "$img" /missing
done
refuse "$at/d: " anyfs mkdir "$img" /d
refuse "$at/missing: " anyfs chmod "$img" 600 /missing
refuse "$at/missing: " anyfs chown "$img" 0 /missing
refuse "$at/d: size not set: Is a directory" anyfs truncate -s 5 "$img" /d
refuse "$at/missing: " anyfs mv "$img" /missing /other
refuse "$at/missing: " anyfs get "$img" /missing out
refuse "$at/missing" anyfs tar-out "$img" /missing
refuse "$at/d: not removed: it is a directory" anyfs rm "$img" /d
refuse "$at/file: user.none: " anyfs getfattr -n user.none "$img" /file
refuse "anyfs: missing: " anyfs put "$img" missing /
refuse "anyfs: no.img: " anyfs ls no.img

# Mistyped verbs; "VERB --help" and "help VERB" print the same.
refuse 'no verb "lss"; did you mean "ls"?' anyfs lss "$img"
refuse 'no verb "chwon"; did you mean "chown"?' anyfs chwon "$img"
refuse 'no verb "list-everything"; see' anyfs list-everything "$img"
for verb in ls tar-in mkfs; do
	anyfs $verb --help >by-option
	run anyfs help $verb | cmp - by-option || fail "help $verb is not $verb --help"
done
run anyfs help | cmp - <(anyfs --help) || fail "help is not --help"
refuse 'no verb "lss"' anyfs help lss

# mkfs: the position of options, and common names of types.
refuse "options of the program that makes the file system go after --" anyfs mkfs "$img" ext4 -L x
for option in --overlay --fstype --key --key-slot --kdf-memory --kdf-seconds --crypt; do
	refuse "mkfs does not mount and has no option $option" anyfs mkfs $option x "$img" ext4
	if anyfs mkfs --help | matches -- $option; then fail "mkfs --help lists $option"; fi
done
refuse "has no option --key|cryptsetup" anyfs mkfs --key file:key "$img" ext4
for option in --overlay --fstype --key-slot --crypt; do
	refuse "mkdisk does not mount and has no option $option" anyfs mkdisk $option x new.img 8M
done
refuse "mkfs does not mount and has no option --force-write" anyfs mkfs --force-write "$img" ext4
run anyfs mkfs --size 8M swap.img swap -- -L swapname
anyfs parts swap.img | matches "swap  *swapname" || fail "no swap: $(anyfs parts swap.img)"
run anyfs mkfs --size 64M fat.img fat32 >/dev/null
[ "$(dd if=fat.img bs=1 skip=82 count=5 status=none)" = FAT32 ] || fail "not FAT32"
