/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nfsd.h - the NFS server of the library kernel
 */
#ifndef ANYFS_NFSD_H
#define ANYFS_NFSD_H

#include <stdbool.h>
#include <stdint.h>
#include "serve.h"

#define NFSD_PORT	2049		/* in the library kernel */
#define NFSD_CONTROL	"/nfsd"		/* lkl_mount_fs() mounts its control files there */

struct nfsd {
	struct serve serve;
	bool map;			/* keep the clients' users; else all become anon_uid */
	uint32_t anon_uid, anon_gid;
};

/* nfsd.c */

/* Start the server and export the shares.  Ends the program on failure. */
void nfsd_start(struct nfsd *n);
/* End the server; open files of clients are closed. */
void nfsd_stop(struct nfsd *n);

/* exports.c */

/*
 * Pass the clients and their exports to the kernel.  A share that NFS cannot serve is left out if
 * it is shared only by default; else it ends the program.
 */
void exports_set(struct nfsd *n);

/* clients.c */

struct status_client;

/* Implements describe of struct serve, with the files of the server's control file system. */
void clients_describe(struct serve *s, struct status_client *list, size_t nr);

/* tracking.c */

/*
 * Start a thread that answers the server's questions about clients of earlier runs, of which
 * there are none.  Call this before the server is started.  0 or -errno.
 */
int tracking_start(void);
/* End the tracking thread, after the server. */
void tracking_stop(void);

#endif /* ANYFS_NFSD_H */
