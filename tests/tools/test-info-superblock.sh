#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs info reads features, states, times and quotas from the superblocks of ext4, xfs, btrfs
# and f2fs, like their own tools.
. "${0%/*}/../lib.sh"
. "${0%/*}/../overlay/lib-replay.sh"
requires mkfs.ext4 -V
requires mkfs.xfs -V
requires mkfs.btrfs --version
requires mkfs.f2fs -V

# judge IMAGE CODE: run the Python CODE with p, the first partition of IMAGE, and have(), the
# set of all names in the given lists of p.
judge() {
	run anyfs info --json "$1" >out.json
	judge_output "$2"
}
judge_output() {
	python3 -c "import json, sys
p = json.load(open('out.json'))['partitions'][0]
def have(*lists):
	return set(name for key in lists for name in p.get(key, []))
lists = ['features_' + x for x in ('version', 'compat', 'incompat', 'ro_compat', 'log_incompat')]
$1" || fail "$(cat out.json)"
}

# ---- ext4, beside dumpe2fs
seconds() { date -d "$(sed -n "s/^$1: *//p" dump)" +%s; }
truncate -s 64M ext4.img
mkfs.ext4 -q -O quota,project,inline_data,casefold -L one ext4.img
debugfs -w -f - ext4.img >debugfs.log 2>&1 <<-'END'
	ssv mtime 20240229123456
	ssv lastcheck 20240115080910
	ssv wtime 20240301000000
	ssv last_mounted /srv/one
	ssv mnt_count 7
	ssv max_mnt_count 30
	ssv checkinterval 86400
END
dumpe2fs -h ext4.img >dump 2>/dev/null
judge ext4.img "
wanted = set('$(sed -n 's/^Filesystem features: *//p' dump)'.split())
assert have(*lists) == wanted, have(*lists) ^ wanted
assert p['uuid'] == '$(sed -n 's/^Filesystem UUID: *//p' dump)'
assert p['created'] == $(seconds 'Filesystem created')
assert p['last_mounted'] == $(seconds 'Last mount time')
assert p['last_written'] == $(seconds 'Last write time')
assert p['last_checked'] == $(seconds 'Last checked')
assert p['last_mounted_on'] == '/srv/one'
assert (p['mount_count'], p['max_mount_count'], p['check_interval']) == (7, 30, 86400)
assert p['state'] == 'clean' and p['journal'] == 'clean'
assert p['quota'] == ['user', 'group', 'project']
"
run env TZ=UTC anyfs info ext4.img >out
grep -Eq '^  last mounted: +2024-02-29 12:34:56' out || fail "$(cat out)"
grep -Eq '^  features incompat: .*casefold' out || fail "$(cat out)"

# Errors that the kernel recorded, an unknown feature, and no journal.
truncate -s 16M ext2.img
mkfs.ext2 -q ext2.img
debugfs -w -R 'ssv state 2' ext2.img 2>/dev/null
debugfs -w -R 'ssv feature_compat 0x80000000' ext2.img 2>/dev/null
judge ext2.img "
assert p['state'] == 'errors' and p['journal'] == 'none', p
assert p['features_compat'] == ['0x80000000'], p
assert 'last_mounted' not in p and 'last_mounted_on' not in p
"

# info shows the state of the journal in the image, although it replays the journal in memory.
truncate -s 64M dirty.img
mkfs.ext4 -q dirty.img
left_dirty dirty.img
judge dirty.img "assert p['journal'] == 'needs recovery' and 'needs_recovery' in have(*lists)"
dumpe2fs -h dirty.img 2>/dev/null | matches needs_recovery || fail "the image was changed"

# ---- xfs, beside xfs_db
truncate -s 320M xfs.img
mkfs.xfs -q -m rmapbt=1 xfs.img
run anyfs touch -o uquota,prjquota xfs.img /new
judge xfs.img "
wanted = set('$(xfs_db -r -c version xfs.img | sed 's/.*= *//; s/,/ /g')'.lower().split())
assert have(*lists) | {'v%d' % p['version']} == wanted, have(*lists) ^ wanted
qflags = $(xfs_db -r -c 'sb 0' -c 'p qflags' xfs.img | sed 's/.*= *//')
bits = {1: 'user', 2: 'user-limits', 8: 'project', 0x200: 'project-limits'}
assert qflags and set(p['quota']) == set(bits[b] for b in bits if qflags & b), (qflags, p)
assert p['uuid'] == '$(xfs_db -r -c uuid xfs.img | sed 's/.*= *//')'
assert p['journal'] == 'clean' and 'last_mounted' not in p
"
truncate -s 320M dirty-xfs.img
mkfs.xfs -q dirty-xfs.img
left_dirty dirty-xfs.img
judge dirty-xfs.img "assert p['journal'] == 'needs recovery' and 'quota' not in p"

# ---- btrfs, beside btrfs inspect-internal dump-super
truncate -s 256M btrfs.img
make_btrfs -R quota --csum xxhash btrfs.img
btrfs inspect-internal dump-super btrfs.img >dump
flags() {
	sed -n "/^$1/,/)/p" dump | grep -Eo '[A-Z][A-Z0-9_]+' | tr '\n' ' '
}
judge btrfs.img "
def words(text):
	return set(w.lower() for w in text.split())
assert have('features_incompat') == words('$(flags incompat_flags)'), p
assert have('features_ro_compat') == words('$(flags compat_ro_flags)'), p
assert p['checksum'] == 'xxhash64'
assert p['generation'] == $(sed -n 's/^generation[[:space:]]*//p' dump)
assert p['device_uuid'] == '$(sed -n 's/^dev_item.uuid[[:space:]]*//p' dump)'
assert p['devices'] == 1 and p['device_id'] == 1
assert p['journal'] == 'clean' and p['quota'][0] == 'on', p
"
truncate -s 256M dirty-btrfs.img
make_btrfs dirty-btrfs.img
left_dirty dirty-btrfs.img
judge dirty-btrfs.img "assert p['journal'] == 'needs recovery' and 'quota' not in p"

# ---- f2fs, beside dump.f2fs
truncate -s 200M f2fs.img
mkfs.f2fs -q -f -O extra_attr,project_quota,quota,inode_checksum,compression f2fs.img >mkfs.log
dump.f2fs -d 1 f2fs.img >dump 2>&1
judge f2fs.img "
assert p['features'] == '$(sed -n 's/.*superblock features = [0-9a-f]* : *//p' dump)'.split(), p
wanted = set('$(sed -n 's/.*checkpoint state = [0-9a-f]* : *//p' dump)'.split())
assert have('checkpoint_flags') == wanted, p
assert p['checkpoint'] == $(sed -n 's/^checkpoint_ver.*: \([0-9]*\)]$/\1/p' dump)
assert p['state'] == 'clean' and p['quota'] == ['user', 'group', 'project'], p
assert p['made_by'].startswith('Linux version'), p
"
truncate -s 200M dirty-f2fs.img
mkfs.f2fs -q -f dirty-f2fs.img >mkfs.log
left_dirty dirty-f2fs.img
judge dirty-f2fs.img "assert p['state'] == 'not clean' and 'quota' not in p"

# A checkpoint that is not valid is not shown.  The superblock is read although this file
# system cannot be mounted.
cp f2fs.img torn.img
dd if=/dev/urandom of=torn.img bs=4096 seek=512 count=1 conv=notrunc status=none
dump.f2fs -d 1 torn.img >dump 2>&1 || true
anyfs info --json torn.img >out.json 2>err && fail "a damaged file system is mounted"
grep -q 'cannot be mounted as f2fs' err || fail "$(cat err)"
judge_output "
other = '$(sed -n 's/^checkpoint_ver.*: \([0-9]*\)]$/\1/p' dump)'
assert str(p.get('checkpoint', '')) == other, (p, other)
assert p['features'] and 'blocks' not in p, p
"

# No such values are printed for a file system whose superblock anyfs info does not read.
truncate -s 16M vfat.img
mkfs.vfat vfat.img >mkfs.log
judge vfat.img "assert not any(k in p for k in ['state', 'journal', 'created', 'quota'] + lists), p"
