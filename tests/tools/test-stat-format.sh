#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# stat --format prints the directives of GNU stat.
. "${0%/*}/../lib.sh"
mkdir -p tree/dir
echo text >tree/file
ln -s file tree/link
chmod 4755 tree/file
touch -d '2020-02-29 12:34:56.789' tree/file tree/dir
touch tree/empty
image_ext4 tree
for path in file dir link empty; do
	for format in '%a %A %F' '%n' '%h' '%Y' '%y' '[%10s]' '[%-10s]' '%%'; do
		[ $path != dir ] || [ "${format#*s}" = "$format" ] || continue
		[ $path != link ] || [ "${format#*[yY]}" = "$format" ] || continue
		want=$(cd tree && stat -c "$format" $path)
		got=$(cd tree && anyfs stat -c "$format" "$img" $path)
		[ "${got%.*}" = "${want%.*}" ] || fail "$format of $path: $got, not $want"
	done
done
anyfs stat -c '%N|%u:%g' "$img" /link | expect "/link -> file|$(stat -c %u:%g tree/link)"
refuse "the directives are" anyfs stat -c '%q' "$img" /file
refuse "the directives are" anyfs stat -c '%' "$img" /file
refuse "give one" anyfs stat -c '%n' --json "$img" /file
