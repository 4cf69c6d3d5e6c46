/* SPDX-License-Identifier: GPL-2.0 */
/*
 * qemu-sandbox.h - restrict the rights of qemu-storage-daemon
 */
#ifndef ANYFS_QEMU_SANDBOX_H
#define ANYFS_QEMU_SANDBOX_H

/* Files that the daemon may open in addition to programs and libraries. */
struct qemu_sandbox {
	const char *image;		/* files to read and write */
	const char *root;		/* directory to read; NULL: none */
};

/*
 * Restrict the calling process, which executes the daemon next: it opens no other files, and
 * creates no sockets.  A host without Landlock skips the rules for files.  0, or -1 with the
 * failed step in *@why and errno.
 */
int qemu_sandbox_enter(const struct qemu_sandbox *sandbox, const char **why);

#endif /* ANYFS_QEMU_SANDBOX_H */
