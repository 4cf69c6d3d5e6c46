// SPDX-License-Identifier: GPL-2.0
/*
 * ops-dir.c - requests that list directories
 *
 * The host does not open directories.  A request has a position, in offsets of the file
 * system, and the host caches the answer.  All requests for a directory share its
 * descriptor, so a lock serialises them.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include "fusefs.h"
#include <lkl/linux/fuse.h>

#define NR_LOCKS	64

static pthread_mutex_t locks[NR_LOCKS] = { [0 ... NR_LOCKS - 1] = PTHREAD_MUTEX_INITIALIZER };

static pthread_mutex_t *lock_of(const struct node *dir)
{
	return &locks[(dir->id * 0x9e3779b97f4a7c15ull) >> 58];
}

/*
 * To list attributes, every inode has to be read, and a program that needs only names
 * would wait for that.  So entries are listed without attributes until a program looks
 * up an entry of a directory that was listed so; from then on all listings have them.
 */
static bool attributes_wanted;		/* atomic */

void listing_note_lookup(const struct node *dir)
{
	if (__atomic_load_n(&dir->bare_names, __ATOMIC_RELAXED))
		__atomic_store_n(&attributes_wanted, true, __ATOMIC_RELAXED);
}

/* An answer that is being built. */
struct listing {
	fuse_req_t req;
	struct node *dir;
	int fd;
	bool plus;			/* the reply has entries with attributes */
	bool attributes;		/* and they are filled in */
	char *buf;			/* reply */
	size_t size, len;
	uint64_t ino_bits;		/* index of this directory's device: see attr_ino() */
	struct small_file small[128];	/* for prefetch.c */
	unsigned int nr_small;
};

static bool is_dots(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

/* Add an entry to the answer.  True if there was room. */
static bool add_entry(struct listing *l, const char *name, const struct fuse_entry_param *e,
		      off_t next)
{
	size_t left = l->size - l->len, need;

	if (l->plus)
		need = fuse_add_direntry_plus(l->req, l->buf + l->len, left, name, e, next);
	else
		need = fuse_add_direntry(l->req, l->buf + l->len, left, name, &e->attr, next);
	if (need > left)
		return false;
	l->len += need;
	return true;
}

/* Record the entry at @at of the answer for prefetch.c, if it is a small file. */
static void note_small_file(struct listing *l, const struct fuse_entry_param *e, size_t at)
{
	const struct lkl_fuse_direntplus *d = (const void *)(l->buf + at);

	if (!l->dir->fs->readonly || !S_ISREG(e->attr.st_mode) || !e->attr.st_size ||
	    e->attr.st_size > AHEAD_FILE_MAX)
		return;
	if (l->nr_small < sizeof(l->small) / sizeof(l->small[0]))
		l->small[l->nr_small++] = (struct small_file){
			.id = e->ino, .ino = e->attr.st_ino,
			.name = d->dirent.name, .name_len = d->dirent.namelen,
		};
}

static bool add_dirent(struct listing *l, const struct lkl_linux_dirent64 *d)
{
	struct fuse_entry_param e;
	size_t at = l->len;
	int rc = -1;

	memset(&e, 0, sizeof(e));
	/* The names are locked: the lookup finds the file that was listed. */
	if (l->attributes && !is_dots(d->d_name))
		rc = entry_lookup(l->dir, l->fd, d->d_name, &e);
	if (rc) {
		/* The lookup failed: list the name; a later lookup reports the error. */
		memset(&e, 0, sizeof(e));
		if (l->dir->fs->made_up_inos && !is_dots(d->d_name))
			e.attr.st_ino = kept_number(l->dir, d->d_name);
		else
			e.attr.st_ino = d->d_ino ^ l->ino_bits;
		e.attr.st_mode = (mode_t)d->d_type << 12;
	}
	if (!add_entry(l, d->d_name, &e, d->d_off)) {
		if (!rc)
			node_forget(e.ino, 1);
		return false;
	}
	if (!rc)
		note_small_file(l, &e, at);
	return true;
}

/* Add entries from @off on.  The directory is locked.  0 or -errno. */
static long add_entries(struct listing *l, off_t off, char *dents, size_t size)
{
	long rc = lkl_sys_lseek(l->fd, off, LKL_SEEK_SET), n;

	while (rc >= 0) {
		n = lkl_sys_getdents64(l->fd, (struct lkl_linux_dirent64 *)dents, size);
		if (n <= 0)
			return n;
		for (long at = 0; at < n;) {
			struct lkl_linux_dirent64 *d = (void *)(dents + at);

			if (!add_dirent(l, d))
				return 0;
			at += d->d_reclen;
		}
		/* Stop when there is little room: entries that do not fit are read again. */
		if (l->size - l->len < l->size / 4)
			return 0;
	}
	return rc;
}

static void note_ino_bits(struct listing *l)
{
	struct lkl_statx stx;

	if (!lkl_sys_statx(l->fd, "", LKL_AT_EMPTY_PATH, LKL_STATX_INO, &stx))
		l->ino_bits = attr_ino(l->dir->fs, &stx) ^ stx.stx_ino;
}

static void list_dir(struct listing *l, off_t off)
{
	/* An entry with attributes takes about four times the bytes of a dirent. */
	char dents[8192];
	size_t size = l->plus ? l->size / 4 : l->size;
	long rc;

	if (size > sizeof(dents))
		size = sizeof(dents);
	if (size < 512)
		size = 512;
	note_ino_bits(l);
	l->attributes = l->plus && __atomic_load_n(&attributes_wanted, __ATOMIC_RELAXED);
	if (l->plus && !l->attributes)
		__atomic_store_n(&l->dir->bare_names, true, __ATOMIC_RELAXED);
	names_lock_shared(l->dir);
	pthread_mutex_lock(lock_of(l->dir));
	rc = add_entries(l, off, dents, size);
	pthread_mutex_unlock(lock_of(l->dir));
	names_unlock(l->dir);
	prefetch_set_order(l->small, l->nr_small);
	if (rc < 0 && !l->len)
		op_reply(l->req, rc);
	else
		fuse_reply_buf(l->req, l->buf, l->len);
}

/* List a directory above the file systems; offsets are indices of entries. */
static void list_virtual(struct listing *l, off_t off)
{
	struct virtual_entry child;

	for (; virtual_child(l->dir, off, &child) > 0; off++) {
		struct fuse_entry_param e;
		struct lkl_statx stx;

		memset(&e, 0, sizeof(e));
		if (!node_statx(child.node, ATTR_MASK, &stx)) {
			attr_stat(child.node->fs, &stx, &e.attr);
			e.ino = child.node->id;
			e.entry_timeout = FOREVER;
			e.attr_timeout = attr_timeout(child.node);
		}
		if (!add_entry(l, child.name, &e, off + 1))
			break;
	}
	fuse_reply_buf(l->req, l->buf, l->len);
}

static void reply_entries(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off, bool plus)
{
	struct listing l = {
		.req = req, .plus = plus, .buf = channel_buffer(),
		.size = size > FUSE_IO_MAX ? FUSE_IO_MAX : size,
	};

	l.dir = node_ref(ino);
	if (l.dir && node_lists(l.dir)) {
		list_virtual(&l, off);
		node_put(l.dir);
		return;
	}
	if (l.dir)
		node_put(l.dir);
	l.dir = op_begin_fd(req, ino, &l.fd);
	if (!l.dir)
		return;
	list_dir(&l, off);
	op_end(l.dir);
}

void op_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		struct fuse_file_info *fi)
{
	reply_entries(req, ino, size, off, false);
}

void op_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		    struct fuse_file_info *fi)
{
	reply_entries(req, ino, size, off, true);
}

/* An fsync of the root syncs all file systems: the host sends no request for sync(2). */
void op_fsyncdir(fuse_req_t req, fuse_ino_t ino, int datasync, struct fuse_file_info *fi)
{
	struct node *n;
	int fd;

	if (ino == FUSE_ROOT_ID) {
		op_reply_stored(req, namespace_sync());
		return;
	}
	n = op_begin_fd(req, ino, &fd);
	if (!n)
		return;
	op_reply_stored(req, datasync ? lkl_sys_fdatasync(fd) : lkl_sys_fsync(fd));
	op_end(n);
}
