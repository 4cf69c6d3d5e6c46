// SPDX-License-Identifier: GPL-2.0
/*
 * nfs-pair.c - two NFS clients that use the same files of one server at the same time
 *
 *	nfs-pair URL		URL names a directory that can be written to
 *
 * The server sees two clients because each context has its own client name and connection.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <nfsc/libnfs.h>

static struct nfs_context *first, *second;

static void must(struct nfs_context *nfs, const char *step, int rc)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "%s: %s\n", step, nfs_get_error(nfs));
	exit(1);
}

static void expect(const char *step, int ok)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", step);
	exit(1);
}

static struct nfs_context *mount_client(const char *address, const char *name)
{
	struct nfs_context *nfs = nfs_init_context();
	struct nfs_url *url;

	expect("no memory for a client", nfs != NULL);
	url = nfs_parse_url_dir(nfs, address);
	expect("the URL cannot be parsed", url != NULL);
	nfs4_set_client_name(nfs, name);
	must(nfs, "mount", nfs_mount(nfs, url->server, url->path));
	nfs_destroy_url(url);
	return nfs;
}

static void put(struct nfs_context *nfs, const char *path, const char *text)
{
	struct nfsfh *fh;

	must(nfs, "create", nfs_open2(nfs, path, O_CREAT | O_RDWR, 0644, &fh));
	must(nfs, "write", nfs_write(nfs, fh, strlen(text), text));
	must(nfs, "close", nfs_close(nfs, fh));
	/* NFS 4 of this library does not send the mode of a new file. */
	must(nfs, "chmod", nfs_chmod(nfs, path, 0644));
}

static int reads_text(struct nfs_context *nfs, struct nfsfh *fh, const char *text)
{
	char got[64];
	int n = nfs_pread(nfs, fh, 0, sizeof(got), got);

	must(nfs, "read", n);
	return (size_t)n == strlen(text) && !memcmp(got, text, n);
}

/* Lock or unlock @length bytes from @start on.  0 or -errno. */
static int set_lock(struct nfs_context *nfs, struct nfsfh *fh, int type, int start, int length)
{
	struct nfs4_flock range = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length,
	};

	return nfs_fcntl(nfs, fh, NFS4_F_SETLK, &range);
}

/*
 * This library does not advance the seqid of its open owner when a lock is denied, so the
 * server would answer its next request as a replay.  So each request comes from a new client.
 */
static void is_denied(const char *address, int type, int start, int length)
{
	static int count;
	struct nfs_context *nfs;
	struct nfsfh *fh;
	char name[32];

	snprintf(name, sizeof(name), "nfs-pair denied %d", count++);
	nfs = mount_client(address, name);
	must(nfs, "open", nfs_open(nfs, "/locked", O_RDWR, &fh));
	expect("a lock was given to two clients", set_lock(nfs, fh, type, start, length) < 0);
	expect("the refusal does not say that the range is locked",
	       strstr(nfs_get_error(nfs), "NFS4ERR_DENIED") != NULL);
	nfs_destroy_context(nfs);
}

static void locks_exclude_other_clients(const char *address)
{
	struct nfsfh *a, *b;

	put(first, "/locked", "0123456789");
	must(first, "open", nfs_open(first, "/locked", O_RDWR, &a));
	must(second, "open", nfs_open(second, "/locked", O_RDWR, &b));
	must(first, "lock bytes 0-4", set_lock(first, a, F_WRLCK, 0, 5));
	is_denied(address, F_WRLCK, 4, 5);
	is_denied(address, F_RDLCK, 0, 1);
	must(second, "lock bytes 5-9", set_lock(second, b, F_WRLCK, 5, 5));
	must(first, "unlock bytes 0-4", set_lock(first, a, F_UNLCK, 0, 5));
	must(second, "lock after the unlock", set_lock(second, b, F_WRLCK, 0, 5));
	is_denied(address, F_WRLCK, 0, 5);
	must(second, "close", nfs_close(second, b));
	must(first, "close", nfs_close(first, a));
}

struct race {
	int done, rc;
};

static void store_open_result(int rc, struct nfs_context *nfs, void *data, void *arg)
{
	struct race *race = arg;

	(void)nfs;
	(void)data;
	race->rc = rc;
	race->done = 1;
}

/* Both requests are on their way before either answer is read. */
static void run_both(struct nfs_context *nfs[2], struct race race[2])
{
	while (!race[0].done || !race[1].done) {
		struct pollfd fds[2];

		for (int i = 0; i < 2; i++) {
			fds[i].fd = nfs_get_fd(nfs[i]);
			fds[i].events = nfs_which_events(nfs[i]);
		}
		expect("poll failed", poll(fds, 2, 300000) > 0);
		for (int i = 0; i < 2; i++)
			expect("a connection broke", nfs_service(nfs[i], fds[i].revents) >= 0);
	}
}

/* This library does not advance its seqid after EEXIST either: each round has new clients. */
static void one_exclusive_create_wins(const char *address)
{
	for (int round = 0; round < 5; round++) {
		struct nfs_context *nfs[2];
		struct race race[2] = { 0 };
		char path[32], name[32];

		snprintf(path, sizeof(path), "/race-%d", round);
		for (int i = 0; i < 2; i++) {
			snprintf(name, sizeof(name), "nfs-pair racer-%d-%d", round, i);
			nfs[i] = mount_client(address, name);
		}
		for (int i = 0; i < 2; i++)
			must(nfs[i], "create",
			     nfs_open2_async(nfs[i], path, O_CREAT | O_EXCL | O_WRONLY, 0644,
					     store_open_result, &race[i]));
		run_both(nfs, race);
		expect("an exclusive create did not have one winner",
		       (race[0].rc >= 0) != (race[1].rc >= 0));
		expect("the loser did not get EEXIST",
		       race[race[0].rc >= 0].rc == -EEXIST);
		for (int i = 0; i < 2; i++)
			nfs_destroy_context(nfs[i]);
	}
}

static void open_files_survive_rename_and_unlink(void)
{
	struct nfsfh *moved, *gone, *again;

	put(first, "/moved", "moved");
	put(first, "/gone", "gone");
	must(first, "open", nfs_open(first, "/moved", O_RDONLY, &moved));
	must(first, "open", nfs_open(first, "/gone", O_RDONLY, &gone));
	must(second, "rename", nfs_rename(second, "/moved", "/new-name"));
	must(second, "unlink", nfs_unlink(second, "/gone"));
	expect("a renamed open file lost its data", reads_text(first, moved, "moved"));
	expect("an unlinked open file lost its data", reads_text(first, gone, "gone"));
	expect("an unlinked file can be opened",
	       nfs_open(first, "/gone", O_RDONLY, &again) == -ENOENT);
	/* A new file of the old name is another file. */
	put(second, "/gone", "other");
	expect("the holder reads the new file", reads_text(first, gone, "gone"));
	must(first, "close", nfs_close(first, moved));
	must(first, "close", nfs_close(first, gone));
}

static void closed_data_is_seen_by_the_other_client(void)
{
	struct nfsfh *fh;

	put(first, "/shared", "version 1");
	must(second, "open", nfs_open(second, "/shared", O_RDWR, &fh));
	expect("data of the first client is missing", reads_text(second, fh, "version 1"));
	must(second, "write", nfs_pwrite(second, fh, 8, 1, "2"));
	must(second, "close", nfs_close(second, fh));
	must(first, "open", nfs_open(first, "/shared", O_RDONLY, &fh));
	expect("data of the second client is missing", reads_text(first, fh, "version 2"));
	must(first, "close", nfs_close(first, fh));
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	first = mount_client(argv[1], "nfs-pair first");
	second = mount_client(argv[1], "nfs-pair second");
	locks_exclude_other_clients(argv[1]);
	one_exclusive_create_wins(argv[1]);
	open_files_survive_rename_and_unlink();
	closed_data_is_seen_by_the_other_client();
	nfs_destroy_context(first);
	nfs_destroy_context(second);
	return 0;
}
