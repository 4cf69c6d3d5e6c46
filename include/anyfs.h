/* SPDX-License-Identifier: GPL-2.0 */
/*
 * anyfs.h - the Linux kernel's file systems, as a library
 *
 * Boot a kernel inside this process, give it disk images, mount them, and use
 * the files with the kernel's own system calls, lkl_sys_*() of <lkl.h>.
 *
 *	anyfs_kernel_init(NULL);
 *	int disk = anyfs_disk_add("disk.img", ANYFS_DISK_READONLY);
 *	AnyfsMount m;
 *	anyfs_mount(disk, 1, NULL, LKL_MS_RDONLY, NULL, &m);
 *	... lkl_sys_openat() below m.mount_point ...
 *	anyfs_umount(m.mount_point);
 *	anyfs_disk_remove(disk);
 *	anyfs_kernel_halt();
 *
 * Errors   Functions that return int give 0 (or an id >= 0) or a negative
 *          Linux errno; anyfs_strerror_last() has the text.
 * Threads  Any function may be called from any thread, unless it says
 *          otherwise.  A kernel runs one thread at a time; threads of
 *          different kernels run in parallel.
 * Kernels  A process may run several.  Calls without a kernel argument, and
 *          all of lkl_sys_*(), go to the calling thread's current kernel:
 *          the one of anyfs_kernel_use(), else the first one booted.
 */
#ifndef ANYFS_H
#define ANYFS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Kernels ------------------------------------------------------------ */

struct anyfs_kernel;

/* Zero means default, for every member. */
typedef struct AnyfsKernelOpts {
	unsigned int mem_mb;	/* memory of the kernel, MiB; default 128, at least 16 */
	int loglevel;		/* messages below this level (1-8) are shown; default none */
	const char *cmdline;	/* more kernel parameters */
	/*
	 * Console output, not zero-terminated, from any thread; NULL: stderr.
	 * Must not call the kernel.
	 */
	void (*print)(void *data, const char *text, size_t len);
	void *print_data;
	/*
	 * Called on this thread once the kernel's own file is mapped and its
	 * memory is reserved, before it runs and before its first thread starts:
	 * here a program gives up the rights it needs no longer, such as that
	 * of opening files.  Not 0: -errno, and the boot ends with it.
	 */
	int (*lock_in)(void *data);
	void *lock_in_data;
} AnyfsKernelOpts;

/*
 * Boot a kernel and make it the process's first one.  -EALREADY if that runs,
 * -ENOENT/-ENOEXEC if the kernel object is missing or of another version,
 * -ENOMEM, -EINVAL.
 */
int anyfs_kernel_init(const AnyfsKernelOpts *opts);

/*
 * Unmount everything, flush, and end the current kernel.  No other thread may
 * be using it.  Returns what went wrong on the way (-EIO, -EBUSY); the kernel
 * is gone in any case.  -ENODEV if none runs.
 */
int anyfs_kernel_halt(void);

/* Boot one more kernel; its handle goes to *@kernel.  As anyfs_kernel_init(). */
int anyfs_kernel_boot(const AnyfsKernelOpts *opts, struct anyfs_kernel **kernel);

/* As anyfs_kernel_halt() for one kernel; the handle is freed.  NULL is fine. */
int anyfs_kernel_shutdown(struct anyfs_kernel *kernel);

/*
 * Make @kernel this thread's current one; NULL: the first one booted.  Returns
 * the one before.
 */
struct anyfs_kernel *anyfs_kernel_use(struct anyfs_kernel *kernel);

/* This thread's current kernel, or NULL. */
struct anyfs_kernel *anyfs_kernel_current(void);

/*
 * One system call on @kernel (NULL: the current one); @args has six slots.
 * -ENODEV if there is no kernel, -EIO if it has died.
 */
int64_t anyfs_kernel_syscall(struct anyfs_kernel *kernel, int64_t nr, const int64_t *args);

/* "6.12.117" and the like of @kernel (NULL: the current one).  Borrowed. */
const char *anyfs_kernel_release(struct anyfs_kernel *kernel);

/*
 * 1 while it runs, 0 once it is halted or has died (BUG, panic), with the reason
 * in the last error.
 */
int anyfs_kernel_is_running(struct anyfs_kernel *kernel);

/*
 * Test hook: let @kernel die as by a BUG that says @why; NULL: by a bad memory
 * access.  Returns -EIO.
 */
int anyfs_kernel_crash(struct anyfs_kernel *kernel, const char *why);

/* Version of this library, "0.1.0". */
const char *anyfs_version(void);

/* ---- Errors ------------------------------------------------------------- */

/*
 * Text of this thread's last failed anyfs_*() call, "object: reason, and what to do".
 * Borrowed, until the next call of this thread.  Never NULL.
 */
const char *anyfs_strerror_last(void);

/* ---- Disks -------------------------------------------------------------- */

#define ANYFS_DISK_READONLY	(1u << 0)	/* not one byte of the image changes */
#define ANYFS_DISK_NOLOCK	(1u << 1)	/* take no lock on the image file */
/*
 * Write to what is refused otherwise: an image that is cut off, an NTFS that Windows
 * has not let go of.
 */
#define ANYFS_DISK_FORCE_WRITE	(1u << 2)

/* How a disk is opened.  Zero means default, for every member. */
typedef struct AnyfsDiskOpts {
	unsigned int flags;	/* ANYFS_DISK_* */
	/*
	 * A file that keeps what is written to the disk: the image is only
	 * read, and shows as the overlay has changed it.  Writing, the file is
	 * made if there is none, and locked exclusively, the image shared; with
	 * ANYFS_DISK_READONLY it must exist and is only read.  It belongs to
	 * one state of one image: -ESTALE when the image is another, or was
	 * changed since.  -EINVAL: not an overlay, -EUCLEAN: a damaged one.
	 */
	const char *overlay;
	/* MiB of memory that replaying journals of a read-only disk may take; default 1024. */
	unsigned int replay_mb;
	/*
	 * Bytes of a sector, which partition tables count in: 512, 1024, 2048 or 4096.
	 * By default what its partition table shows, else 512 or those of the device.
	 */
	unsigned int sector_size;
	/*
	 * The disk is @size bytes at byte @offset of the image; @size 0: all that
	 * follow.  -EINVAL if they are not there.
	 */
	uint64_t offset, size;
	/*
	 * "raw", "qcow2", "vdi", "vhd"; default: by the image's content.  Other
	 * formats than raw can only be read: -EROFS without ANYFS_DISK_READONLY,
	 * unless there is an overlay.
	 */
	const char *format;
	/* Id or name of a snapshot within a qcow2 image; default: the disk as it is. -ENOENT. */
	const char *snapshot;
	/*
	 * The image may name other files (the backing file of a qcow2 image, its
	 * data file) below this directory, "" being the image's own.  Default: such
	 * an image is refused with -EPERM.
	 */
	const char *backing_dir;
} AnyfsDiskOpts;

/*
 * Give the image file or block device @path to the current kernel.  Without
 * ANYFS_DISK_READONLY it is opened for writing and locked exclusively.
 * Returns a disk id >= 0; -EBUSY when somebody else has locked it; -EROFS when it
 * is to be written, and is a read-only device or shorter than its partition table says.
 */
int anyfs_disk_add(const char *path, unsigned int flags);

/* As anyfs_disk_add() for an open descriptor, which is duplicated. */
int anyfs_disk_add_fd(int fd, const char *name, unsigned int flags);

/* As anyfs_disk_add() and anyfs_disk_add_fd(), with options (NULL: all defaults). */
int anyfs_disk_add_with(const char *path, const AnyfsDiskOpts *opts);
int anyfs_disk_add_fd_with(int fd, const char *name, const AnyfsDiskOpts *opts);

/* A zeroed disk of @size bytes in memory, gone when removed.  Returns a disk id. */
int anyfs_disk_add_memory(uint64_t size);

/* Take a disk away.  -EBUSY while one of its file systems is mounted, -ENODEV if there is none. */
int anyfs_disk_remove(int disk_id);

/* Bytes of the disk, or -errno. */
int64_t anyfs_disk_size(int disk_id);

/* ---- Partitions --------------------------------------------------------- */

/* Strings are empty when there is none.  Partition 0 is the whole disk. */
typedef struct AnyfsPart {
	unsigned int number;
	uint64_t start;		/* bytes */
	uint64_t size;		/* bytes */
	char path[256];		/* in the namespace: "/p1"; "/" for a bare file system */
	char type[64];		/* partition type: GPT GUID or "0x83" */
	char name[128];		/* GPT partition name */
	char partuuid[64];
	char fstype[32];	/* "ext4", "vfat", "crypto_LUKS" ... */
	char label[128];
	char uuid[64];
} AnyfsPart;

/*
 * The partitions of a disk, in order of their numbers, as an array to free
 * with anyfs_free(); a disk without a table has one entry, number 0.
 * Returns how many, or -errno.
 */
int anyfs_disk_parts(int disk_id, AnyfsPart **parts);

/* "gpt", "dos" ... or "" of a disk.  -ERANGE if @len is too small. */
int anyfs_disk_table(int disk_id, char *buf, size_t len);

/* ---- Mounts ------------------------------------------------------------- */

typedef struct AnyfsMount {
	int disk_id;
	unsigned int part;
	char mount_point[64];	/* in the kernel's tree: "/lklmnt/..." */
	char fstype[32];
	char note[128];		/* what the user should know of its journal, or "" */
} AnyfsMount;

/*
 * Mount partition @part (0: the whole disk) of @disk_id below /lklmnt/.
 * @fstype NULL: probe.  @flags are LKL_MS_*, @opts the file system's own
 * options, or NULL for ours, which ask for all it can hold ("acl" for some).  A
 * read-only disk, and a file system that can only be read, is mounted read-only
 * whatever @flags say.
 * -EUCLEAN: an NTFS that Windows has not let go of is to be written to.
 * -ENXIO: no such partition; -ENODEV: no such disk, or this kernel lacks the
 * file system; -EINVAL: not a file system of that type; -EMEDIUMTYPE: nothing
 * recognised; -EOPNOTSUPP: a container (LUKS, LVM, RAID).
 *
 * A journal that has to be replayed on a read-only disk is replayed into
 * memory: the mount shows what was synced last, the image stays as it is, and
 * mount->note says so.  Where that cannot be done the mount shows what is there
 * without the journal, and mount->note says that.
 */
int anyfs_mount(int disk_id, unsigned int part, const char *fstype,
		unsigned long flags, const char *opts, AnyfsMount *mount);

/*
 * Unmount, flushing first.  -EBUSY while files are open.  -EIO, -ENOSPC, -EROFS:
 * unmounted, but some written data could not be saved.
 */
int anyfs_umount(const char *mount_point);

/* ---- Images: the namespace ---------------------------------------------- */

struct anyfs_source;

/*
 * Open @path as anyfs_image_open_with() does, but for no kernel yet: what can
 * be opened, locked and refused without a look into it is done by this call.
 * For programs that give rights up before a stranger's bytes are read: see
 * lock_in in AnyfsKernelOpts.  Goes to anyfs_image_open_source() or is closed.
 */
int anyfs_source_open(const char *path, const AnyfsDiskOpts *opts, struct anyfs_source **source);

/* NULL is fine. */
void anyfs_source_close(struct anyfs_source *source);

struct anyfs_image;

/* As anyfs_image_open(), of a source, which is the image's from here on, or closed on failure. */
int anyfs_image_open_source(struct anyfs_kernel *kernel, struct anyfs_source *source,
			    struct anyfs_image **image);

/*
 * Open @path as a disk of @kernel (NULL: the current one) and learn what is in
 * it.  @flags as for anyfs_disk_add().  Nothing is mounted yet.
 */
int anyfs_image_open(struct anyfs_kernel *kernel, const char *path, unsigned int flags,
		     struct anyfs_image **image);

/* As anyfs_image_open(), with options for the disk (NULL: all defaults). */
int anyfs_image_open_with(struct anyfs_kernel *kernel, const char *path,
			  const AnyfsDiskOpts *opts, struct anyfs_image **image);

struct anyfs_node;

/* A key, as it is typed or as a key file holds it: any bytes. */
typedef struct AnyfsKey {
	const void *data;
	size_t len;
	/* Called once the key is no longer needed, to wipe and free it; may be NULL. */
	void (*free)(struct AnyfsKey *key);
	void *user;		/* for free */
} AnyfsKey;

/* How the file systems of an image are opened.  Zero means default. */
typedef struct AnyfsImageOpts {
	const char *fstype;	/* default: probe */
	const char *opts;	/* the file system's own options */
	/*
	 * Called with what the user should know of a mount, or of a disk that is cut
	 * off, "object: text"; default: nobody.
	 */
	void (*note)(void *data, const char *text);
	void *note_data;
	int degraded;		/* open volumes that lack members, if what is left is enough */
	/*
	 * Called when the encrypted volume @node is entered, with @attempt 0, and
	 * again with 1, 2 if the key was wrong: fill in *@key.  0, -ENOKEY: there is
	 * none (no other), or another -errno.  Must not call the kernel.  Default: no key.
	 */
	int (*key)(void *data, const struct anyfs_node *node, unsigned int attempt, AnyfsKey *key);
	void *key_data;
	uint64_t kdf_memory;	/* KiB that key derivation may take; default 4 GiB */
	unsigned int kdf_seconds;	/* that it may last, by estimate; default 60 */
	unsigned long mount_flags;	/* LKL_MS_* for each mount, e.g. LKL_MS_NOATIME */
} AnyfsImageOpts;

/* For what is mounted from now on.  Strings are copied.  0 or -ENOMEM. */
int anyfs_image_configure(struct anyfs_image *image, const AnyfsImageOpts *opts);

/* Unmount and remove.  NULL is fine.  0 or what failed; the handle is gone in any case. */
int anyfs_image_close(struct anyfs_image *image);

/* The disk id behind an image. */
int anyfs_image_disk(const struct anyfs_image *image);

/*
 * 1 if the image has partitions, so that its root holds p1, p2, ...: open each
 * by its path, which mounts it.  0 if it is one file system.
 */
int anyfs_image_is_partitioned(const struct anyfs_image *image);

/*
 * Turn a path of the namespace ("/p2/etc/passwd"; "/etc/passwd" for a bare
 * file system) into the kernel's path of the same file, for lkl_sys_*().
 * Mounts the partition on first use, without devices.  "/" of a partitioned disk becomes a
 * directory that holds p1, p2, ... .  Symbolic links inside a file system
 * stay in it: use LKL_RESOLVE_IN_ROOT of openat2() or anyfs_image_openat().
 * -ENOENT: no such partition; -ENAMETOOLONG; else as anyfs_mount().
 */
int anyfs_image_resolve(struct anyfs_image *image, const char *path, char *kpath, size_t len);

/*
 * Open a path of the namespace, symbolic links resolved as if the file system
 * were the root, @flags and @mode as for openat(2) (LKL_O_*).  Returns a
 * descriptor of the image's kernel (close with lkl_sys_close), or -errno.
 */
int anyfs_image_openat(struct anyfs_image *image, const char *path, int flags, unsigned int mode);

/*
 * Where @path leads: 1 to what holds partitions or volumes, each of which is entered by
 * its own path; 0 into a file system, and *@rest, if that is not NULL, gets the part of
 * @path below the root of that.  Else as anyfs_image_resolve().  No file system is
 * mounted for it.
 */
int anyfs_image_split_path(struct anyfs_image *image, const char *path, const char **rest);

/*
 * What is in @image: its partitions, and behind each the volumes in it, as an array to
 * free with anyfs_free().  What is encrypted is unlocked if there is a key, and is listed
 * as what it holds then.  Returns how many, or -errno.
 */
int anyfs_image_parts(struct anyfs_image *image, AnyfsPart **parts);

/* ---- Images: the tree ------------------------------------------------------ */

/*
 * An image is a tree of nodes: its disk, partitions, and what is inside them at
 * any depth.  A node belongs to its image and stays until that is closed, and
 * so do the texts that these calls return.
 */

enum anyfs_node_kind {
	ANYFS_NODE_DISK,
	ANYFS_NODE_PARTITION,
	ANYFS_NODE_TABLE,	/* a partition table inside a partition or a volume */
	ANYFS_NODE_CRYPT,	/* an encrypted volume */
	ANYFS_NODE_GROUP,	/* a volume group of LVM2 */
	ANYFS_NODE_VOLUME,	/* a logical volume */
	ANYFS_NODE_FILESYSTEM,
	ANYFS_NODE_OTHER,	/* what cannot be entered; anyfs_node_error() says why */
};

enum anyfs_node_state { ANYFS_NODE_NEW, ANYFS_NODE_OPENING, ANYFS_NODE_OPEN, ANYFS_NODE_FAILED };

/* The disk of @image. */
struct anyfs_node *anyfs_image_node(struct anyfs_image *image);

/*
 * Open @node and learn what is in it: a file system is mounted, an encrypted volume is
 * unlocked.  0, also if that was done before.  -ENOKEY: no key opens it; -EOPNOTSUPP,
 * -EMEDIUMTYPE: it cannot be entered; -ENXIO: members are missing; -EUCLEAN: damaged;
 * else as anyfs_mount().
 */
int anyfs_node_enter(struct anyfs_node *node);
/* The @index-th child of a node that was entered, or NULL. */
struct anyfs_node *anyfs_node_child(struct anyfs_node *node, unsigned int index);
/* NULL for the disk. */
struct anyfs_node *anyfs_node_parent(const struct anyfs_node *node);
/* The node below which the members of this group are shown, or NULL: below this one. */
struct anyfs_node *anyfs_node_shown_at(const struct anyfs_node *node);
enum anyfs_node_kind anyfs_node_kind(const struct anyfs_node *node);
enum anyfs_node_state anyfs_node_state(const struct anyfs_node *node);
/* Why entering it failed: -errno, and the text in *@reason if that is not NULL; 0: it did not. */
int anyfs_node_error(const struct anyfs_node *node, const char **reason);
/* Its name among its siblings, "p3" or "root"; "" for an only child. */
const char *anyfs_node_name(const struct anyfs_node *node);
/* Its path in the namespace, "/" or "/p3/root".  A child without a name has its parent's. */
const char *anyfs_node_path(const struct anyfs_node *node);
/* What libblkid calls what it is ("ext4", "crypto_LUKS"), its label and UUID; or "". */
const char *anyfs_node_fstype(const struct anyfs_node *node);
const char *anyfs_node_label(const struct anyfs_node *node);
const char *anyfs_node_uuid(const struct anyfs_node *node);
/* Of a partition its type in the table, of a volume that of its first segment; or "". */
const char *anyfs_node_type(const struct anyfs_node *node);
/* Bytes; 0 if that is not known before it is entered. */
uint64_t anyfs_node_size(const struct anyfs_node *node);

/*
 * Load what unlocking encrypted volumes needs.  For programs that give up the right to
 * open files before they enter such a volume; others need not call it.  0, -ENOENT.
 */
int anyfs_unlock_prepare(void);

/* Free what this library returned to be freed.  NULL is fine. */
void anyfs_free(void *ptr);

#ifdef __cplusplus
}
#endif

#endif /* ANYFS_H */
