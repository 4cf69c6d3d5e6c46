// SPDX-License-Identifier: GPL-2.0
/*
 * fs.c - fill an image with a tree that uses every feature, and compare it later
 *
 *	fs fill IMAGE [TYPE [OPTIONS]]		writes; prints "feature yes|no" lines
 *	fs check IMAGE [TYPE [OPTIONS]]		read-only; stdin: the lines of fill; prints them
 *						with "lost" for each missing feature
 *	fs crash IMAGE [TYPE [OPTIONS]]		writes, fsyncs, and dies before it unmounts
 *	fs dirty IMAGE [TYPE [OPTIONS]]		read-only; check the files after the crash
 *	fs fill-host DIR [FEATURE...]		the same tree, or a part, in a directory of the host
 *	fs check-host DIR			like check, for a directory of the host
 *
 * TYPE "-" or none: detected by the superblock.  FS_LOGLEVEL shows kernel messages.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <anyfs.h>
#include <lkl.h>
#include "fs.h"

#define SYNCED_SIZE	300000

static int disk;
static AnyfsMount mounted;

static int mount_image(char **args, unsigned int flags)
{
	const char *level = getenv("FS_LOGLEVEL");
	AnyfsKernelOpts opts = { .loglevel = level ? atoi(level) : 0 };
	const char *type = args[1] && strcmp(args[1], "-") ? args[1] : NULL;
	int rc = anyfs_kernel_init(&opts);

	if (!rc) {
		disk = anyfs_disk_add(args[0], flags);
		rc = disk < 0 ? disk : 0;
	}
	if (!rc)
		rc = anyfs_mount(disk, 0, type, 0, args[1] ? args[2] : NULL, &mounted);
	if (rc)
		fprintf(stderr, "%s: %s\n", args[0], anyfs_strerror_last());
	else if (*mounted.note)
		fprintf(stderr, "%s: %s\n", args[0], mounted.note);
	if (!rc && !type)
		fprintf(stderr, "%s: found to be %s\n", args[0], mounted.fstype);
	return rc;
}

static int unmount_image(void)
{
	int rc = anyfs_umount(mounted.mount_point);

	rc = rc ?: anyfs_disk_remove(disk);
	rc = rc ?: anyfs_kernel_halt();
	if (rc)
		fprintf(stderr, "unmounting: %s\n", anyfs_strerror_last());
	return rc;
}

static void fill_one(const struct fs_tree *t, const struct fs_feature *f)
{
	int rc = f->make(t);

	if (!rc)
		rc = f->check(t);
	else
		fprintf(stderr, "%s: %s\n", f->name, strerror(-rc));
	for (unsigned int j = 0; rc && j < 2; j++)
		if (f->leftover[j])
			t->ops->unlink(tree_path(t, f->leftover[j]));
	printf("%s %s\n", f->name, rc ? "no" : "yes");
}

static void fill(const struct fs_tree *t)
{
	for (size_t i = 0; i < fs_nr_features; i++)
		fill_one(t, &fs_features[i]);
}

/* On file systems without fsync(2), write everything. */
static int sync_or_all(const struct fs_tree *t, long fd)
{
	int rc = fd < 0 ? fd : t->ops->fsync(fd);

	return rc == -EINVAL ? lkl_sys_sync() : rc;
}

/* Write with and without fsync; then exit without unmounting, like a crash. */
static int crash(const struct fs_tree *t)
{
	int rc = file_write(t, "synced", 50, 0, SYNCED_SIZE);
	long fd = rc ? rc : t->ops->open(tree_path(t, "synced"), false);

	if (fd < 0)
		return report_error("synced", "opening", fd);
	rc = sync_or_all(t, fd);
	if (!rc)
		rc = sync_or_all(t, t->ops->open(t->top, false));
	if (rc)
		return report_error("synced", "fsync", rc);
	file_write(t, "f.data", 51, 1000, 5000);
	file_write(t, "unsynced", 52, 0, 1000);
	_exit(0);
}

/* "yes": the synced file is complete; "old": it is not, but the file system can be read. */
static int check_synced(const struct fs_tree *t)
{
	struct fs_stat st;

	if (!file_check(t, "synced", 50, 0, SYNCED_SIZE, SYNCED_SIZE))
		puts("dirty yes");
	else if (!t->ops->stat(t->top, &st))
		puts("dirty old");
	else
		return 1;
	return 0;
}

static int run_on_host(const char *verb, const char *dir, char **names)
{
	const struct fs_tree t = { &fs_host, dir };

	if (!strcmp(verb, "check-host"))
		return features_check(&t);
	if (!*names)
		fill(&t);
	for (; *names; names++) {
		const struct fs_feature *f = feature_find(*names);

		if (!f)
			return report_error(*names, "no such feature", 0);
		fill_one(&t, f);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct fs_tree t = { &fs_kernel, mounted.mount_point };
	const char *verb = argc > 1 ? argv[1] : "";
	bool writes = !strcmp(verb, "fill") || !strcmp(verb, "crash");
	int rc;

	if (argc < 3) {
		fprintf(stderr, "usage: fs VERB IMAGE|DIR [TYPE [OPTIONS]]\n");
		return 2;
	}
	if (!strcmp(verb, "fill-host") || !strcmp(verb, "check-host"))
		return run_on_host(verb, argv[2], argv + 3);
	if (mount_image(argv + 2, writes ? 0 : ANYFS_DISK_READONLY))
		return 3;
	if (!strcmp(verb, "fill")) {
		fill(&t);
		rc = 0;
	} else if (!strcmp(verb, "crash")) {
		rc = crash(&t);
	} else {
		rc = !strcmp(verb, "dirty") ? check_synced(&t) : features_check(&t);
	}
	return unmount_image() || rc;
}
