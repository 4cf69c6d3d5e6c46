// SPDX-License-Identifier: GPL-2.0
/*
 * ops-name.c - requests that make, remove and move names
 */
#include <errno.h>
#include <string.h>
#include "fusefs.h"
#include <lkl/linux/fs.h>

/* Prepare to make a name in @parent.  NULL: the request is answered with an error. */
static struct node *make_begin(fuse_req_t req, fuse_ino_t parent, int *fd)
{
	struct node *dir = op_begin_fd(req, parent, fd);

	if (!dir)
		return NULL;
	caller_become(req, *fd);
	names_lock(dir);
	return dir;
}

/* Answer with the entry of the new @name, or with the error @rc. */
static void make_end(fuse_req_t req, struct node *dir, int fd, const char *name, long rc)
{
	struct fuse_entry_param e;

	memset(&e, 0, sizeof(e));
	if (!rc)
		rc = entry_lookup(dir, fd, name, &e);
	if (rc)
		op_reply(req, rc);
	else
		op_reply_entry(req, &e);
	names_unlock(dir);
	op_end(dir);
}

void op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, dev_t rdev)
{
	int fd;
	struct node *dir = make_begin(req, parent, &fd);

	if (dir)
		make_end(req, dir, fd, name, lkl_sys_mknodat(fd, name, mode, rdev));
}

void op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
	int fd;
	struct node *dir = make_begin(req, parent, &fd);

	if (dir)
		make_end(req, dir, fd, name, lkl_sys_mkdirat(fd, name, mode));
}

void op_symlink(fuse_req_t req, const char *target, fuse_ino_t parent, const char *name)
{
	int fd;
	struct node *dir = make_begin(req, parent, &fd);

	if (dir)
		make_end(req, dir, fd, name, lkl_sys_symlinkat(target, fd, name));
}

void op_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t newparent, const char *newname)
{
	int fd, file;
	struct node *dir, *n = op_begin_fd(req, ino, &file);
	long rc;

	if (!n)
		return;
	dir = make_begin(req, newparent, &fd);
	if (dir) {
		rc = n->fs == dir->fs ?
		     lkl_sys_linkat(file, "", fd, newname, LKL_AT_EMPTY_PATH) : -EXDEV;
		make_end(req, dir, fd, newname, rc);
	}
	op_end(n);
}

/* The node of @name, with a reference, or NULL if the host does not know the file. */
static struct node *find_node_of(struct node *dir, int fd, const char *name)
{
	struct node_key key;
	struct lkl_statx stx;

	if (entry_look(dir, fd, name, &key, &stx) < 0)
		return NULL;
	return node_find(dir->fs, &key);
}

/*
 * Called before a name is removed: the file may be open on the host, so pin a descriptor
 * that keeps it.  NULL if the host does not know the file.
 */
static struct node *pin_removed(struct node *dir, int fd, const char *name)
{
	struct node *n = find_node_of(dir, fd, name);

	if (n && node_pin(n) < 0) {
		node_put(n);
		n = NULL;
	}
	return n;
}

/*
 * Called after the removal: unpin a file that still has a name, since it can be opened by
 * its handle.  A removed directory stays pinned: some file systems do not count its links.
 */
static void unpin_removed(struct node *n, const struct node *dir, const char *name, bool gone)
{
	struct lkl_statx stx;

	if (!n)
		return;
	if (gone)
		kept_unnamed(n, dir, name);
	if (gone && n->type != S_IFDIR && !node_statx(n, LKL_STATX_NLINK, &stx))
		gone = stx.stx_nlink == 0;
	if (!gone)
		node_unpin(n);
	node_put(n);
}

static void remove_name(fuse_req_t req, fuse_ino_t parent, const char *name, int flags)
{
	int fd;
	struct node *victim, *dir = op_begin_fd(req, parent, &fd);
	long rc;

	if (!dir)
		return;
	names_lock(dir);
	victim = pin_removed(dir, fd, name);
	rc = lkl_sys_unlinkat(fd, name, flags);
	unpin_removed(victim, dir, name, !rc);
	names_unlock(dir);
	op_reply(req, rc);
	op_end(dir);
}

void op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	remove_name(req, parent, name, 0);
}

void op_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	remove_name(req, parent, name, LKL_AT_REMOVEDIR);
}

/* Rename, and note the new names of files that have no handle.  The names are locked. */
static long rename_files(struct node *dir, int fd, const char *name, struct node *newdir,
			 int newfd, const char *newname, unsigned int flags)
{
	struct node *moved = dir->fs->handles ? NULL : find_node_of(dir, fd, name);
	struct node *victim = pin_removed(newdir, newfd, newname);
	bool exchange = flags & LKL_RENAME_EXCHANGE;
	long rc = lkl_sys_renameat2(fd, name, newfd, newname, flags);

	if (victim && exchange && !rc)
		kept_moved(victim, dir, name);
	/*
	 * On a file system that folds case, a file may be renamed to another spelling of its
	 * name: then it is its own victim, and does not lose a name.
	 */
	unpin_removed(victim, newdir, newname, !rc && !exchange && victim != moved);
	if (moved && !rc)
		kept_moved(moved, newdir, newname);
	if (moved)
		node_put(moved);
	return rc;
}

void op_rename(fuse_req_t req, fuse_ino_t parent, const char *name, fuse_ino_t newparent,
	       const char *newname, unsigned int flags)
{
	int fd, newfd;
	struct node *newdir, *dir = op_begin_fd(req, parent, &fd);
	long rc = -EXDEV;

	if (!dir)
		return;
	newdir = op_begin_fd(req, newparent, &newfd);
	if (!newdir) {
		op_end(dir);
		return;
	}
	names_lock_two(dir, newdir);
	if (dir->fs == newdir->fs)
		rc = rename_files(dir, fd, name, newdir, newfd, newname, flags);
	names_unlock_two(dir, newdir);
	op_reply(req, rc);
	op_end(newdir);
	op_end(dir);
}
