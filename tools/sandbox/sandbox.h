/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sandbox.h - restrict a tool's rights before it reads an untrusted image
 *
 * A tool opens its files, boots a kernel, and calls sandbox_enter() from that kernel's
 * lock_in callback (include/anyfs.h), when there is one thread and the image was not read
 * yet.  Later threads inherit the sandbox.  From then on
 *
 *  - a system call that allow-list.c does not list ends the program with a message: the
 *    tools do not make such calls, so the kernel must be compromised;
 *  - files can be opened and created only below the given paths;
 *  - no program can be executed, no signal sent, no memory made executable;
 *  - root has no capabilities except those needed for copying files.
 *
 * A restriction that the host's kernel does not support is skipped, and -v reports that;
 * any other failure is an error.  SECURITY.md describes the protection.
 */
#ifndef ANYFS_SANDBOX_H
#define ANYFS_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/* The rights that a tool keeps in the sandbox. */
enum sandbox_profile {
	SANDBOX_READ,		/* read the image, write to open descriptors */
	SANDBOX_GET,		/* READ, and create files in directories of the host */
	SANDBOX_CHANGE,		/* READ, and write to the image */
	SANDBOX_PUT,		/* CHANGE, and read files of the host */
	SANDBOX_MOUNT,		/* READ, and serve an open FUSE channel */
	SANDBOX_MOUNT_WRITE,	/* MOUNT, and write to the image */
	SANDBOX_SERVE,		/* READ, and accept clients on open sockets */
	SANDBOX_SERVE_WRITE,	/* SERVE, and write to the image */
	SANDBOX_SHELL,		/* READ, and take commands and descriptors from a socket */
	SANDBOX_SHELL_WRITE,	/* SHELL, and write to the image */
	SANDBOX_SHELL_HOST,	/* SHELL_WRITE, and read and create files of the host */
	SANDBOX_NET,		/* read an image over the network, without a kernel */
	SANDBOX_GIO,		/* NET, with GLib and the daemons of GVfs */
	SANDBOX_GET_AS_ROOT,	/* sandbox_enter() replaces GET by this for root */
	SANDBOX_NR_PROFILES
};

/* A path that is used after sandbox_enter(). */
struct sandbox_path {
	const char *path;
	bool write;		/* a directory to create files in; else a file or tree to read */
};

struct sandbox {
	const char *program;	/* for the message on SIGSYS; must stay valid */
	enum sandbox_profile profile;
	const struct sandbox_path *paths;
	size_t nr_paths;
};

/* The restrictions in force. */
struct sandbox_state {
	enum sandbox_profile profile;
	bool root;		/* capabilities were dropped */
	bool chroot;
	int calls;		/* system calls that seccomp allows; 0: no seccomp */
	int landlock;		/* ABI version; 0: no Landlock */
	const char *no_landlock;	/* why there is no Landlock */
};

/*
 * Enter the sandbox; it cannot be left.  A part that the host does not support is skipped.
 * Returns 0, or -errno with the failed step and the reason in @why.
 */
int sandbox_enter(const struct sandbox *sb, struct sandbox_state *state, char *why, size_t len);

/* Describe the restrictions in one line, for -v, without the program's name. */
void sandbox_describe(const struct sandbox *sb, const struct sandbox_state *state,
		      char *text, size_t len);

/* ---- Internal to the sandbox; 0 or -errno ------------------------------- */

/* landlock.c */
int landlock_enter(enum sandbox_profile profile, const struct sandbox_path *paths,
		   size_t nr_paths, struct sandbox_state *state);
/* seccomp.c */
int seccomp_enter(const char *program, enum sandbox_profile profile, struct sandbox_state *state);
/* capabilities.c */
int capabilities_drop(enum sandbox_profile profile, struct sandbox_state *state);
bool capabilities_have(unsigned int cap);

#endif /* ANYFS_SANDBOX_H */
