#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A program that opens more files than the library kernel has memory for gets ENFILE.
# The mount continues to work, and the image is clean.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse

# Two processes, because the host limits the open files of one process.
open_many() {
	timeout -s KILL 300 python3 - "$mnt/$1" <<'P'
import errno, os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (9000, 9000))
os.mkdir(sys.argv[1])
children = []
for p in range(2):
    if not (pid := os.fork()):
        fds = []
        try:
            for i in range(8000):
                fds.append(os.open(f'{sys.argv[1]}/{p}-{i}', os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as e:
            if e.errno != errno.ENFILE:
                print('not ENFILE:', e)
                os._exit(1)
            if os.path.lexists(f'{sys.argv[1]}/{p}-{len(fds)}'):
                print('made although it could not be opened')
                os._exit(1)
            os.listdir(sys.argv[1])
            os._exit(2)
        os._exit(0)
    children.append(pid)
codes = [os.waitstatus_to_exitcode(os.waitpid(c, 0)[1]) for c in children]
sys.exit(f'exit codes {codes}' if 1 in codes or 2 not in codes else 0)
P
}

for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	mount_image --write -o mem=32
	echo kept >"$mnt/kept"
	for round in 1 2; do
		open_many $round || fail "$fs: round $round"
		expect kept <"$mnt/kept"
	done
	umount_image
	fsck_image $fs
done
