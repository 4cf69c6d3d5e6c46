// SPDX-License-Identifier: GPL-2.0
/*
 * nfs-hold.c - an NFS client that opens a file and keeps it open until it is killed
 *
 *	nfs-hold URL FILE	creates FILE on the host when the file at URL is open
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>
#include <nfsc/libnfs.h>

int main(int argc, char **argv)
{
	struct nfs_context *nfs = nfs_init_context();
	struct nfs_url *url;
	struct nfsfh *file;

	if (argc != 3 || !nfs)
		return 2;
	url = nfs_parse_url_full(nfs, argv[1]);
	if (!url || nfs_mount(nfs, url->server, url->path) ||
	    nfs_open(nfs, url->file, O_RDONLY, &file)) {
		fprintf(stderr, "%s: %s\n", argv[1], nfs_get_error(nfs));
		return 1;
	}
	close(open(argv[2], O_CREAT | O_WRONLY, 0600));
	pause();
	return 0;
}
