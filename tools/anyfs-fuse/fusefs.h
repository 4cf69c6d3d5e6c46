/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fusefs.h - what the files of anyfs-fuse share
 *
 * The host's kernel sends requests about nodes; a node is a file of a file
 * system that the library kernel has mounted.  One process serves one mount.
 *
 * Read-only mounts have no open: the host never tells of opening and closing,
 * and every read finds its file by the node.  Writable ones open for real.
 *
 * Locks, taken in this order: gate (channel.c), names (name-locks.c), a mount's
 * lock (namespace.c), a directory's (ops-dir.c), table (node.c).  Only the
 * table's is never held across a call of the library kernel.
 */
#ifndef ANYFS_FUSEFS_H
#define ANYFS_FUSEFS_H

#define FUSE_USE_VERSION 312
#define _FILE_OFFSET_BITS 64
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <fuse3/fuse_lowlevel.h>
#include <anyfs.h>
#include <lkl.h>
#include <lkl/linux/stat.h>
#include "tool.h"

#define FUSE_IO_MAX	(1u << 20)	/* bytes of one read or write request */
#define FOREVER		1e9		/* seconds: we are the only ones who change the image */

/* ---- What the user asked for (options.c) -------------------------------- */

struct config {
	char **images;
	unsigned int nr_images;
	char *mount_point;
	bool write;
	bool foreground;
	bool prefetch;
	bool auto_unmount;
	bool map_uid, map_gid, map_mode;
	bool allow_other, default_permissions;
	bool sandbox;
	bool awake;			/* processors between requests, if we may */
	uid_t uid;
	gid_t gid;
	uid_t self_uid;			/* who mounts */
	gid_t self_gid;
	mode_t umask;
	unsigned int mem_mb, loglevel, threads;
	char *part;			/* path of the namespace, "p1"; NULL: all of it */
	char *fstype, *opts, *overlay;
	uint64_t offset, size;		/* where in the image the disk is; size 0: to the end */
	unsigned int sector_size;	/* 0: found out */
	bool force_write;
};

/* Parse the command line into @cfg and what libfuse is to be told; ends the program on errors. */
void options_parse(struct tool *t, struct config *cfg, int argc, char **argv,
		   struct fuse_args *fuse);

/* ---- Mounted file systems and the namespace (namespace.c) ---------------- */

/* A file system inside, mounted. */
struct fsys {
	int root;			/* descriptor of what is shown as its root */
	bool readonly;
	bool handles;			/* files can be found again by their handle */
	bool folds_case;		/* "A" may be the file "a", everywhere */
	bool has_casefold_flag;		/* or in directories with FS_CASEFOLD_FL */
	uint64_t dev;			/* st_dev of the root */
	unsigned int index;		/* of dev: see attr_ino() */
};

/* The directories and files that no file system has: the tree above the partitions. */
enum place_kind { PLACE_LIST, PLACE_PART, PLACE_TABLE };

struct place {
	enum place_kind kind;
	unsigned int ino;
	char name[32];			/* "disk0", "p1", ".partitions" */
	struct place *parent;		/* NULL: the root */
	struct node *node;
	struct anyfs_image *image;	/* PART */
	char path[64];			/* PART: in the image's namespace */
	struct fsys *fs;		/* PART: NULL until entered */
	char *text;			/* TABLE */
};

/* Open the image files, without a look into them.  False with the message printed. */
bool namespace_prepare(struct tool *t, const struct config *cfg);
/*
 * Build the namespace of what is in them, its root as node FUSE_ROOT_ID.  What
 * is one file system is mounted at once, partitions when they are entered.
 * False with the message printed.
 */
bool namespace_open(struct tool *t, const struct config *cfg);
/* See that @place is mounted.  0 or -errno, with the reason logged. */
int place_enter(struct place *place);
/* The @index-th place in @list, or NULL. */
struct place *place_child(const struct place *list, unsigned int index);
struct place *place_named(const struct place *list, const char *name);
void place_stat(const struct place *place, struct lkl_statx *stx);
/* Unmount, flush and close everything.  False, with the message logged, if that failed. */
bool namespace_close(void);
/* A file that a writable mount changes was deleted from the host: the changes are lost. */
bool namespace_deleted(void);
/* What was written so far reaches the images.  0 or -errno. */
int namespace_sync(void);

/* ---- Nodes (node.c) ------------------------------------------------------ */

/* How programs go through the files of a directory: tar; cp; rsync and patterns of a shell. */
enum file_order { AS_LISTED, BY_INODE, BY_NAME, NR_FILE_ORDERS };

struct node {
	uint64_t id;			/* what the host calls it; never used again */
	struct place *place;		/* a directory above the file systems, or NULL */
	struct fsys *fs;		/* NULL for a place that is not entered */
	struct node *next;		/* in the hash chain */
	struct node *newer, *older;	/* in the list of those with a cached descriptor */
	uint64_t nlookup;		/* the host's references */
	unsigned int refs;		/* requests at work */
	unsigned int fd_users;		/* requests that use fd */
	unsigned int pins;		/* > 0: fd is kept whatever happens */
	unsigned int writers;		/* open files that may be written to */
	int fd;				/* cached, or -1: see node_fd() */
	int path_fd;			/* keeps a file that has no handle, or -1 */
	uint64_t followers[NR_FILE_ORDERS];	/* of a small file, ids or 0: prefetch.c */
	uint16_t type;			/* S_IFMT bits */
	bool no_caps;			/* atomic: made here, and given no capabilities */
	bool folds_case;		/* a directory where "A" may be the file "a" */
	bool bare_names;		/* atomic: a directory that was listed without attributes */
	uint16_t write_error;		/* atomic: errno of cached data that was lost, or 0 */
	uint32_t hash;
	uint32_t key_len;
	uint8_t key[];			/* the file's identity in fs */
};

/*
 * What identifies a file in its file system: its handle, or device and inode
 * number, which stay its own while a descriptor of it is open.  A handle has
 * MAX_HANDLE_SZ bytes at most; name_to_handle_at(2) fails if asked for more.
 */
#define NODE_HANDLE_MAX	128
#define NODE_KEY_MAX	(sizeof(int) + NODE_HANDLE_MAX)
struct node_key {
	uint32_t len;
	uint8_t bytes[NODE_KEY_MAX];
	int fd;				/* O_PATH descriptor that keeps it, or -1 */
};

void nodes_init(unsigned int max_fds);
/* The node, with a reference; NULL if there is none. */
struct node *node_ref(uint64_t id);
void node_put(struct node *n);
/*
 * The node of the file @key in @fs, made if there is none, with a reference and
 * one more lookup of the host.  Takes key->fd.  NULL: out of memory.
 */
struct node *node_lookup(struct fsys *fs, struct node_key *key, uint16_t type);
/* The node if the host knows the file, with a reference.  Takes key->fd. */
struct node *node_known(struct fsys *fs, struct node_key *key);
void node_forget(uint64_t id, uint64_t nlookup);
/* In @order the small file @next comes after the small file @id. */
void node_set_follower(uint64_t id, enum file_order order, uint64_t next);
/* A node of the namespace, that stays.  NULL: out of memory. */
struct node *node_of_place(struct place *place, bool root);

/* Close all descriptors: what is done with nodes from now on fails. */
void nodes_close(void);

/* node-fd.c */

/*
 * A descriptor, shared: of a directory or a regular file for reading, O_PATH of
 * anything else and of what does not let itself be opened.  Give it back with
 * node_fd_put().  -errno.
 */
int node_fd(struct node *n);
void node_fd_put(struct node *n);
/* Keep the descriptor of a file that is going to lose its name.  0 or -errno. */
int node_pin(struct node *n);
void node_unpin(struct node *n);
/* A descriptor of its own, opened with @flags, to be closed. */
int node_open(struct node *n, int flags);
/* Give a node that has no descriptor one that keeps it. */
void node_give_fd(struct node *n, int fd);
/* Open what a handle, the key of a node, leads to. */
int handle_open(const struct fsys *fs, const uint8_t *key, uint32_t len, int flags);

/*
 * The host has a limited number of files open: descriptors are limited, and
 * requests need some too.  files_are_full(): there is room for no other one.
 */
void files_init(void);
bool files_are_full(void);
/*
 * @fd is a file that the host has open.  0, -ENFILE or -ENOMEM.  file_close() when
 * it has closed it, files_close() for those whose close it did not report.
 */
int file_opened(int fd);
void file_close(int fd);
void files_close(void);
/* The file @ino was opened with @flags, or that was closed: whether it is written to. */
void node_opened(uint64_t ino, int flags);
void node_closed(uint64_t ino, int flags);
bool node_is_written(uint64_t ino);

/* ---- Names (name-locks.c) ------------------------------------------------ */

/*
 * The host locks a directory while it asks, but gives up the lock when the
 * asking program is killed: looking at a name twice needs a lock of our own.
 */
void names_lock_shared(const struct node *dir);
void names_lock(const struct node *dir);
void names_unlock(const struct node *dir);
void names_lock_two(const struct node *a, const struct node *b);
void names_unlock_two(const struct node *a, const struct node *b);

/* ---- Attributes (attr.c) ------------------------------------------------- */

#define ATTR_MASK	LKL_STATX_BASIC_STATS

void attr_init(const struct config *cfg);
const struct config *attr_config(void);
/* Of @fs, whose root has the attributes @root. */
void attr_number_fs(struct fsys *fs, const struct lkl_statx *root);
/* What the host is shown as the inode number. */
uint64_t attr_ino(const struct fsys *fs, const struct lkl_statx *stx);
/* @fs NULL: of the namespace. */
void attr_stat(const struct fsys *fs, const struct lkl_statx *stx, struct stat *st);
double attr_timeout(const struct node *n);
/* Of the names in @dir. */
double entry_timeout(const struct node *dir);
/* Attributes of a node as they are now.  0 or -errno. */
int node_statx(struct node *n, unsigned int mask, struct lkl_statx *stx);
/* What is known of dirfd/name.  The caller holds the directory's names.  0 or -errno. */
int entry_look(struct fsys *fs, int dirfd, const char *name, struct node_key *key,
	       struct lkl_statx *stx);
/* The same for an open descriptor. */
int entry_look_fd(struct fsys *fs, int fd, struct node_key *key, struct lkl_statx *stx);
/* Key and attributes become a node, looked up once, and its entry.  0 or -errno. */
int entry_fill(struct fsys *fs, struct node_key *key, const struct lkl_statx *stx,
	       struct fuse_entry_param *e, struct node **node);
/* Look @name up in @dir.  The caller holds the directory's names. */
int entry_lookup(struct node *dir, int dirfd, const char *name, struct fuse_entry_param *e);

/* ---- On whose behalf (caller.c) ------------------------------------------ */

void caller_configure(const struct config *cfg);
/* Once in every thread that serves.  0 or -errno. */
int caller_init(void);
/* What is made now in @dirfd belongs to who asked. */
void caller_become(fuse_req_t req, int dirfd);
void caller_become_ids(uid_t uid, gid_t gid, mode_t umask, int dirfd);

/* ---- The channel (channel.c) --------------------------------------------- */

struct channel;

/* For @se, which is mounted, served by @threads threads at most.  NULL with the message printed. */
struct channel *channel_open(struct tool *t, struct fuse_session *se, unsigned int threads);
/* Agree with the host on how to talk.  What it asks then waits for channel_start(). */
bool channel_greet(struct tool *t, struct channel *c);
/* Start to serve.  False with the message printed, as channel_greet(). */
bool channel_start(struct tool *t, struct channel *c);
/* Wait until it is unmounted and the last request answered, or stopped. */
void channel_wait(struct channel *c);
/* No request is at work any more, and none will be begun. */
void channel_stop(struct channel *c);
/* Of a clock that is never set. */
uint64_t now_ns(void);
/* Scratch memory of this thread, FUSE_IO_MAX bytes, valid until the reply. */
char *channel_buffer(void);
/* Where the answer to the request at hand goes. */
int channel_fd(void);
/* Around the work on a request, in threads that are not the channel's. */
void channel_enter(struct channel *c);
void channel_leave(struct channel *c);
/*
 * The host writes its pages of @ino to us and forgets them, before this returns.
 * What this thread answers from then on goes to @fd.
 */
void channel_drop_pages(struct channel *c, int fd, fuse_ino_t ino);
/* Let the host forget the attributes of a file, within a request. */
void channel_drop_attr(fuse_ino_t ino);
/* The host gets the first @len bytes of @ino, all there are.  0 or -errno. */
int channel_store_pages(struct channel *c, fuse_ino_t ino, char *buf, size_t len);
/* Other threads can answer what the host asks meanwhile. */
bool channel_has_relief(struct channel *c);
/* No request is at work but the caller's, and none waits. */
bool channel_is_quiet(struct channel *c);
/* The request at hand is a write that must clear set-id bits. */
bool channel_kills_setid(void);
/* The request at hand sets an ACL and must clear the set-group-ID bit. */
bool channel_kills_sgid(void);

/* Requests that libfuse does not know (raw-requests.c): true if @in was answered. */
bool newer_request(int fd, const void *in, size_t len);

/* ---- The life of the process (helper.c, main.c) -------------------------- */

struct helper;

/*
 * A process of its own that unmounts for us, since we will not be able to, and
 * tells those who wait for the end how it went.  NULL with the message printed.
 */
struct helper *helper_start(struct tool *t, const struct config *cfg);
/*
 * Inside the sandbox, before requests are served: let the helper abort the connection if
 * this process is killed and cannot end.  False with the message printed.
 */
bool helper_watch(struct tool *t, struct helper *h);
/* It is mounted, though nobody serves it yet. */
void helper_mounted(struct helper *h);
/* Wait until who wants to unmount it can find the helper.  False: that is gone. */
bool helper_found(struct helper *h);
/* Unmount; it comes as the end of the channel, unless somebody still uses the mount. */
enum unmount_result { UNMOUNTED, UNMOUNTED_BUSY, UNMOUNT_FAILED };
enum unmount_result helper_unmount(struct helper *h);
/* The mount will not be served after all: it is gone when this returns. */
void helper_abandon(struct helper *h);
/* The mount has ended: another may get its number before all is written. */
void helper_unmounted(struct helper *h);
/* A line for the system's log. */
void helper_log(struct helper *h, const char *text);
/* Report the end to those who wait for it; @deleted: the image has no name any more. */
void helper_report(struct helper *h, bool flushed, bool deleted);

/* tune.c: nobody is told if these are not allowed */

/* The mount with the device number @dev reads ahead by whole requests. */
void tune_read_ahead(dev_t dev);
/* Before the sandbox, for tune_awake(). */
void tune_prepare(void);
/* Whether processors with nothing to do wait awake.  One thread at a time. */
void tune_awake(bool awake);

/* A line for the user: stderr, or the system's log in the background. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Something that a program takes for written was not stored, -errno @err.  Who
 * syncs is told once only; the exit code has to remember.
 */
void note_loss(long err);

/* ---- Requests (ops-*.c) -------------------------------------------------- */

/* The table of what follows, for a writable mount or one that is not (ops.c). */
const struct fuse_lowlevel_ops *fusefs_ops(const struct config *cfg);

/*
 * The node that a request is about, with a reference, its partition mounted;
 * NULL when the request has been answered with an error.
 */
struct node *op_begin(fuse_req_t req, fuse_ino_t ino);
/* As op_begin(), with a descriptor too.  op_end() gives both back. */
struct node *op_begin_fd(fuse_req_t req, fuse_ino_t ino, int *fd);
void op_end(struct node *n);
/* The same with the descriptor of the open file @fi, if there is one. */
struct node *op_begin_file(fuse_req_t req, fuse_ino_t ino, const struct fuse_file_info *fi,
			   int *fd);
void op_end_file(struct node *n, const struct fuse_file_info *fi);
/* Answer with -errno @rc, or 0. */
void op_reply(fuse_req_t req, long rc);
/* The same for requests that store what was written. */
void op_reply_stored(fuse_req_t req, long rc);
void op_reply_entry(fuse_req_t req, struct fuse_entry_param *e);

/* ops-node.c */
void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name);
void op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t nlookup);
void op_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *forgets);
void op_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr, int to_set,
		struct fuse_file_info *fi);
/*
 * Clear the set-user-ID bit of the regular file @fd, and the set-group-ID bit if the
 * group may execute it.  1 if a bit was set, 0 if none was, or -errno.
 */
long clear_setid(int fd);
void op_readlink(fuse_req_t req, fuse_ino_t ino);
void op_statfs(fuse_req_t req, fuse_ino_t ino);
void op_ioctl(fuse_req_t req, fuse_ino_t ino, unsigned int cmd, void *arg,
	      struct fuse_file_info *fi, unsigned int flags, const void *in_buf,
	      size_t in_bufsz, size_t out_bufsz);

/* ops-name.c */
void op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, dev_t rdev);
void op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode);
void op_symlink(fuse_req_t req, const char *target, fuse_ino_t parent, const char *name);
void op_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t newparent, const char *newname);
void op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name);
void op_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name);
void op_rename(fuse_req_t req, fuse_ino_t parent, const char *name, fuse_ino_t newparent,
	       const char *newname, unsigned int flags);

/* ops-dir.c */
void op_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		struct fuse_file_info *fi);
void op_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		    struct fuse_file_info *fi);
/* A name in @dir is looked up. */
void listing_looked_up(const struct node *dir);
void op_fsyncdir(fuse_req_t req, fuse_ino_t ino, int datasync, struct fuse_file_info *fi);

/* ops-file.c */
void op_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
	       struct fuse_file_info *fi);
void op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void op_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off, struct fuse_file_info *fi);
void op_write(fuse_req_t req, fuse_ino_t ino, const char *buf, size_t size, off_t off,
	      struct fuse_file_info *fi);
void op_fsync(fuse_req_t req, fuse_ino_t ino, int datasync, struct fuse_file_info *fi);
void op_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t offset, off_t length,
		  struct fuse_file_info *fi);
void op_lseek(fuse_req_t req, fuse_ino_t ino, off_t off, int whence, struct fuse_file_info *fi);
void op_copy_file_range(fuse_req_t req, fuse_ino_t in, off_t in_off, struct fuse_file_info *in_fi,
			fuse_ino_t out, off_t out_off, struct fuse_file_info *out_fi, size_t len,
			int flags);

/* The descriptor of a file that the host has open; its fh must not be 0. */
int file_fd(const struct fuse_file_info *fi);
/*
 * Bytes read, fewer at the end of the file only; or -errno, even if there were some
 * before.
 */
long read_all(int fd, char *buf, size_t size, off_t off);

/* prefetch.c */

#define AHEAD_FILE_MAX	(64u << 10)	/* bytes of a small file */

/* A small file in a listing. */
struct small_file {
	uint64_t id, ino;
	const char *name;
	size_t name_len;
};

/* On a read-only mount: begin to send what will be asked for. */
void ahead_start(struct channel *c);
/* These were listed together; they are sorted. */
void ahead_listed(struct small_file *files, unsigned int nr);
/* The host wants the begin of @n, and will be given it after this. */
void ahead_of(fuse_req_t req, const struct node *n);

/* deferred-reply.c */

union later_arg {
	struct {
		off_t off;
		int whence;
	} seek;
	struct {
		unsigned int index;
		char in[32];
	} ioctl;
};
typedef void later_fn(fuse_req_t req, fuse_ino_t ino, int fd, const union later_arg *arg);

/* On a writable mount: start what later() needs.  False with the message printed. */
bool later_start(struct tool *t, struct channel *c);
/*
 * Call @answer once the host has written what it keeps of @ino, with a descriptor
 * like @fd.  False: out of memory.
 */
bool later(fuse_req_t req, fuse_ino_t ino, int fd, later_fn *answer, const union later_arg *arg);

/* ops-xattr.c */
void op_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size);
void op_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size);
void op_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name, const char *value, size_t size,
		 int flags);
void op_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name);

#endif /* ANYFS_FUSEFS_H */
