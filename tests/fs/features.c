// SPDX-License-Identifier: GPL-2.0
/*
 * features.c - write and check each feature of a file system
 *
 * The features are columns of docs/file-systems.md.  Names of files are short and
 * numbers of owners small, because the oldest file systems allow 14 bytes for a name
 * and one byte for some of the numbers.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "fs.h"

#define GIB		(1ull << 30)
#define DATA_SIZE	((1u << 20) + 123)
#define HUGE_AT		(4 * GIB + 12345)
#define HUGE_LEN	100001
#define SPARSE_AT	(64u << 20)
#define NR_MANY		300

static int stat_of(const struct fs_tree *t, const char *name, struct fs_stat *st)
{
	long rc = t->ops->stat(tree_path(t, name), st);

	return rc < 0 ? report_error(name, "stat", rc) : 0;
}

static int expect_that(bool ok, const char *name, const char *what)
{
	return ok ? 0 : report_error(name, what, 0);
}

/* ---- write: files in the root are created, changed, truncated, replaced, removed ---- */

static int write_make(const struct fs_tree *t)
{
	int rc;

	if ((rc = file_write(t, "f.data", 1, 0, DATA_SIZE)) ||
	    (rc = file_write(t, "f.over", 2, 0, 100000)) ||
	    (rc = file_write(t, "f.over", 3, 5000, 3000)) ||
	    (rc = file_write(t, "f.cut", 4, 0, 50000)) ||
	    (rc = t->ops->truncate(tree_path(t, "f.cut"), 20001)) ||
	    (rc = file_write(t, "f.old", 5, 0, 1000)) ||
	    (rc = t->ops->rename(tree_path(t, "f.old"), tree_path(t, "f.new"))) ||
	    (rc = file_write(t, "f.repl", 6, 0, 30000)) ||
	    (rc = file_write(t, "f.tmp", 7, 0, 20000)) ||
	    (rc = t->ops->rename(tree_path(t, "f.tmp"), tree_path(t, "f.repl"))) ||
	    (rc = file_write(t, "f.gone", 8, 0, 40000)) ||
	    (rc = t->ops->unlink(tree_path(t, "f.gone"))))
		return report_error("files", "making them", rc);
	return 0;
}

static int write_check(const struct fs_tree *t)
{
	struct fs_stat st;
	int rc;

	if ((rc = file_check(t, "f.data", 1, 0, DATA_SIZE, DATA_SIZE)) ||
	    (rc = file_check(t, "f.over", 2, 0, 5000, 100000)) ||
	    (rc = file_check(t, "f.over", 3, 5000, 3000, 100000)) ||
	    (rc = file_check(t, "f.over", 2, 8000, 92000, 100000)) ||
	    (rc = file_check(t, "f.cut", 4, 0, 20001, 20001)) ||
	    (rc = file_check(t, "f.new", 5, 0, 1000, 1000)) ||
	    (rc = file_check(t, "f.repl", 7, 0, 20000, 20000)))
		return rc;
	rc = t->ops->stat(tree_path(t, "f.gone"), &st);
	return expect_that(rc == -ENOENT, "f.gone", "should not be there");
}

/* ---- directories ---- */

static int directories_make(const struct fs_tree *t)
{
	int rc;

	if ((rc = t->ops->mkdir(tree_path(t, "d"))) ||
	    (rc = t->ops->mkdir(tree_path(t, "d/e"))) ||
	    (rc = t->ops->mkdir(tree_path(t, "d/e/f"))) ||
	    (rc = t->ops->mkdir(tree_path(t, "d/gone"))) ||
	    (rc = file_write(t, "d/e/f/deep", 10, 0, 5000)) ||
	    (rc = file_write(t, "d/e/f/moved", 11, 0, 6000)) ||
	    (rc = t->ops->rename(tree_path(t, "d/e/f/moved"), tree_path(t, "d/here"))) ||
	    (rc = t->ops->rename(tree_path(t, "d/e/f"), tree_path(t, "d/g"))) ||
	    (rc = t->ops->rmdir(tree_path(t, "d/gone"))))
		return report_error("directories", "making them", rc);
	return 0;
}

static int count_one(void *data, const char *name)
{
	(void)name;
	++*(unsigned int *)data;
	return 0;
}

static int directories_check(const struct fs_tree *t)
{
	unsigned int nr = 0;
	int rc;

	if ((rc = file_check(t, "d/g/deep", 10, 0, 5000, 5000)) ||
	    (rc = file_check(t, "d/here", 11, 0, 6000, 6000)) ||
	    (rc = t->ops->list(tree_path(t, "d"), count_one, &nr)))
		return report_error("directories", "reading them", rc);
	return expect_that(nr == 3, "d", "should have three entries");
}

/* ---- times, owners, links, devices ---- */

static int times_make(const struct fs_tree *t)
{
	int rc = file_write(t, "f.time", 12, 0, 100);

	return rc ? rc : (int)t->ops->set_mtime(tree_path(t, "f.time"), 1000000000);
}

static int times_check(const struct fs_tree *t)
{
	struct fs_stat st;

	return stat_of(t, "f.time", &st) ?: expect_that(st.mtime == 1000000000, "f.time", "its time");
}

static int owner_make(const struct fs_tree *t)
{
	int rc = file_write(t, "f.own", 13, 0, 100);

	if (!rc)
		rc = t->ops->chown(tree_path(t, "f.own"), 234, 56);
	return rc ? rc : (int)t->ops->chmod(tree_path(t, "f.own"), 04750);
}

static int owner_check(const struct fs_tree *t)
{
	struct fs_stat st;

	return stat_of(t, "f.own", &st) ?:
		expect_that(st.uid == 234 && st.gid == 56 && st.mode == (S_IFREG | 04750),
			    "f.own", "its owner, group or mode");
}

static const char link_target[] = "d/../some/where else/that does not exist/0123456789/0123456789/"
				  "0123456789/0123456789/end";

static int symlink_make(const struct fs_tree *t)
{
	return t->ops->symlink(link_target, tree_path(t, "soft"));
}

static int symlink_check(const struct fs_tree *t)
{
	char buf[256];
	long n = t->ops->readlink(tree_path(t, "soft"), buf, sizeof(buf));

	if (n < 0)
		return report_error("soft", "reading the link", n);
	return expect_that(n == sizeof(link_target) - 1 && !memcmp(buf, link_target, n), "soft",
			   "its target");
}

static int hardlink_make(const struct fs_tree *t)
{
	int rc = file_write(t, "f.two", 14, 0, 3000);

	return rc ? rc : (int)t->ops->link(tree_path(t, "f.two"), tree_path(t, "hard"));
}

static int hardlink_check(const struct fs_tree *t)
{
	struct fs_stat a, b;

	return stat_of(t, "f.two", &a) ?: stat_of(t, "hard", &b) ?:
		file_check(t, "hard", 14, 0, 3000, 3000) ?:
		expect_that(a.ino == b.ino && b.nlink == 2, "hard", "its number of links");
}

static int device_make(const struct fs_tree *t)
{
	int rc = t->ops->mknod(tree_path(t, "fifo"), S_IFIFO | 0600, 0, 0);

	return rc ? rc : (int)t->ops->mknod(tree_path(t, "dev"), S_IFCHR | 0640, 7, 9);
}

static int device_check(const struct fs_tree *t)
{
	struct fs_stat dev, fifo;

	return stat_of(t, "dev", &dev) ?: stat_of(t, "fifo", &fifo) ?:
		expect_that(dev.mode == (S_IFCHR | 0640) && dev.rdev_major == 7 &&
			    dev.rdev_minor == 9 && S_ISFIFO(fifo.mode), "dev", "its type or number");
}

/* ---- extended attributes ---- */

static const char xattr_value[] = "a value of some length \001\377 with bytes that are no text";

/* user:4321:rw-, in the form of system.posix_acl_access; little endian. */
static const unsigned char acl_value[] = {
	2, 0, 0, 0,
	0x01, 0, 6, 0, 0xff, 0xff, 0xff, 0xff,		/* the owner: rw- */
	0x02, 0, 6, 0, 0xe1, 0x10, 0, 0,		/* user 4321: rw- */
	0x04, 0, 4, 0, 0xff, 0xff, 0xff, 0xff,		/* the group: r-- */
	0x10, 0, 6, 0, 0xff, 0xff, 0xff, 0xff,		/* mask: rw- */
	0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,		/* others: --- */
};

static int value_make(const struct fs_tree *t, const char *file, const char *name,
		      const void *value, size_t len)
{
	int rc = file_write(t, file, 15, 0, 100);

	return rc ? rc : (int)t->ops->setxattr(tree_path(t, file), name, value, len);
}

static int value_check(const struct fs_tree *t, const char *file, const char *name,
		       const void *value, size_t len)
{
	char buf[512];
	long n = t->ops->getxattr(tree_path(t, file), name, buf, sizeof(buf));

	if (n < 0)
		return report_error(file, name, n);
	return expect_that((size_t)n == len && !memcmp(buf, value, len), file, name);
}

static int xattr_make(const struct fs_tree *t)
{
	return value_make(t, "f.xattr", "user.anyfs", xattr_value, sizeof(xattr_value));
}

static int xattr_check(const struct fs_tree *t)
{
	return value_check(t, "f.xattr", "user.anyfs", xattr_value, sizeof(xattr_value));
}

#define ACL	"system.posix_acl_access"

static int acl_make(const struct fs_tree *t)
{
	return value_make(t, "f.acl", ACL, acl_value, sizeof(acl_value));
}

static int acl_check(const struct fs_tree *t)
{
	return value_check(t, "f.acl", ACL, acl_value, sizeof(acl_value));
}

/* ---- names and numbers ---- */

static int many_make(const struct fs_tree *t)
{
	char name[32];
	int rc = t->ops->mkdir(tree_path(t, "many"));

	for (unsigned int i = 0; !rc && i < NR_MANY; i++) {
		snprintf(name, sizeof(name), "many/f%03u", i);
		rc = file_write(t, name, 100 + i, 0, 16 + i);
	}
	return rc;
}

static int many_check(const struct fs_tree *t)
{
	unsigned int nr = 0;
	char name[32];
	int rc = t->ops->list(tree_path(t, "many"), count_one, &nr);

	for (unsigned int i = 0; !rc && i < NR_MANY; i++) {
		snprintf(name, sizeof(name), "many/f%03u", i);
		rc = file_check(t, name, 100 + i, 0, 16 + i, 16 + i);
	}
	return rc ?: expect_that(nr == NR_MANY, "many", "its number of entries");
}

static const char unicode_name[] = "u\u00e4\u03a9\u6f22";

static int unicode_make(const struct fs_tree *t)
{
	return file_write(t, unicode_name, 16, 0, 2000);
}

static int is_unicode(void *data, const char *name)
{
	*(bool *)data |= !strcmp(name, unicode_name);
	return 0;
}

static int unicode_check(const struct fs_tree *t)
{
	bool found = false;
	int rc = t->ops->list(t->top, is_unicode, &found);

	return rc ?: file_check(t, unicode_name, 16, 0, 2000, 2000) ?:
		expect_that(found, unicode_name, "its name in the directory");
}

/* ---- sizes ---- */

static int sparse_make(const struct fs_tree *t)
{
	return file_write(t, "f.sparse", 17, SPARSE_AT, 4096);
}

static int sparse_check(const struct fs_tree *t)
{
	struct fs_stat st;

	return file_check(t, "f.sparse", 17, SPARSE_AT, 4096, SPARSE_AT + 4096) ?:
		stat_of(t, "f.sparse", &st) ?:
		expect_that(st.blocks * 512 < SPARSE_AT / 8, "f.sparse", "its blocks");
}

static int huge_make(const struct fs_tree *t)
{
	return file_write(t, "f.huge", 18, 0, 70000) ?:
		file_write(t, "f.huge", 19, HUGE_AT, HUGE_LEN);
}

static int huge_check(const struct fs_tree *t)
{
	return file_check(t, "f.huge", 18, 0, 70000, HUGE_AT + HUGE_LEN) ?:
		file_check(t, "f.huge", 19, HUGE_AT, HUGE_LEN, HUGE_AT + HUGE_LEN);
}

const struct fs_feature fs_features[] = {
	{ "write", write_make, write_check, {} },
	{ "directories", directories_make, directories_check, {} },
	{ "times", times_make, times_check, {} },
	{ "owners", owner_make, owner_check, {} },
	{ "symlinks", symlink_make, symlink_check, { "soft" } },
	{ "hardlinks", hardlink_make, hardlink_check, { "hard" } },
	{ "devices", device_make, device_check, { "fifo", "dev" } },
	{ "xattr", xattr_make, xattr_check, {} },
	{ "ACL", acl_make, acl_check, {} },
	{ ">255", many_make, many_check, {} },
	{ "unicode", unicode_make, unicode_check, { unicode_name } },
	{ "sparse", sparse_make, sparse_check, { "f.sparse" } },
	{ ">4GiB", huge_make, huge_check, { "f.huge" } },
};

const size_t fs_nr_features = sizeof(fs_features) / sizeof(fs_features[0]);

const struct fs_feature *feature_find(const char *name)
{
	for (size_t i = 0; i < fs_nr_features; i++)
		if (!strcmp(fs_features[i].name, name))
			return &fs_features[i];
	return NULL;
}

int features_check(const struct fs_tree *t)
{
	const struct fs_feature *f;
	char name[64], value[64];
	int nr = 0;

	while (scanf("%63s %63s", name, value) == 2) {
		f = feature_find(name);
		if (!f)
			return report_error(name, "no such feature", 0);
		if (!strcmp(value, "yes") && f->check(t))
			snprintf(value, sizeof(value), "lost");
		printf("%s %s\n", name, value);
		nr++;
	}
	return !nr;
}
