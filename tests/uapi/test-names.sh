#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The headers with prefixed names have the same values, layouts and members as the
# kernel's headers, and can be used beside the C library's headers of the same
# subject.
. "${0%/*}/../lib.sh"
include=$ANYFS_BUILD/include
[ -e "$include/lkl/syscalls.h" ] || skip "the kernel's headers are not built"
cat >names.c <<'END'
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/mount.h>
#include <sys/ioctl.h>
#include <time.h>
#include <lkl/asm/syscalls.h>
#include <lkl/linux/btrfs.h>
#include <lkl/linux/nilfs2_api.h>

#define SAME(a, b) _Static_assert((a) == (b), #a)
SAME(LKL_O_RDWR, O_RDWR);
SAME(LKL_AT_FDCWD, AT_FDCWD);
SAME(LKL_EPERM, EPERM);
SAME(LKL_MS_RDONLY, MS_RDONLY);
SAME(LKL_S_IFREG, S_IFREG);
SAME(LKL_S_ISDIR(0040755), 1);
SAME(LKL_IOW('x', 1, int), _IOW('x', 1, int));
SAME(__lkl__NR_openat, 56);
SAME(sizeof(__lkl__u64), 8);
SAME(sizeof(struct lkl_stat), 128);
SAME(sizeof(struct __lkl__kernel_timespec), 16);
SAME(sizeof(struct lkl_timespec), sizeof(struct timespec));
SAME(offsetof(struct lkl_linux_dirent64, d_name), 19);
SAME(sizeof(struct lkl_sockaddr), 16);
SAME(LKL_NILFS_CPINFO_SNAPSHOT, 0);
SAME(LKL_BTRFS_IOCTL_MAGIC, 0x94);

/* A member that the C library defines as a macro has the prefix, its neighbour does not. */
long newer(const struct lkl_stat *st, const struct stat *host)
{
	lkl_dev_t dev = st->st_dev;
	lkl_umode_t mode = st->st_mode;

	return st->lkl_st_mtime - host->st_mtime + st->st_mtime_nsec + dev + mode;
}
END
run gcc -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -I"$include" names.c

# Comments keep their text, and no name of the host's C library is defined.
grep -q 'See fstat, lstat' "$include/lkl/asm-generic/stat.h" ||
	grep -q 'struct stat64 in glibc' "$include/lkl/asm-generic/stat.h" ||
	fail "a comment was changed"
printf '#include <lkl/syscalls.h>\n' | gcc -dM -E -I"$include" - | sort >with
printf '#include <stddef.h>\n#include <stdint.h>\n#include <limits.h>\n#include <string.h>\n#include <unistd.h>\n' |
	gcc -dM -E - | sort >without
strange=$(comm -23 with without | grep -vE '^#define _*(lkl|LKL)' || true)
[ -z "$strange" ] || fail "defines names of the C library: $strange"
