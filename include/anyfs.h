/* SPDX-License-Identifier: GPL-2.0 */
/*
 * anyfs.h - the Linux kernel's file systems, as a library
 *
 * Boot a kernel inside this process, add disk images to it, mount their file systems,
 * and access the files with the kernel's system calls, lkl_sys_*() of <lkl.h>.
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
 * Errors   Functions that return int return 0 (or an id >= 0) or a negative Linux errno;
 *          anyfs_strerror_last() returns the text.
 * Threads  Any function may be called from any thread, unless its comment says otherwise.  A kernel
 *          runs one thread at a time; threads of different kernels run in parallel.
 * Kernels  A process may run several.  Calls without a kernel argument, and all of
 *          lkl_sys_*(), use the calling thread's current kernel: the one set with
 *          anyfs_kernel_use(), else the first one that was booted.
 * Options  The structs anyfs_*_opts begin with struct_size: set it to the sizeof of the struct,
 *          and every member that is not used to zero, which means default.  Later versions
 *          add members at the end only.  -E2BIG if a member is set that the library is too
 *          old to know; -EINVAL if struct_size is less than the size in the first version.  0
 *          means the size in the first version, since programs for that version set it to 0.
 * Names    AnyfsKernelOpts, AnyfsDiskOpts, AnyfsImageOpts and AnyfsKey are older names of the
 *          structs, kept for the programs that use them.
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

typedef struct anyfs_kernel_opts {
	size_t struct_size;	/* sizeof(struct anyfs_kernel_opts) */
	unsigned int mem_mb;	/* memory of the kernel, MiB; default 128, at least 16 */
	int loglevel;		/* print messages below this level (1-8); default: none */
	const char *cmdline;	/* additional kernel parameters */
	/*
	 * Prints console output; @text is not zero-terminated.  Called from any thread;
	 * must not call the kernel.  NULL: print to stderr.
	 */
	void (*print)(void *data, const char *text, size_t len);
	void *print_data;
	/* Called before the kernel starts threads, to give up rights.  -errno: the boot fails. */
	int (*lock_in)(void *data);
	void *lock_in_data;
	uint64_t fixed_time;	/* seconds since 1970, to stamp files with; 0: the current time */
	int reproducible;	/* 1: do the same in each run, without secrets: anyfs_kernel(3) */
} AnyfsKernelOpts;

/*
 * Boot the process's first kernel.  0; -EALREADY if a kernel runs already; -ENOENT if
 * the kernel object is missing, -ENOEXEC if it has another version; -ENOMEM; -EINVAL.
 */
int anyfs_kernel_init(const struct anyfs_kernel_opts *opts);

/*
 * Unmount everything, flush the disks, and end the current kernel.  No other thread may
 * use it.  0; -ENODEV if no kernel runs; or the first error (-EIO, -EBUSY), after which
 * the kernel has ended as well.
 */
int anyfs_kernel_halt(void);

/* Boot another kernel; its handle goes to *@kernel.  Errors are those of anyfs_kernel_init(). */
int anyfs_kernel_boot(const struct anyfs_kernel_opts *opts, struct anyfs_kernel **kernel);

/* Like anyfs_kernel_halt() for one kernel; the handle is freed.  NULL is fine. */
int anyfs_kernel_shutdown(struct anyfs_kernel *kernel);

/*
 * Make @kernel the calling thread's current kernel; NULL: use the first one that was
 * booted.  Returns the previous setting.
 */
struct anyfs_kernel *anyfs_kernel_use(struct anyfs_kernel *kernel);

/* The calling thread's current kernel, or NULL if there is none. */
struct anyfs_kernel *anyfs_kernel_current(void);

/*
 * Make a system call of @kernel (NULL: the current one); @args has six values.  Returns
 * the kernel's result, -ENODEV if there is no kernel, or -EIO if it has died.
 */
int64_t anyfs_kernel_syscall(struct anyfs_kernel *kernel, int64_t nr, const int64_t *args);

/* The release of @kernel (NULL: the current one), such as "6.12.117".  Borrowed. */
const char *anyfs_kernel_release(struct anyfs_kernel *kernel);

/* 1 while @kernel runs; 0 after it has ended or died, with the reason in anyfs_strerror_last(). */
int anyfs_kernel_is_running(struct anyfs_kernel *kernel);

/*
 * Stamp files that change in @kernel (NULL: the current one) with the clock of the host's kernel
 * until @kernel ends: see anyfs_kernel(3).  -ENODEV if there is no kernel; -EMFILE, -ENFILE,
 * -ENOMEM or -EPERM if the host gives no file for it.
 */
int anyfs_kernel_use_host_file_times(struct anyfs_kernel *kernel);

/*
 * For tests: crash @kernel with a BUG and the text @why; NULL: with a bad memory access.
 * Returns -EIO.
 */
int anyfs_kernel_crash(struct anyfs_kernel *kernel, const char *why);

/* Version of this library, "0.1.0". */
const char *anyfs_version(void);

/* ---- Errors ------------------------------------------------------------- */

/*
 * The text of the calling thread's last failed anyfs_*() call: "object: reason; what to
 * do".  Borrowed until this thread's next call.  Never NULL.
 */
const char *anyfs_strerror_last(void);

/* ---- Disks -------------------------------------------------------------- */

#define ANYFS_DISK_READONLY	(1u << 0)	/* not one byte of the image changes */
#define ANYFS_DISK_NOLOCK	(1u << 1)	/* take no lock on the image file */
/* Allow writing to a truncated image, or an NTFS that is dirty or that Windows hibernated. */
#define ANYFS_DISK_FORCE_WRITE	(1u << 2)
/* Changes stay in memory (limit: replay_mb) and are dropped at the end; the image is only read. */
#define ANYFS_DISK_SNAPSHOT	(1u << 3)
#define ANYFS_DISK_KEEP_DISCARDS (1u << 4)	/* with SNAPSHOT: list discards, keep their data */
/* After a write of the image has failed, fail all later ones, as if power had been cut. */
#define ANYFS_DISK_STOP_ON_ERROR (1u << 5)

/* How a disk is opened. */
typedef struct anyfs_disk_opts {
	size_t struct_size;	/* sizeof(struct anyfs_disk_opts) */
	unsigned int flags;	/* ANYFS_DISK_* */
	/*
	 * Path of an overlay file, which stores all changes of the disk.  The image is
	 * only read and locked shared; the disk shows the image with the changes.
	 * Without ANYFS_DISK_READONLY the file is created if it does not exist, and
	 * locked exclusively; with it the file must exist and is only read.  An overlay
	 * fits one image in one state: -ESTALE if the image is another one or was
	 * changed since.  -EINVAL: not an overlay; -EUCLEAN: the overlay is damaged.
	 */
	const char *overlay;
	/* Limit of the memory for journal replay, or of ANYFS_DISK_SNAPSHOT, MiB; default 1024. */
	unsigned int replay_mb;
	/*
	 * Bytes per sector, the unit of partition tables: 512, 1024, 2048 or 4096.
	 * Default: detected from the partition table, else the size that the device has, else 512.
	 */
	unsigned int sector_size;
	/*
	 * Use only @size bytes at byte @offset of the image as the disk; @size 0: up to
	 * the end.  -EINVAL if the range is not inside the image.
	 */
	uint64_t offset, size;
	/*
	 * "raw", "qcow2", "vmdk" ..., see anyfs(1); by default, the format is
	 * detected from the image's content.  qcow2, VMDK, VDI, VHD and VHDX are written by
	 * qemu-storage-daemon (-ENOPKG if it is missing), raw images by the library.  Writing to
	 * any other format needs an overlay (else -EROFS).
	 */
	const char *format;
	/* Open this snapshot (id or name) of a qcow2 image.  -ENOENT if there is none. */
	const char *snapshot;
	/*
	 * Allow an image that refers to other files (the backing file of a qcow2 image,
	 * the extents of a VMDK disk) if these are below this directory; "": the image's own
	 * directory.  NULL: such an image fails with -EPERM.
	 */
	const char *backing_dir;
	/*
	 * For images at an address ("https://host/disk.img", "nbd://host", "sftp://..."),
	 * which may be given wherever the path of an image is expected: see anyfs_source_open().
	 */
	const char *cache_file;	/* keeps fetched blocks for later runs; -EBUSY: it is in use */
	uint64_t cache_size;	/* bytes, in memory or cache_file; default 32 MiB or 1 GiB */
	const char *const *headers;	/* "Name: value", of every HTTP request; or NULL */
	unsigned int nr_headers;
	int download;		/* fetch the whole image into an unnamed temporary file first */
	unsigned int net_timeout;	/* seconds to repeat failed requests; default 60 */
	int no_sandbox;		/* the programs that read addresses, and QEMU, get no sandbox */
	/*
	 * Called from any thread with the reason of a read error, "address: text", since
	 * the read itself can only fail with -EIO.  Must not call the kernel.  Default:
	 * not reported.
	 */
	void (*note)(void *data, const char *text);
	void *note_data;
	/* Directory for the unnamed file of an unpacked image; default: $TMPDIR, or /tmp. */
	const char *unpack_dir;
	uint64_t unpack_limit;	/* bytes; default 64 GiB.  -EFBIG if it unpacks to more */
	/*
	 * Called while the image @name is unpacked: @done of its @total bytes were read.
	 * Returns 0, or -errno to stop, with which opening fails.  Must not call the
	 * kernel.  Default: none.
	 */
	int (*unpack_progress)(void *data, const char *name, uint64_t done, uint64_t total);
	void *unpack_data;
	/* Of an encrypted qcow2 image.  -ENOKEY if it is missing, -EKEYREJECTED if it is wrong. */
	const char *password;
} AnyfsDiskOpts;

/*
 * Add the image file or block device @path to the current kernel as a disk.  Without
 * ANYFS_DISK_READONLY it is opened for writing and locked exclusively.  Returns a disk
 * id >= 0; -EBUSY if another program has locked it; -EROFS if it cannot be written: a
 * read-only device, or an image shorter than its partition table says.
 */
int anyfs_disk_add(const char *path, unsigned int flags);

/* Like anyfs_disk_add() for an open descriptor, which is duplicated. */
int anyfs_disk_add_fd(int fd, const char *name, unsigned int flags);

/* Like anyfs_disk_add() and anyfs_disk_add_fd(), with options (NULL: all defaults). */
int anyfs_disk_add_with(const char *path, const struct anyfs_disk_opts *opts);
int anyfs_disk_add_fd_with(int fd, const char *name, const struct anyfs_disk_opts *opts);

/* Add a zeroed disk of @size bytes in memory; removing it frees the data.  Returns a disk id. */
int anyfs_disk_add_memory(uint64_t size);

/* Remove a disk.  -EBUSY while one of its file systems is mounted, -ENODEV: no such disk. */
int anyfs_disk_remove(int disk_id);

/* The size of the disk in bytes, or -errno. */
int64_t anyfs_disk_size(int disk_id);

struct anyfs_range { uint64_t offset, len; };	/* bytes */
/* Get the discards of a disk with ANYFS_DISK_KEEP_DISCARDS; their number, or -errno. */
int64_t anyfs_disk_discards(int disk_id, struct anyfs_range **ranges);

/* ---- Partitions --------------------------------------------------------- */

/*
 * Strings are empty if unknown or not present.  Partition 0 is the whole disk.  This struct
 * does not grow: nodes (anyfs_node_*) have properties that it lacks, and no fixed lengths.
 */
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
 * List the partitions of a disk, in order of their numbers; a disk without a partition
 * table has one entry, number 0.  Free the array with anyfs_free().  Returns the number
 * of entries, or -errno.
 */
int anyfs_disk_parts(int disk_id, AnyfsPart **parts);

/* Get the type of the partition table: "gpt", "dos", ..., or "".  -ERANGE: @len too small. */
int anyfs_disk_table(int disk_id, char *buf, size_t len);

/*
 * The format of the image file behind a disk: "qcow2", "vmdk" ..., or "raw" if it has
 * none.  -ERANGE if @len is too small.
 */
int anyfs_disk_format(int disk_id, char *buf, size_t len);

/* ---- Mounts ------------------------------------------------------------- */

typedef struct AnyfsMount {
	int disk_id;
	unsigned int part;
	char mount_point[64];	/* in the kernel's tree: "/lklmnt/..." */
	char fstype[32];
	char note[128];		/* a note for the user about the journal, or "" */
} AnyfsMount;

/*
 * Mount partition @part (0: the whole disk) of @disk_id below /lklmnt/.
 * @fstype NULL: probe.  @flags are LKL_MS_*, @opts the file system's own options; NULL: the
 * library's defaults, which keep all metadata (ACLs, for example).  A read-only disk, and a
 * file system that can only be read, is mounted read-only with any @flags.
 * -EUCLEAN: writing to an NTFS volume that is dirty or that Windows has hibernated.
 * -ENXIO: no such partition; -ENODEV: no such disk, or this kernel lacks the file system;
 * -EINVAL: not a file system of that type; -EMEDIUMTYPE: nothing recognised; -EOPNOTSUPP: a
 * container (LUKS, LVM, RAID).
 *
 * If the journal needs a replay and the disk is read-only, it is replayed into memory: the
 * mount shows the last synced state, the image does not change, and mount->note says so.  If
 * a replay is not possible, the mount shows the file system without the journal's changes, and
 * mount->note says that.
 */
int anyfs_mount(int disk_id, unsigned int part, const char *fstype,
		unsigned long flags, const char *opts, AnyfsMount *mount);

/*
 * Write back and unmount.  -EBUSY while files are open.  -EIO, -ENOSPC, -EROFS: the file
 * system is unmounted, but some written data could not be saved.
 */
int anyfs_umount(const char *mount_point);

/* ---- Images: the namespace ---------------------------------------------- */

struct anyfs_source;

/*
 * Open and lock @path like anyfs_image_open_with(), but without a kernel and without reading
 * the image.  For programs that give up rights before they read an untrusted image: see lock_in
 * in struct anyfs_kernel_opts.  Pass *@source to anyfs_image_open_source(), or close it.
 *
 * An address is read by a separate program, in a process that may use the network and has no
 * other rights.  The process ends with the disk.  An http or https server must support ranges
 * (else -EOPNOTSUPP; see download).  Exports at nbd, nbds, nbd+unix and nbds+unix addresses may
 * be written to.  All other schemes are those of GIO (file, sftp, smb, dav ...).  If an image
 * changes on its server, all later reads fail with -EIO, so that two states are never mixed.  An
 * image at an address can name only local files, below backing_dir.
 */
int anyfs_source_open(const char *path, const struct anyfs_disk_opts *opts,
		      struct anyfs_source **source);

/* A disk that the program itself serves. */
struct anyfs_custom_disk {
	size_t struct_size;	/* sizeof(struct anyfs_custom_disk) */
	const char *name;	/* of the disk in messages; default "disk" */
	uint64_t capacity;	/* bytes, rounded down to sectors of 512 bytes; required */
	/*
	 * Called on threads of the library, with @len a multiple of 512.  They may wait, but
	 * must not call the kernel that has the disk.  Each returns 0 or -errno.
	 */
	int (*read)(void *data, void *buf, size_t len, uint64_t offset);	/* required */
	/* NULL: the disk is read-only. */
	int (*write)(void *data, const void *buf, size_t len, uint64_t offset);
	/* Make completed writes durable.  NULL: they are durable at once. */
	int (*flush)(void *data);
	/* Called when the disk is no longer used, on any thread, also if opening it failed. */
	void (*close)(void *data);
	void *data;		/* for the functions */
	unsigned int threads;	/* calls at the same time; default 1 */
};

/*
 * Like anyfs_source_open(), for a disk that the program serves; @disk is copied.  Images in any
 * format and overlays work; offset, size, backing_dir and the options for addresses do not.
 * Reads a few bytes of the disk.  -EINVAL; -EROFS: @disk has no write function, and opts->flags
 * lacks ANYFS_DISK_READONLY.
 */
int anyfs_source_custom(const struct anyfs_custom_disk *disk, const struct anyfs_disk_opts *opts,
			struct anyfs_source **source);

/* 1 if @path is an address, 0 if it names a file; "./http://x" is a file. */
int anyfs_path_is_address(const char *path);

/* Close a source that was not passed to anyfs_image_open_source().  NULL is fine. */
void anyfs_source_close(struct anyfs_source *source);

struct anyfs_image;

/* Like anyfs_image_open(), for @source.  The image owns @source then; on failure it is closed. */
int anyfs_image_open_source(struct anyfs_kernel *kernel, struct anyfs_source *source,
			    struct anyfs_image **image);

/*
 * Add @path as a disk to @kernel (NULL: the current one) and probe its contents.
 * @flags are those of anyfs_disk_add().  Nothing is mounted yet.
 */
int anyfs_image_open(struct anyfs_kernel *kernel, const char *path, unsigned int flags,
		     struct anyfs_image **image);

/* Like anyfs_image_open(), with options for the disk (NULL: all defaults). */
int anyfs_image_open_with(struct anyfs_kernel *kernel, const char *path,
			  const struct anyfs_disk_opts *opts, struct anyfs_image **image);

struct anyfs_node;

/* A passphrase or the contents of a key file: any bytes. */
typedef struct anyfs_key {
	size_t struct_size;	/* set by the library: do not write beyond this size */
	const void *data;
	size_t len;
	/* Called when the key is no longer needed, to wipe and free it; may be NULL. */
	void (*free)(struct anyfs_key *key);
	void *user;		/* for free */
} AnyfsKey;

/* How the file systems of an image are opened. */
typedef struct anyfs_image_opts {
	size_t struct_size;	/* sizeof(struct anyfs_image_opts) */
	const char *fstype;	/* default: probe */
	const char *opts;	/* the file system's own options */
	/* Called with notes, "object: text", about mounts or a truncated disk; may be NULL. */
	void (*note)(void *data, const char *text);
	void *note_data;
	int degraded;		/* open volumes that lack members, if the others hold all data */
	/*
	 * Fill in the members of *@key, which are zero, for the encrypted volume @node.
	 * Called when the volume is entered, with @attempt 0, and again with 1, 2 ... if
	 * the key was wrong.  Returns 0, -ENOKEY if there is no (other) key, or another
	 * -errno.  Must not call the kernel.  Default: no key.
	 */
	int (*key)(void *data, const struct anyfs_node *node, unsigned int attempt,
		   struct anyfs_key *key);
	void *key_data;
	uint64_t kdf_memory;	/* limit of memory for key derivation, KiB; default 4 GiB */
	unsigned int kdf_seconds;	/* limit of the derivation's estimated time; default 60 */
	unsigned long mount_flags;	/* LKL_MS_* for each mount, e.g. LKL_MS_NOATIME */
	int only_key_slot;	/* LUKS: try the keyslot @key_slot and no other */
	unsigned int key_slot;
	const char *subvol;	/* btrfs: show this subvolume as the root; NULL: the default one */
	int disk_paths;		/* paths may begin with "/diskN", the image opened Nth, from 0 */
} AnyfsImageOpts;

/*
 * Set the options (NULL: all defaults) of later mounts.  Strings are copied.  0, -ENOMEM,
 * -EINVAL or -E2BIG.
 */
int anyfs_image_configure(struct anyfs_image *image, const struct anyfs_image_opts *opts);

/* How a volume is encrypted or protected, if its content does not say so.  Zero: default. */
typedef struct anyfs_volume_opts {
	size_t struct_size;	/* sizeof(struct anyfs_volume_opts) */
	/* NULL: all volumes whose content is unknown or dm-integrity; verity: the whole image. */
	const char *path;	/* the result of anyfs_node_path() */
	const char *type;	/* "luks", "bitlocker", "plain", "truecrypt", "veracrypt", "verity" */
	struct anyfs_source *header;	/* luks: detached header; verity: disk with the hashes */
	/*
	 * plain: the cipher of dm-crypt, the size of its key, and the hash of the passphrase
	 * (default: the passphrase is the key).  truecrypt, veracrypt: the only cascade
	 * ("aes-twofish") and hash to try.
	 */
	const char *cipher, *hash;
	unsigned int key_bits;
	unsigned int sector_size;	/* plain: bytes; default 512 */
	uint64_t offset;	/* plain: where the data begins, in bytes */
	uint64_t skip;		/* plain: added to the sector numbers for the IVs, in bytes */
	int hidden;		/* truecrypt, veracrypt: open the hidden volume */
	int backup;		/* truecrypt, veracrypt: use the backup header */
	int system;		/* truecrypt, veracrypt: the header is in the disk's first track */
	unsigned int pim;	/* veracrypt; default: the default number of iterations */
	const struct anyfs_key *key_files;	/* truecrypt, veracrypt */
	size_t nr_key_files;
	const char *root_hash;	/* verity: hexadecimal */
	const char *hash_volume;	/* verity: path of the partition with the hashes */
	uint64_t hash_offset;	/* verity: offset of the superblock of the hashes, in bytes */
} AnyfsVolumeOpts;

/*
 * Describe a volume of @image, before a path enters it.  @opts is copied; the image takes over
 * opts->header, which is closed on failure.  The blocks of a volume of type "verity" are checked
 * on each read: if it cannot be opened that way, it is not opened at all.  0;
 * -EINVAL: the options are invalid; -ENOMEM, -E2BIG, or as anyfs_image_open_source().  A path
 * that leads to no volume is reported with -ENOENT when its parent is entered.
 */
int anyfs_image_add_volume(struct anyfs_image *image, const struct anyfs_volume_opts *opts);

/*
 * Unmount everything and remove the disk.  NULL is fine.  0 or -errno; frees @image always.
 * -EBUSY: files of it are open.  They stay readable; disk and lock of the image are released
 * by the first call that opens or closes an image after the last such file was closed.
 */
int anyfs_image_close(struct anyfs_image *image);

/* The disk id of an image. */
int anyfs_image_disk(const struct anyfs_image *image);

/*
 * 1 if the image has partitions: its root contains the directories p1, p2, ..., and
 * opening a path below one mounts that partition.  0 if it is a single file system.
 */
int anyfs_image_is_partitioned(const struct anyfs_image *image);

/*
 * Convert a path of the namespace ("/p2/etc/passwd"; "/etc/passwd" for a bare file
 * system) to the kernel's path of the same file, for lkl_sys_*().  Mounts the partition
 * on first use, with LKL_MS_NODEV.  "/" of a partitioned disk becomes a directory that
 * contains p1, p2, ... .  Symbolic links in the path are not resolved here, and an
 * absolute one would lead out of the file system: to prevent that, use openat2() with
 * LKL_RESOLVE_IN_ROOT, or anyfs_image_openat().
 * -ENOENT: no such partition; -ENAMETOOLONG; or the errors of anyfs_mount().
 */
int anyfs_image_resolve(struct anyfs_image *image, const char *path, char *kpath, size_t len);

/*
 * Open a path of the namespace, symbolic links resolved as if the file system
 * were the root, @flags and @mode as for openat(2) (LKL_O_*).  Returns a
 * descriptor of the image's kernel (close with lkl_sys_close), or -errno.
 */
int anyfs_image_openat(struct anyfs_image *image, const char *path, int flags, unsigned int mode);

/*
 * 1 if @path is a directory of partitions or volumes, each with a path of its own; 0 if @path
 * is in a file system: then *@rest, unless @rest is NULL, is set to the part of @path below the
 * root of that file system.  Errors are those of anyfs_image_resolve().  Mounts no file system.
 */
int anyfs_image_split_path(struct anyfs_image *image, const char *path, const char **rest);

/*
 * List the content of @image: its partitions, each followed by the volumes in it, as an
 * array to free with anyfs_free().  Encrypted volumes are unlocked if there is a key, and
 * are then listed with their content.  Returns the number of entries, or -errno.
 */
int anyfs_image_parts(struct anyfs_image *image, AnyfsPart **parts);

/* ---- Images: the tree ------------------------------------------------------ */

/*
 * An image is a tree of nodes: the disk, its partitions, and their contents at any
 * depth.  Nodes, and the strings that these functions return, are valid until the image
 * is closed.
 */

enum anyfs_node_kind {
	ANYFS_NODE_DISK,
	ANYFS_NODE_PARTITION,
	ANYFS_NODE_TABLE,	/* a partition table inside a partition or a volume */
	ANYFS_NODE_CRYPT,	/* an encrypted volume */
	ANYFS_NODE_GROUP,	/* a volume group of LVM2 */
	ANYFS_NODE_VOLUME,	/* a logical volume */
	ANYFS_NODE_FILESYSTEM,
	ANYFS_NODE_OTHER,	/* cannot be entered; anyfs_node_error() returns the reason */
	ANYFS_NODE_ARRAY,	/* a member of a Linux RAID array */
	ANYFS_NODE_FILE,	/* a file in a file system that a path opens as a disk: "/p2/vm.img!" */
	ANYFS_NODE_VERITY,	/* a volume whose blocks are checked against hashes */
};

enum anyfs_node_state { ANYFS_NODE_NEW, ANYFS_NODE_OPENING, ANYFS_NODE_OPEN, ANYFS_NODE_FAILED };

/* The node of the image's disk, the root of the tree. */
struct anyfs_node *anyfs_image_node(struct anyfs_image *image);

/*
 * Open @node and probe its contents: a file system is mounted, an encrypted volume is unlocked.
 * 0, also if the node is open already; -ENOKEY: no key opens it; -EOPNOTSUPP, -EMEDIUMTYPE: it
 * cannot be entered; -ENXIO: members are missing; -EUCLEAN: damaged; or as anyfs_mount().
 */
int anyfs_node_enter(struct anyfs_node *node);
/* Child number @index, from 0, of a node that was entered; NULL: there is none. */
struct anyfs_node *anyfs_node_child(struct anyfs_node *node, unsigned int index);
/* The parent of @node; NULL for the disk. */
struct anyfs_node *anyfs_node_parent(const struct anyfs_node *node);
/* The member of the same group or array that shows the content; NULL: @node itself shows it. */
struct anyfs_node *anyfs_node_shown_at(const struct anyfs_node *node);
enum anyfs_node_kind anyfs_node_kind(const struct anyfs_node *node);
enum anyfs_node_state anyfs_node_state(const struct anyfs_node *node);
/* -errno if entering @node failed, with the text in *@reason unless @reason is NULL; else 0. */
int anyfs_node_error(const struct anyfs_node *node, const char **reason);
/* The node's name among its siblings, such as "p3" or "root"; "" for an only child. */
const char *anyfs_node_name(const struct anyfs_node *node);
/* The node's path, such as "/" or "/p3/root".  A node without a name has its parent's path. */
const char *anyfs_node_path(const struct anyfs_node *node);
/* The type as libblkid names it ("ext4", "crypto_LUKS"), label and UUID; "" if there is none. */
const char *anyfs_node_fstype(const struct anyfs_node *node);
const char *anyfs_node_label(const struct anyfs_node *node);
const char *anyfs_node_uuid(const struct anyfs_node *node);
/* Type of a partition (from the table) or of a volume's first segment; else "". */
const char *anyfs_node_type(const struct anyfs_node *node);
/* The size in bytes; 0 if it is unknown until the node is entered. */
uint64_t anyfs_node_size(const struct anyfs_node *node);
/*
 * Read bytes of the partition or volume @node, or of the one whose content is @node, without a
 * replay of journals.  0; -ENXIO: not inside it; -ENODATA: no bytes; or as anyfs_node_enter().
 */
int anyfs_node_read(struct anyfs_node *node, void *buf, size_t len, uint64_t offset);
/* The first range of these bytes from @offset on that is not known to be zeros; -ENXIO: none. */
int anyfs_node_find_data(struct anyfs_node *node, uint64_t offset, uint64_t *start, uint64_t *end);
/* Get the kernel's path of the device that anyfs_node_read() reads; -ERANGE: @len < 32. */
int anyfs_node_device(struct anyfs_node *node, char *path, size_t len);
/* The note about the journal of a file system that was entered (see AnyfsMount); else "". */
const char *anyfs_node_note(const struct anyfs_node *node);

/*
 * Load the module that unlocks encrypted volumes.  Only programs that give up the right to open
 * files before they enter such a volume need this call.  0 or -ENOENT.
 */
int anyfs_unlock_prepare(void);

/*
 * Load the libraries that disk images with compressed blocks need, for programs that give up the
 * right to open files before a path leads into a disk image inside an image.  A library that is
 * not installed is an error only when an image that needs it is opened.
 */
void anyfs_formats_prepare(void);

/* Free memory that a function of this library returned for the caller.  NULL is fine. */
void anyfs_free(void *ptr);

#ifdef __cplusplus
}
#endif

#endif /* ANYFS_H */
