/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fusefs.h - declarations that the files of anyfs-fuse share
 *
 * The host's kernel sends requests about nodes; a node is a file of a file system that
 * the library kernel has mounted.  One process serves one mount.
 *
 * On a read-only mount the host sends no open and close requests, and a read finds its
 * file by the node.  On a writable mount it sends them, and an open file has a descriptor.
 *
 * Locks, taken in this order: gate (channel.c), names (name-locks.c), namespace
 * (namespace.c), directory (ops-dir.c), table (node.c).  The table lock is never held across
 * a call of the library kernel; the other locks may be.
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
#define FOREVER		1e9		/* seconds: only this process changes the image */

/* ---- The command line (options.c) --------------------------------------- */

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
	bool awake;			/* keep processors awake between requests, if allowed */
	uid_t uid;
	gid_t gid;
	uid_t self_uid;			/* the user who mounts */
	gid_t self_gid;
	mode_t umask;
	unsigned int mem_mb, loglevel, threads;
	char *part;			/* path in the namespace, "p1"; NULL: everything */
	char *fstype, *opts, *overlay;
	char *lock;			/* file of -o lock, or NULL */
	unsigned long mount_flags;	/* LKL_MS_* for the mounts in the library kernel */
	uint64_t offset, size;		/* of the disk in the image, bytes; size 0: to the end */
	unsigned int sector_size;	/* bytes; 0: detect it */
	bool force_write;
	const char *format, *snapshot, *backing_dir;	/* see struct anyfs_disk_opts */
	const char *cache_file, **headers;	/* the same for these and all below */
	uint64_t cache_size;
	const char *unpack_dir;
	uint64_t unpack_limit;
	unsigned int nr_headers, net_timeout;
	bool download;
};

/* Parse the command line into @cfg and @fuse, libfuse's options.  Ends the program on errors. */
void options_parse(struct tool *t, struct config *cfg, int argc, char **argv,
		   struct fuse_args *fuse);

/* ---- Mounted file systems (fsys.c) ---------------------------------------- */

/* A mounted file system. */
struct fsys {
	int root;			/* descriptor of the directory shown as the root */
	bool readonly;
	bool handles;			/* files can be opened by their handle */
	bool folds_case;		/* in all directories "A" and "a" are the same file */
	bool has_casefold_flag;		/* only in directories with FS_CASEFOLD_FL */
	bool made_up_inos;		/* an inode gets a new number when it is read again */
	uint64_t dev;			/* st_dev of the root */
	unsigned int index;		/* index of dev: see attr_ino() */
	struct fsys *next;		/* in the list of the namespace */
};

/* Fill in @fs for the file system whose root is open as @fd.  0 or -errno. */
int fs_learn(struct fsys *fs, int fd, bool readonly);

/* ---- The namespace (namespace.c) ------------------------------------------ */

/* Open the image files without reading them.  False with the message printed. */
bool namespace_prepare(struct tool *t, const struct config *cfg);
/*
 * Build the namespace of the images, with its root as node FUSE_ROOT_ID.  If the root is
 * that of a file system, this is mounted now; partitions are mounted when they are
 * entered.  False with the message printed.
 */
bool namespace_open(struct tool *t, const struct config *cfg);
struct node;

/* Mount the file system of @n, a NODE_VOLUME.  0 or -errno, with the reason logged. */
int namespace_enter(struct node *n);
/* The image that is shown as disk@index, or NULL: there are no more. */
struct anyfs_image *namespace_image(unsigned int index);
/* The index of the image that @n belongs to. */
unsigned int namespace_index(const struct anyfs_node *n);
/* The text of .partitions for the disk @n. */
const char *namespace_table(const struct anyfs_node *n);
/* When the mount was made. */
const struct timespec *namespace_since(void);
/* Unmount, flush and close everything.  False, with the message logged, if that failed. */
bool namespace_close(void);
/* A file that a writable mount changes was deleted from the host: the changes are lost. */
bool namespace_deleted(void);
/* Write all data that was received so far to the images.  0 or -errno. */
int namespace_sync(void);

/* ---- Nodes (node.c) ------------------------------------------------------ */

/* Orders in which programs read the files of a directory: tar; cp; rsync and shell globs. */
enum file_order { AS_LISTED, BY_INODE, BY_NAME, NR_FILE_ORDERS };

/* All roles but the first are above the file systems; their nodes are never freed. */
enum node_role {
	NODE_FILE,	/* a file in a file system */
	NODE_IMAGES,	/* the root of several images: disk0, disk1, ... */
	NODE_LIST,	/* lists partitions or volumes */
	NODE_VOLUME,	/* the root of a file system that is mounted when it is entered */
	NODE_LINK,	/* a link to the volume that shows the members of this one */
	NODE_TABLE,	/* .partitions */
};

struct node {
	uint64_t id;			/* number of the node in requests; never reused */
	struct fsys *fs;		/* NULL: above the file systems, or not mounted yet */
	struct anyfs_node *shows;	/* LIST ... TABLE: the node of the image that it shows */
	struct node *next;		/* in the hash chain */
	struct node *newer, *older;	/* in the list of nodes with a cached descriptor */
	uint64_t nlookup;		/* references of the host */
	unsigned int refs;		/* requests that use the node */
	unsigned int fd_users;		/* requests that use fd */
	unsigned int pins;		/* > 0: fd must not be closed */
	unsigned int writers;		/* files that are open for writing */
	int fd;				/* cached, or -1: see node_fd() */
	int path_fd;			/* O_PATH descriptor of a file without a handle, or -1 */
	struct kept *kept;		/* data of a file without a handle: kept-files.c */
	uint64_t followers[NR_FILE_ORDERS];	/* ids of the next small files, or 0: prefetch.c */
	uint16_t type;			/* S_IFMT bits */
	uint8_t role;			/* enum node_role */
	bool no_caps;			/* atomic: created by this mount, without capabilities */
	bool folds_case;		/* a directory where "A" and "a" are the same file */
	bool bare_names;		/* atomic: a directory that was listed without attributes */
	uint16_t write_error;		/* atomic: errno of cached data that was lost, or 0 */
	uint32_t hash;
	uint32_t key_len;		/* 0: see table_key_by_name() */
	uint8_t key[];			/* the file's identity in fs */
};

/*
 * Identity of a file in its file system: its handle, or device and inode number, which
 * are not reused while a descriptor of the file is open.  A handle has at most
 * MAX_HANDLE_SZ bytes; name_to_handle_at(2) fails if the buffer is larger.
 */
#define NODE_HANDLE_MAX	128
#define NODE_KEY_MAX	(sizeof(int) + NODE_HANDLE_MAX)
struct node_key {
	uint32_t len;
	uint8_t bytes[NODE_KEY_MAX];
	int fd;				/* O_PATH descriptor that keeps the file, or -1 */
	uint16_t type;			/* S_IFMT bits */
	const struct node *dir;		/* the directory in which the file was looked up */
	const char *name;		/* its name there; NULL: it was found otherwise */
};

void nodes_init(unsigned int max_fds);
/* Find the node @id and take a reference; NULL if there is none. */
struct node *node_ref(uint64_t id);
void node_put(struct node *n);
/*
 * Find or make the node of the file @key in @fs, take a reference and count one more
 * lookup by the host.  Takes over key->fd.  NULL: out of memory.
 */
struct node *node_lookup(struct fsys *fs, struct node_key *key);
/* Find the node of a file and take a reference; NULL if there is none.  Takes over key->fd. */
struct node *node_find(struct fsys *fs, struct node_key *key);
void node_forget(uint64_t id, uint64_t nlookup);
/* Record that in @order the small file @next comes after the small file @id. */
void node_set_follower(uint64_t id, enum file_order order, uint64_t next);
/*
 * Find or make the node that shows @shows as @role, not NODE_FILE.  The first one is the root,
 * with the id FUSE_ROOT_ID.  NULL: out of memory.
 */
struct node *node_virtual(enum node_role role, struct anyfs_node *shows);

/* Close all descriptors of nodes; later uses of nodes fail. */
void nodes_close(void);

/* ---- Virtual directories (virtual-dirs.c) --------------------------------------- */

/* Whether @n lists partitions, volumes or images. */
static inline bool node_lists(const struct node *n)
{
	return n->role == NODE_LIST || n->role == NODE_IMAGES;
}

struct virtual_entry {
	struct node *node;
	const char *name;
	char number[16];		/* the name of an image */
	struct anyfs_node *shows;
	bool is_table;
};

/* Find entry @index of @list, a NODE_IMAGES or NODE_LIST.  1, 0: there is none, or -ENOMEM. */
int virtual_child(const struct node *list, unsigned int index, struct virtual_entry *e);
int virtual_named(const struct node *list, const char *name, struct virtual_entry *e);
/* The target of @n, a NODE_LINK, to be freed.  NULL: out of memory. */
char *virtual_link(const struct node *n);
void virtual_stat(const struct node *n, struct lkl_statx *stx);

/* node-fd.c */

/*
 * Get a shared descriptor: of directories and regular files opened for reading, of
 * other files, and of those that cannot be opened, with O_PATH.  Release it with
 * node_fd_put().  -errno on error.
 */
int node_fd(struct node *n);
void node_fd_put(struct node *n);
/* Keep the descriptor of a file that may lose its last name.  0 or -errno. */
int node_pin(struct node *n);
void node_unpin(struct node *n);
/* Open the file with @flags.  A new descriptor, which the caller closes; or -errno. */
int node_open(struct node *n, int flags);
/* Give @n, which has no descriptor, the pinned descriptor @fd. */
void node_give_fd(struct node *n, int fd);
/* Open a file by its handle, the key of a node.  A descriptor or -errno. */
int handle_open(const struct fsys *fs, const uint8_t *key, uint32_t len, int flags);

/*
 * Descriptors of the library kernel are limited, and requests need some, so the number
 * of files that the host may have open is limited.  files_are_full(): the limit is reached.
 */
void files_init(void);
bool files_are_full(void);
/*
 * Record that the host has @fd open.  0, -ENFILE or -ENOMEM.  file_close() closes it;
 * files_close() closes all files whose closing the host did not report.
 */
int file_opened(int fd);
void file_close(int fd);
void files_close(void);
/* Count a file @ino that the host opened, or closed, with @flags: see node_is_written(). */
void node_opened(uint64_t ino, int flags);
void node_closed(uint64_t ino, int flags);
/* Whether @ino is open for writing. */
bool node_is_written(uint64_t ino);

/* kept-files.c: nodes of files that have no handle; other nodes are ignored */

/* Record that the file of @n was moved to @name in @dir.  The names are locked. */
void kept_moved(struct node *n, const struct node *dir, const char *name);
/* Record that the file of @n has lost this name. */
void kept_unnamed(struct node *n, const struct node *dir, const char *name);
/* The inode number to show for @n; 0: the number that the file system reports. */
uint64_t kept_ino(const struct node *n);
/* The inode number of the file @name in @dir, for file systems without inode numbers. */
uint64_t kept_number(const struct node *dir, const char *name);

/* ---- Names (name-locks.c) ------------------------------------------------ */

/*
 * The host locks a directory during a request, but releases the lock when the requesting
 * program is killed.  So code that accesses a name twice needs a lock of its own.
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
/* Give a number to the device of @fs, whose root has the attributes @root. */
void attr_number_fs(struct fsys *fs, const struct lkl_statx *root);
/* The inode number that is reported to the host. */
uint64_t attr_ino(const struct fsys *fs, const struct lkl_statx *stx);
/* The inode number of @n that is reported to the host; @n has the attributes @stx. */
uint64_t attr_node_ino(const struct node *n, const struct lkl_statx *stx);
/* Convert attributes for the host.  @fs NULL: of a file above the file systems. */
void attr_stat(const struct fsys *fs, const struct lkl_statx *stx, struct stat *st);
/* The same for the node @n. */
void attr_node_stat(const struct node *n, const struct lkl_statx *stx, struct stat *st);
/* Seconds that the host may cache the attributes of @n. */
double attr_timeout(const struct node *n);
/* Seconds that the host may cache the names in @dir. */
double entry_timeout(const struct node *dir);
/* Get the current attributes of a node.  0 or -errno. */
int node_statx(struct node *n, unsigned int mask, struct lkl_statx *stx);
/* Get the key and the attributes of dirfd/name.  The caller holds the name lock.  0 or -errno. */
int entry_look(const struct node *dir, int dirfd, const char *name, struct node_key *key,
	       struct lkl_statx *stx);
/* The same for the file @fd. */
int entry_look_fd(struct fsys *fs, int fd, struct node_key *key, struct lkl_statx *stx);
/*
 * Find or make the node of @key, count a lookup, and fill in @e.  *@node, unless @node is NULL,
 * gets the node with a reference.  0 or -errno.
 */
int entry_fill(struct fsys *fs, struct node_key *key, const struct lkl_statx *stx,
	       struct fuse_entry_param *e, struct node **node);
/* Look @name up in @dir.  The caller holds the name lock.  0 or -errno. */
int entry_lookup(struct node *dir, int dirfd, const char *name, struct fuse_entry_param *e);

/* ---- Owners of new files (caller.c) -------------------------------------- */

void caller_configure(const struct config *cfg);
/* To be called once in every serving thread.  0, or -errno with the message printed. */
int caller_init(void);
/* Let files that this thread creates in @dirfd belong to the requesting process. */
void caller_become(fuse_req_t req, int dirfd);
void caller_become_ids(uid_t uid, gid_t gid, mode_t umask, int dirfd);

/* ---- The channel (channel.c) --------------------------------------------- */

struct channel;

/*
 * Make a channel for the mounted @se, with at most @threads threads.  NULL with the message
 * printed.
 */
struct channel *channel_open(struct tool *t, struct fuse_session *se, unsigned int threads);
/* Answer the host's FUSE_INIT request.  Later requests wait for channel_start(). */
bool channel_greet(struct tool *t, struct channel *c);
/* Start to serve.  False with the message printed. */
bool channel_start(struct tool *t, struct channel *c);
/* Wait until the mount has ended and the last request is answered, or channel_stop(). */
void channel_wait(struct channel *c);
/* Wait for the requests being answered, and prevent others from starting. */
void channel_stop(struct channel *c);
/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t now_ns(void);
/* Scratch memory of this thread, FUSE_IO_MAX bytes, valid until the reply. */
char *channel_buffer(void);
/* The descriptor to which the current request's answer is written. */
int channel_fd(void);
/* Threads other than the channel's call these around the work on a request. */
void channel_enter(struct channel *c);
void channel_leave(struct channel *c);
/*
 * Make the host send its dirty pages of @ino and drop all its pages before this returns.
 * This thread writes its answers to @fd from then on.
 */
void channel_drop_pages(struct channel *c, int fd, fuse_ino_t ino);
/* Make the host drop the cached attributes of a file; called within a request. */
void channel_drop_attr(fuse_ino_t ino);
/* Send the host the whole content of @ino, @len bytes, for its cache.  0 or -errno. */
int channel_store_pages(struct channel *c, fuse_ino_t ino, char *buf, size_t len);
/* Whether other threads can answer requests meanwhile. */
bool channel_has_standby(struct channel *c);
/* Whether no request but the caller's is being answered or waits. */
bool channel_is_quiet(struct channel *c);
/* The number of requests that are being answered. */
unsigned int channel_nr_answering(struct channel *c);
/* Whether the current request is a write that must clear set-ID bits. */
bool channel_kills_setid(void);
/* Whether the current request sets an ACL and must clear the set-group-ID bit. */
bool channel_kills_sgid(void);

/* Answer requests that libfuse does not support (raw-requests.c).  False for other requests. */
bool raw_request(int fd, const void *in, size_t len);

/* ---- The life of the process (helper.c, main.c) -------------------------- */

struct helper;

/*
 * Start the helper process, which unmounts on request, because this process will be in
 * the sandbox, and reports the result to anyfs-umount.  NULL with the message printed.
 */
struct helper *helper_start(struct tool *t, const struct config *cfg);
/*
 * Inside the sandbox, before requests are served: let the helper abort the connection if
 * this process is killed and cannot end.  False with the message printed.
 */
bool helper_watch(struct tool *t, struct helper *h);
/* Tell the helper that the file system is mounted; it is not served yet. */
void helper_mounted(struct helper *h);
/* Wait until anyfs-umount can find the helper.  False: the helper has ended. */
bool helper_found(struct helper *h);
/* Unmount.  The channel then ends, unless the mount is still in use. */
enum unmount_result { UNMOUNTED, UNMOUNTED_BUSY, UNMOUNT_FAILED };
enum unmount_result helper_unmount(struct helper *h);
/* Unmount, because the mount cannot be served. */
void helper_abandon(struct helper *h);
/* Free the name of the ended mount's socket, because a new mount may get its device number. */
void helper_unmounted(struct helper *h);
/* Write a line to the system's log. */
void helper_log(struct helper *h, const char *text);
/* Report the result to anyfs-umount.  @deleted: the image file was deleted. */
void helper_report(struct helper *h, bool flushed, bool deleted);

/* host-settings.c: these ignore errors */

/* Set the read-ahead of the mount with device number @dev to FUSE_IO_MAX. */
void tune_read_ahead(dev_t dev);
/* Open the file that tune_awake() writes to; called before the sandbox. */
void tune_prepare(void);
/* Keep idle processors awake, or let them sleep.  One thread at a time. */
void tune_awake(bool awake);

/* Print a line on stderr, or to the system's log when in the background. */
void log_message(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Note that written data could not be stored, because of -errno @err.  Only one fsync reports
 * this to a program, so the exit status reports it too.
 */
void note_loss(long err);

/* ---- Requests (ops-*.c) -------------------------------------------------- */

/* The table of the functions below, for a writable or a read-only mount (ops.c). */
const struct fuse_lowlevel_ops *fusefs_ops(const struct config *cfg);

/*
 * Get the node of a request, with a reference and with its partition mounted.  NULL: the
 * request has been answered with an error.
 */
struct node *op_begin(fuse_req_t req, fuse_ino_t ino);
/* The same with a descriptor in *@fd.  op_end() releases both. */
struct node *op_begin_fd(fuse_req_t req, fuse_ino_t ino, int *fd);
void op_end(struct node *n);
/* The same, but use the descriptor of the open file @fi if there is one. */
struct node *op_begin_file(fuse_req_t req, fuse_ino_t ino, const struct fuse_file_info *fi,
			   int *fd);
void op_end_file(struct node *n, const struct fuse_file_info *fi);
/* Answer with @rc, which is -errno or 0. */
void op_reply(fuse_req_t req, long rc);
/* The same for requests that store written data: note_loss() on errors. */
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
/* Record that a name in @dir is looked up. */
void listing_note_lookup(const struct node *dir);
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

/* The descriptor of an open file; fi->fh must not be 0. */
int file_fd(const struct fuse_file_info *fi);
/*
 * Read @size bytes, or fewer at the end of the file.  Returns their number, or -errno if
 * there was an error anywhere in the range.
 */
long read_all(int fd, char *buf, size_t size, off_t off);

/* prefetch.c */

#define AHEAD_FILE_MAX	(64u << 10)	/* bytes of a small file */

/* A small file of a directory listing. */
struct small_file {
	uint64_t id, ino;
	const char *name;
	size_t name_len;
};

/* Start to send files before they are requested.  Read-only mounts only. */
void prefetch_start(struct channel *c);
/* Record the small files of a part of a directory.  Sorts @files. */
void prefetch_set_order(struct small_file *files, unsigned int nr);
/* Called before a read at the start of @n is answered: send files that follow @n. */
void prefetch_following(fuse_req_t req, const struct node *n);

/* deferred-reply.c */

union deferred_arg {
	struct {
		off_t off;
		int whence;
	} seek;
	struct {
		unsigned int index;
		char in[32];
	} ioctl;
};
typedef void deferred_fn(fuse_req_t req, fuse_ino_t ino, int fd, const union deferred_arg *arg);

/* Start the thread of defer_reply(); for writable mounts.  False with the message printed. */
bool deferred_start(struct tool *t, struct channel *c);
/*
 * Call @answer, with a duplicate of @fd, once the host has sent its dirty pages of @ino.
 * False: out of memory.
 */
bool defer_reply(fuse_req_t req, fuse_ino_t ino, int fd, deferred_fn *answer,
		 const union deferred_arg *arg);

/* ops-xattr.c */
void op_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size);
void op_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size);
void op_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name, const char *value, size_t size,
		 int flags);
void op_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name);

/* lock-file.c: lock the file @path until the last process of the mount ends, or end the program. */
void lock_file_take(struct tool *t, const char *path);

#endif /* ANYFS_FUSEFS_H */
