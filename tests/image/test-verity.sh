#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A volume that --crypt verity describes is checked block by block, with its hashes in any place,
# and is never opened without the check.
. "${0%/*}/lib-crypt.sh"
requires veritysetup --version
requires sfdisk --version

# dm-verity checks blocks of 4096 bytes, so the file system must have such blocks.
mkdir tree
echo inside >tree/name
head -c 12M /dev/urandom >tree/other
truncate -s 24M plain.img
run mkfs.ext4 -q -b 4096 -d tree plain.img
root_hash() { sed -n 's/^Root hash:[ \t]*//p'; }

# The hashes are in a file, after the data, or in another partition.
hash=$(veritysetup format plain.img hashes.img | root_hash)
sha256sum plain.img hashes.img >sums
verity=verity,root-hash=$hash,header=hashes.img
run anyfs cat --crypt "$verity" plain.img /name | expect inside
run anyfs cat --crypt "/:$verity" plain.img /name | expect inside
run anyfs cat --crypt "$verity" plain.img /other >copy
same copy tree/other
cp plain.img both.img
hash2=$(veritysetup format --hash-offset=25165824 --data-blocks=6144 both.img both.img | root_hash)
run anyfs cat --crypt "verity,root-hash=$hash2,hash-offset=24M" both.img /name | expect inside
truncate -s 64M disk.img
printf '2048,49152\n51200,49152\n' | run sfdisk -q disk.img
dd if=plain.img of=disk.img bs=1M seek=1 conv=notrunc status=none
dd if=hashes.img of=disk.img bs=1M seek=25 conv=notrunc status=none
in_disk=verity,root-hash=$hash,hash-volume=/p2
run anyfs cat --crypt "/p1:$in_disk" disk.img /p1/name | expect inside
run anyfs parts --tree --crypt "/p1:$in_disk" disk.img >listed
grep -q verity listed || fail "the tree does not show the check: $(cat listed)"

# A description without a path or with a wrong path is an error: it is never ignored.
refused 1 "the disk has partitions: give the path of the volume, such as /p1" anyfs cat \
	--crypt "$in_disk" disk.img /p1/name
refused 1 "there is no volume /p3" anyfs cat --crypt "/p3:$in_disk" disk.img /p1/name
refused 1 "there is no volume /p1/name" anyfs cat --crypt "/p1/name:$in_disk" disk.img /p1/name
refused 1 "there is no superblock" anyfs cat --crypt "verity,root-hash=$hash,header=plain.img" plain.img /name
refused 1 "needs the root hash" anyfs cat --crypt verity,header=hashes.img plain.img /name
refused 1 "not hexadecimal" anyfs cat --crypt "verity,root-hash=x$hash,header=hashes.img" plain.img /name
refused 1 "the place of the hashes is not given" anyfs cat --crypt "verity,root-hash=$hash" plain.img /name
refused 1 "there is no volume /p9, which should hold the hashes" anyfs cat \
	--crypt "/p1:verity,root-hash=$hash,hash-volume=/p9" disk.img /p1/name
refused 4 "does not match the root hash" anyfs cat \
	--crypt "verity,root-hash=${hash//[0-4]/5},header=hashes.img" plain.img /name
refused 1 "the kernel cannot check it with dm-verity" anyfs cat \
	--crypt "verity,root-hash=${hash:2},header=hashes.img" plain.img /name
# Nothing can be written.
refuse "Read-only" anyfs put --crypt "$verity" plain.img sums /

# A block that was changed is an I/O error; the others can be read.
block=$(debugfs -R 'bmap /other 3071' plain.img 2>/dev/null)
cp plain.img changed.img
printf X | dd of=changed.img bs=1 seek=$((block * 4096)) conv=notrunc status=none
code=0
anyfs cat --crypt "$verity" changed.img /other >copy 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code, not 1: $(cat err)"
grep -q "/other: Input/output error" err || fail "no I/O error: $(cat err)"
head -c "$(stat -c %s copy)" tree/other | cmp - copy || fail "other bytes were read"
[ "$(stat -c %s copy)" -lt 12582912 ] || fail "the changed block was read"
run anyfs cat --crypt "$verity" changed.img /name | expect inside
# The same for a block that is read to detect the file system.
block=$(debugfs -R 'bmap /other 10' plain.img 2>/dev/null)
[ "$block" -lt 2048 ] || fail "block $block is not in the first 8 MiB"
cp plain.img changed.img
printf X | dd of=changed.img bs=1 seek=$((block * 4096)) conv=notrunc status=none
run anyfs cat --crypt "$verity" changed.img /name | expect inside
code=0
anyfs cat --crypt "$verity" changed.img /other >copy 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code, not 1: $(cat err)"
grep -q "/other: Input/output error" err || fail "no I/O error: $(cat err)"
# A changed hash block makes the root hash wrong.
cp hashes.img bad-hashes.img
printf X | dd of=bad-hashes.img bs=1 seek=4100 conv=notrunc status=none
refused 4 "does not match the root hash" anyfs cat \
	--crypt "verity,root-hash=$hash,header=bad-hashes.img" plain.img /name

run sha256sum -c --quiet sums
