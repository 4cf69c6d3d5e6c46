/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sandbox.h - what a tool gives up before it looks into a stranger's image
 *
 * A tool opens its files, boots a kernel, and calls sandbox_enter() as that
 * kernel's lock_in (include/anyfs.h): one thread, nothing of the image read.
 * Threads that start later are born inside.  From there on
 *
 *  - system calls that allow-list.c does not name end the program with a
 *    message: nothing of ours makes them, so the kernel was taken over;
 *  - files are opened and made in the folders named here and nowhere else;
 *  - nothing is executed, no signal sent, no memory made executable;
 *  - root is root no more, but for what the copying of files needs.
 *
 * What the host's kernel does not have is left out and reported; what it has
 * and refuses is an error.  SECURITY.md says what all this is worth.
 */
#ifndef ANYFS_SANDBOX_H
#define ANYFS_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/* What a tool does once it is inside. */
enum sandbox_profile {
	SANDBOX_READ,		/* reads the image, writes to what is open already */
	SANDBOX_GET,		/* makes files in directories of the host too */
	SANDBOX_CHANGE,		/* writes to the image */
	SANDBOX_PUT,		/* and reads files of the host too */
	SANDBOX_MOUNT,		/* serves an open FUSE channel */
	SANDBOX_MOUNT_WRITE,	/* and writes to the image */
	SANDBOX_GET_AS_ROOT,	/* what GET becomes for root; not to be asked for */
	SANDBOX_NR_PROFILES
};

/* A path that is used after sandbox_enter(). */
struct sandbox_path {
	const char *path;
	bool write;		/* a directory to make files in; else a file or tree to read */
};

struct sandbox {
	const char *program;	/* for the message of a program that is stopped; stays */
	enum sandbox_profile profile;
	const struct sandbox_path *paths;
	size_t nr_paths;
};

/* What holds. */
struct sandbox_state {
	enum sandbox_profile profile;
	bool root;		/* it had capabilities, which are gone as far as they can be */
	bool chroot;
	int calls;		/* that seccomp lets through; 0: the host has no seccomp */
	int landlock;		/* its ABI; 0: there is none */
	const char *no_landlock;	/* why */
};

/*
 * Enter for good.  A host that lacks a part is no failure.  0, or -errno with
 * the step and the reason in @why.
 */
int sandbox_enter(const struct sandbox *sb, struct sandbox_state *state, char *why, size_t len);

/* One line for -v, without the program's name. */
void sandbox_describe(const struct sandbox *sb, const struct sandbox_state *state,
		      char *text, size_t len);

/* ---- Between the parts; 0 or -errno ------------------------------------- */

/* landlock.c */
int landlock_enter(enum sandbox_profile profile, const struct sandbox_path *paths,
		   size_t nr_paths, struct sandbox_state *state);
/* seccomp.c */
int seccomp_enter(const char *program, enum sandbox_profile profile, struct sandbox_state *state);
/* capabilities.c */
int capabilities_drop(enum sandbox_profile profile, struct sandbox_state *state);
bool capabilities_have(unsigned int cap);

#endif /* ANYFS_SANDBOX_H */
