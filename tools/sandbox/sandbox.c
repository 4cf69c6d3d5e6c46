// SPDX-License-Identifier: GPL-2.0
/*
 * sandbox.c - enter the sandbox in steps; each step precedes the steps that would forbid it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "sandbox.h"

#define OWN_FDS		64		/* a tool has closed fewer descriptors so far */

/*
 * A number above all descriptors that this program opened.  Each got the lowest free number
 * when it was opened, so the highest is at most a little above the lowest number free now.
 */
static int own_fds_end(void)
{
	int next = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	struct rlimit limit;

	if (next >= 0) {
		close(next);
		return next + OWN_FDS;
	}
	/* All numbers below the limit are taken, and our descriptors are below it. */
	return getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur > INT_MAX ?
	       INT_MAX : (int)limit.rlim_cur;
}

/*
 * Close inherited descriptors except the standard ones, so that a compromised program cannot
 * use them.  Descriptors that this program opened are recognised by their close-on-exec flag.
 * Inherited ones may have numbers above RLIMIT_NOFILE.
 */
static void close_inherited(void)
{
	int end = own_fds_end();

	for (int fd = STDERR_FILENO + 1; fd < end; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags >= 0 && !(flags & FD_CLOEXEC))
			close(fd);
	}
	syscall(SYS_close_range, end, ~0u, 0);
}

/* A core dump would contain data of the image and the kernel's memory. */
static void forbid_core(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
}

/* If root copies into one directory, make that the root directory. */
static int change_root(const struct sandbox_path *paths, size_t nr_paths,
		       struct sandbox_state *state)
{
	if (nr_paths != 1 || !capabilities_have(CAP_SYS_CHROOT))
		return 0;
	if (chroot(paths->path) || chdir("/"))
		return -errno;
	state->chroot = true;
	return 0;
}

static int step_failed(int rc, const char *step, char *why, size_t len)
{
	if (rc)
		snprintf(why, len, "%s: %s", step, strerrordesc_np(-rc));
	return rc;
}

int sandbox_enter(const struct sandbox *sb, struct sandbox_state *state, char *why, size_t len)
{
	enum sandbox_profile profile = sb->profile;
	int rc;

	if (profile == SANDBOX_GET && geteuid() == 0)
		profile = SANDBOX_GET_AS_ROOT;
	*state = (struct sandbox_state){ .profile = profile };
	close_inherited();
	forbid_core();
	rc = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;
	if (rc)
		return step_failed(rc, "no new privileges", why, len);
	rc = landlock_enter(profile, sb->paths, sb->nr_paths, state);
	if (rc)
		return step_failed(rc, "Landlock", why, len);
	if (profile == SANDBOX_GET_AS_ROOT)
		rc = change_root(sb->paths, sb->nr_paths, state);
	if (rc)
		return step_failed(rc, "chroot", why, len);
	rc = capabilities_drop(profile, state);
	if (rc)
		return step_failed(rc, "capabilities", why, len);
	return step_failed(seccomp_enter(sb->program, profile, state), "seccomp", why, len);
}

/* ---- the description for -v ---- */

static void append(char *text, size_t len, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void append(char *text, size_t len, const char *fmt, ...)
{
	size_t used = strlen(text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + used, len - used, fmt, ap);
	va_end(ap);
}

static void append_paths(const struct sandbox *sb, char *text, size_t len)
{
	for (size_t i = 0; i < sb->nr_paths; i++)
		append(text, len, "%s %s%s", i ? "," : sb->paths[i].write ? ": only below" : ": only",
		       sb->paths[i].path, sb->paths[i].write ? "" : " is read");
	if (!sb->nr_paths)
		append(text, len, ": no file can be opened");
}

void sandbox_describe(const struct sandbox *sb, const struct sandbox_state *state,
		      char *text, size_t len)
{
	snprintf(text, len, "sandbox: no new privileges; ");
	if (state->root)
		append(text, len, "capabilities dropped; ");
	if (state->chroot)
		append(text, len, "chroot into the destination; ");
	if (state->calls)
		append(text, len, "seccomp: %d system calls allowed; ", state->calls);
	else
		append(text, len, "no seccomp: not supported by this host's kernel; ");
	if (state->landlock) {
		append(text, len, "Landlock ABI %d", state->landlock);
		append_paths(sb, text, len);
	} else {
		append(text, len, "no Landlock: %s", state->no_landlock);
	}
}
