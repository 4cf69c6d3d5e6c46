#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Demanding programs work on a mount like on the host's file system: git, SQLite, a
# compiler, tar, cp -a and rsync -aXAH. fsck finds no error on ext4, xfs and btrfs.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires git --version
requires sqlite3 --version
requires rsync --version
requires setfacl --version
requires setfattr --version
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b \
	GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b

# A tree with all metadata that copying must keep.
mkdir -p tree/src tree/sub
cp "$ANYFS_TOP"/tools/anyfs-fuse/*.[ch] tree/src/
head -c 2000000 /dev/urandom >tree/sub/big
truncate -s 3M tree/sub/hole && echo end >>tree/sub/hole
ln tree/sub/big tree/linked
ln -s sub/big tree/link
mkfifo tree/fifo
chown -R 1000:1001 tree/sub && chmod 2775 tree/sub && chmod 4711 tree/linked
setfattr -n user.note -v text tree/src/node.c
setfacl -m u:1234:rw,g:99:r tree/src/attr.c
setfacl -d -m u:1234:rwx tree/src
touch -d '2003-04-05 06:07:08.9' tree/src/node.c tree/sub

# rsync must find no difference in metadata or checksums.  XFS also shows root its internal
# form of ACLs.
no_difference() {
	rsync -aXAH --filter='-x trusted.SGI_ACL_*' --checksum --delete --itemize-changes --dry-run "$1/" "$2/" >differences
	[ ! -s differences ] || fail "$1 and $2 differ: $(cat differences)"
}

copies() {
	run cp -a tree "$mnt/cp"
	run rsync -aXAH tree/ "$mnt/rsync/"
	(cd tree && tar --acls --xattrs -cf - .) | (mkdir "$mnt/tar" && cd "$mnt/tar" && tar --acls --xattrs -xpf -)
	for copy in cp rsync tar; do
		no_difference tree "$mnt/$copy"
	done
	rm -rf back && run cp -a "$mnt/cp" back
	no_difference tree back
}

git_story() {
	run git init -q "$mnt/git"
	cp tree/src/*.[ch] "$mnt/git/"
	git -C "$mnt/git" add . && git -C "$mnt/git" commit -qm one
	run git clone -q "$mnt/git" "$mnt/clone"
	run git -C "$mnt/clone" gc -q
	run git -C "$mnt/clone" fsck --full --strict
	[ -z "$(git -C "$mnt/clone" status --porcelain)" ] || fail "the clone is not clean"
}

sqlite_story() {
	local mode
	for mode in wal delete; do
		sqlite3 "$mnt/$mode.db" "pragma journal_mode=$mode; create table t(a integer primary key, b);
			with recursive n(i) as (select 1 union all select i+1 from n where i<5000)
			insert into t select i, randomblob(100) from n; delete from t where a % 3 = 0; vacuum;" >/dev/null
		sqlite3 "$mnt/$mode.db" 'pragma integrity_check; select count(*) from t;' |
			expect $'ok\n3334'
	done
}

compile_story() {
	printf 'int main(void) { return 42; }\n' >"$mnt/main.c"
	run gcc -o "$mnt/main" "$mnt/main.c"
	local code=0
	"$mnt/main" || code=$?
	[ $code -eq 42 ] || fail "the compiled program exits with $code"
}

for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	mount_image --write -o default_permissions
	copies
	git_story
	sqlite_story
	compile_story
	umount_image
	fsck_image $fs
	mount_image
	no_difference tree "$mnt/rsync"
	run git -c safe.directory='*' -C "$mnt/clone" fsck --full --strict
	umount_image
done
