// SPDX-License-Identifier: GPL-2.0
/*
 * nfs-put.c - copy files to an NFS server with libnfs, in small writes
 *
 *	nfs-put URL FILE...		URL names the target directory
 *
 * nfs-cp of libnfs 4 cannot send a WRITE of more than about 3800 bytes with NFS 4.  All files are
 * written by one client, each is closed before the next.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <nfsc/libnfs.h>

#define PIECE	3000		/* bytes */

static void must(struct nfs_context *nfs, const char *name, int rc)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "%s: %s\n", name, nfs_get_error(nfs));
	exit(1);
}

/* libnfs never opens an existing file with O_CREAT. */
static void open_target(struct nfs_context *nfs, const char *target, struct nfsfh **fh)
{
	int rc = nfs_open2(nfs, target, O_CREAT | O_WRONLY, 0644, fh);

	if (rc != -EEXIST) {
		must(nfs, target, rc);
		return;
	}
	must(nfs, target, nfs_open(nfs, target, O_WRONLY, fh));
	must(nfs, target, nfs_ftruncate(nfs, *fh, 0));
}

static void put(struct nfs_context *nfs, const char *dir, const char *file)
{
	const char *slash = strrchr(file, '/');
	char target[4096], piece[PIECE];
	struct nfsfh *fh;
	FILE *from = fopen(file, "rb");
	size_t n;

	if (!from) {
		perror(file);
		exit(1);
	}
	snprintf(target, sizeof(target), "%s/%s", dir, slash ? slash + 1 : file);
	open_target(nfs, target, &fh);
	while ((n = fread(piece, 1, sizeof(piece), from)) > 0)
		must(nfs, target, nfs_write(nfs, fh, n, piece));
	must(nfs, target, nfs_fsync(nfs, fh));
	must(nfs, target, nfs_close(nfs, fh));
	/* NFS 4 of this library does not send the mode of a new file. */
	must(nfs, target, nfs_chmod(nfs, target, 0644));
	fclose(from);
}

int main(int argc, char **argv)
{
	struct nfs_context *nfs = nfs_init_context();
	struct nfs_url *url;

	if (argc < 3 || !nfs)
		return 2;
	url = nfs_parse_url_dir(nfs, argv[1]);
	if (!url) {
		fprintf(stderr, "%s: %s\n", argv[1], nfs_get_error(nfs));
		return 2;
	}
	must(nfs, url->path, nfs_mount(nfs, url->server, url->path));
	for (int i = 2; i < argc; i++)
		put(nfs, "", argv[i]);
	nfs_destroy_url(url);
	nfs_destroy_context(nfs);
	return 0;
}
