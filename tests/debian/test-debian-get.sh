#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs get copies /usr out of the demo's disk with the same contents, modes and
# times.
. "${0%/*}/lib-debian.sh"
run anyfs get "$disk/disk.img" /p2/usr out
"$ANYFS_TOP/tools-dev/debian-disk/hashes.py" dir out >seen
sed -n 's|^usr/||p' "$disk/hashes" >wanted
same wanted seen
# The copies belong to the user who copies, and set-ID bits may be missing.  The other nine bits,
# the time and the size must be equal.
"$ANYFS_TOP/tools-dev/debian-disk/manifest.py" dir out | cut -f 1-3,6-7,10 >seen
grep -a ^usr/ "$disk/manifest" | cut -c 5- | cut -f 1-3,6-7,10 >wanted
for f in seen wanted; do
	sed -Ei 's/^([^\t]*\t[^\t]*\t)[0-9]([0-7]{3}\t)/\1\2/' $f
done
grep -aP '^[^\t]*\t(file|dir)\t' seen >seen-files
grep -aP '^[^\t]*\t(file|dir)\t' wanted >wanted-files
diff -u wanted-files seen-files >differences || fail "$(sed -n '3,12p' differences)"
for f in seen wanted; do
	grep -aP '^[^\t]*\tlink\t' $f | cut -f 1,6 >$f-links
done
same wanted-links seen-links
