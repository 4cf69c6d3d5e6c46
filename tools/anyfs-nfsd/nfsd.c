// SPDX-License-Identifier: GPL-2.0
/*
 * nfsd.c - start and end the NFS server by the files of its control file system
 */
#include <stdio.h>
#include <string.h>
#include <lkl.h>
#include "messages.h"
#include "network.h"
#include "nfsd.h"
#include "run.h"

/* A request that waits for the disk, or for a client that does not read, occupies a thread. */
#define THREADS		"16\n"
#define PER_CLIENT	"4\n"		/* number of threads */
#define BLOCK_SIZE	"1048576\n"	/* bytes of a read or write */
#define LIMIT_FILE	"/sysfs/module/sunrpc/parameters/svc_rpc_per_connection_limit"

static void must(struct nfsd *n, const char *what, int rc)
{
	if (rc >= 0)
		return;
	tool_error(n->serve.t, "starting the NFS server: %s: %s", what, lkl_strerror(rc));
	tool_finish(n->serve.t);
}

static int write_control(const char *file, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), NFSD_CONTROL "/%s", file);
	return kernel_write(path, text, strlen(text));
}

static void set_control(struct nfsd *n, const char *file, const char *text)
{
	must(n, file, write_control(file, text));
}

void nfsd_start(struct nfsd *n)
{
	char limit[16], port[16];

	must(n, "sysfs", lkl_mount_fs("sysfs"));
	must(n, "threads of a client", kernel_write(LIMIT_FILE, PER_CLIENT, strlen(PER_CLIENT)));
	must(n, "rpc_pipefs", lkl_mount_fs("rpc_pipefs"));
	must(n, "nfsd", lkl_mount_fs("nfsd"));
	must(n, "client tracking", tracking_start());
	set_control(n, "max_block_size", BLOCK_SIZE);
	set_control(n, "versions", "-3 +4 +4.0 +4.1 +4.2\n");
	snprintf(limit, sizeof(limit), "%u\n", n->serve.max_connections);
	set_control(n, "max_connections", limit);
	snprintf(port, sizeof(port), "tcp %d\n", NFSD_PORT);
	set_control(n, "portlist", port);
	set_control(n, "threads", THREADS);
	exports_set(n);
}

void nfsd_stop(struct nfsd *n)
{
	int rc = write_control("threads", "0\n");

	if (rc < 0)
		tool_error(n->serve.t, "ending the NFS server: %s", lkl_strerror(rc));
	else
		tracking_stop();
}
