// SPDX-License-Identifier: GPL-2.0
/*
 * landlock.c - restrict which files can be opened, created or removed
 *
 * Everything that Landlock can forbid is forbidden, except below the paths that the tool
 * names.  The kernel header may be older than the running kernel, so newer rights are
 * defined here and used if the kernel's ABI version has them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "sandbox.h"

/* File system rights, by the ABI version that introduced them. */
#define FS_V1		((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define FS_REFER	(1ull << 13)	/* 2: link and rename between directories */
#define FS_TRUNCATE	(1ull << 14)	/* 3 */
#define FS_IOCTL_DEV	(1ull << 15)	/* 5 */
#define NET_ALL		3ull		/* 4: bind and connect of TCP */
#define SCOPE_ALL	3ull		/* 6: abstract sockets, signals */

#define FS_READ		(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_WRITE	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_DIR | \
			 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
			 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | \
			 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | \
			 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
			 LANDLOCK_ACCESS_FS_MAKE_SYM | FS_REFER | FS_TRUNCATE)
/* The rights that a rule for a file other than a directory may contain. */
#define FS_FILE		(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)

/* The same as struct landlock_ruleset_attr of ABI 6; earlier ABIs know only the first members. */
struct ruleset {
	uint64_t fs, net, scoped;
};

static size_t fill_ruleset(struct ruleset *set, enum sandbox_profile profile, int abi)
{
	bool net = profile == SANDBOX_NET || profile == SANDBOX_GIO;

	set->fs = FS_V1 | (abi >= 2 ? FS_REFER : 0) | (abi >= 3 ? FS_TRUNCATE : 0) |
		  (abi >= 5 ? FS_IOCTL_DEV : 0);
	set->net = abi >= 4 && !net ? NET_ALL : 0;
	/* The session bus of D-Bus may listen on an abstract socket, which has no file. */
	set->scoped = abi >= 6 && profile != SANDBOX_GIO ? SCOPE_ALL : 0;
	return abi >= 6 ? sizeof(*set) : abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

/*
 * Returns the host's ABI version; 0, with the reason in @missing, if the host has no
 * Landlock; -errno if the call fails otherwise (EPERM, say, under another sandbox).
 */
static int probe_abi(enum sandbox_profile profile, const char **missing)
{
	int abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (abi < 0 && errno != EOPNOTSUPP && errno != ENOSYS)
		return -errno;
	if (abi < 0)
		*missing = errno == EOPNOTSUPP ? "disabled in this host's kernel" :
			   "not supported by this host's kernel";
	else if (abi < 2 && (profile == SANDBOX_GET || profile == SANDBOX_GET_AS_ROOT ||
			    profile == SANDBOX_SHELL_HOST))
		*missing = "too old in this host's kernel to make hard links";
	else
		return abi;
	return 0;
}

static int add_path(int ruleset, const struct ruleset *set, const struct sandbox_path *p)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = (p->write ? FS_WRITE : FS_READ) & set->fs,
	};
	struct stat st;
	int rc = 0;

	/* A symbolic link that is to be copied is not followed. */
	rule.parent_fd = open(p->path, O_PATH | O_CLOEXEC | (p->write ? 0 : O_NOFOLLOW));
	if (rule.parent_fd < 0)
		return p->write ? -errno : 0;	/* a missing source file needs no rule */
	if (!fstat(rule.parent_fd, &st) && !S_ISDIR(st.st_mode))
		rule.allowed_access &= FS_FILE;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0))
		rc = -errno;
	close(rule.parent_fd);
	return rc;
}

int landlock_enter(enum sandbox_profile profile, const struct sandbox_path *paths,
		   size_t nr_paths, struct sandbox_state *state)
{
	struct ruleset set;
	int abi = probe_abi(profile, &state->no_landlock);
	int fd, rc = 0;

	if (abi <= 0)
		return abi;
	fd = syscall(SYS_landlock_create_ruleset, &set, fill_ruleset(&set, profile, abi), 0);
	if (fd < 0)
		return -errno;
	for (size_t i = 0; !rc && i < nr_paths; i++)
		rc = add_path(fd, &set, &paths[i]);
	if (!rc && syscall(SYS_landlock_restrict_self, fd, 0))
		rc = -errno;
	close(fd);
	if (!rc)
		state->landlock = abi;
	return rc;
}
