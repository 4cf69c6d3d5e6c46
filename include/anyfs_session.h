/* SPDX-License-Identifier: GPL-2.0 */
/*
 * anyfs_session.h - sessions: one disk image, its partitions and volumes by number
 *
 *	AnyfsSession *s;
 *	char dir[ANYFS_LKL_PATH_MAX];
 *
 *	anyfs_session_open("disk.img", ANYFS_SESSION_READONLY, &s);
 *	anyfs_session_enter(s, 1, 0, dir);
 *	... lkl_sys_openat() below dir, with <lkl.h> ...
 *	anyfs_session_close(s);
 *
 * Programs that were written for these calls need no other header of the library.  New
 * programs should use the images and nodes of <anyfs.h>, on which these calls are based.
 *
 * Slots    A partition, a volume, or the whole disk is a slot.  The slot id of a partition is
 *          its number, that of the whole disk is 0, those of all others are 256 or more and
 *          are valid until the session is closed.  A container (an encrypted volume, an LVM2
 *          group, a partition table inside a partition) is entered like a file system; its
 *          children are slots then.  A container with one file system, such as a LUKS
 *          volume with an ext4, gives the path of that file system; its only child, with the
 *          index 1, is the same file system.
 * Kernel   A session belongs to the calling thread's current kernel.  If no kernel runs,
 *          anyfs_session_open() boots one.  The kernel is not halted when sessions are
 *          closed.
 * Errors   Functions that return int return a negative Linux errno on failure;
 *          anyfs_get_last_error() then returns the text.  -ENOMEM is possible everywhere, and
 *          -ENODEV after the kernel was halted.
 * Threads  Any thread may call any function, also with the same session.  A session must not be
 *          used while it is being closed.  Calls that enter slots of one session wait for each
 *          other; the state of a slot can be read meanwhile.
 * Texts    A returned text belongs to the session and is valid until the session is closed.
 */
#ifndef ANYFS_SESSION_H
#define ANYFS_SESSION_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Flags and limits ---------------------------------------------------- */

#define ANYFS_SESSION_READONLY	(1u << 0)	/* not one byte of the image changes */
/*
 * How the image is read; default: chosen by its path and content.  RAW: the bytes of the file
 * are the disk.  GIO: the path is an address of GIO, or a file that GIO reads.  QEMU: the image
 * may be in any format of QEMU.  -EINVAL for more than one of them.
 */
#define ANYFS_BACKEND_RAW	(1u << 1)
#define ANYFS_BACKEND_GIO	(1u << 2)
#define ANYFS_BACKEND_QEMU	(1u << 3)
#define ANYFS_SESSION_SNAPSHOT	(1u << 4)	/* writes go to memory and are dropped at the end */

#define ANYFS_MOUNT_RDONLY	(1u << 0)	/* of the calls that enter: mount read-only */

/*
 * Sizes for arrays of programs.  Only ANYFS_LKL_PATH_MAX and ANYFS_PATH_MAX_COMPONENTS are limits
 * of the library.
 */
#define ANYFS_MAX_DISKS			16
#define ANYFS_MAX_SHARES		32
#define ANYFS_LKL_PATH_MAX		64
#define ANYFS_PATH_MAX_COMPONENTS	8

/* ---- Types --------------------------------------------------------------- */

typedef struct AnyfsSession AnyfsSession;

typedef enum AnyfsPartKind {
	ANYFS_PART_KIND_FS = 0,
	ANYFS_PART_KIND_LVM_PV,
	ANYFS_PART_KIND_LUKS,		/* any encrypted volume; fstype names the type */
	ANYFS_PART_KIND_NESTED_PARTITION_TABLE,
	ANYFS_PART_KIND_UNKNOWN,	/* swap, unknown, or a RAID member that was not entered */
} AnyfsPartKind;

typedef enum AnyfsPartState {
	ANYFS_PART_NEW = 0,
	ANYFS_PART_MOUNTING,		/* a thread is entering it */
	ANYFS_PART_MOUNTED,		/* entered: a file system, or an open container */
	ANYFS_PART_FAILED,		/* entering it failed; it may be entered again */
} AnyfsPartState;

/* Texts are empty if there is none, and are cut if they are longer. */
typedef struct AnyfsPartInfo {
	int slot_id;
	int parent;			/* the slot that contains this one; -1: none */
	unsigned index;			/* number of the partition, or position from 1 on */
	uint64_t offset_bytes;		/* in the disk, or the slot with the table; 0: a volume */
	uint64_t size_bytes;
	char ptype[40];			/* type in the partition table: "0x83", a GUID, or "?" */
	AnyfsPartKind kind;
	char fstype[32];		/* "ext4", "crypto_LUKS" ... */
	char label[64];
	char uuid[40];
} AnyfsPartInfo;

typedef struct AnyfsSessionMeta {
	uint64_t logical_size;		/* of the disk, in bytes */
	char pt_type[16];		/* "gpt", "dos" ...; "": no partition table */
} AnyfsSessionMeta;

/* A component of a path: partition or slot @p, and the query that names its key. */
typedef struct AnyfsPathComp {
	unsigned p;
	const char *query;		/* decoded, such as "keyfile=/root/k"; NULL: none */
} AnyfsPathComp;

typedef struct AnyfsPath {
	char *arena;			/* memory of the queries */
	int disk_idx_set, disk_idx;	/* N of "diskN/", if disk_idx_set is not 0 */
	size_t n_comp;
	AnyfsPathComp comp[ANYFS_PATH_MAX_COMPONENTS];
} AnyfsPath;

/* "FS", "LVM_PV", "LUKS", "NESTED" or "UNKNOWN". */
const char *anyfs_partkind_name(AnyfsPartKind kind);

/* ---- Sessions ------------------------------------------------------------ */

/*
 * Open and lock the image at @path, a file, a block device or an address; @flags are
 * ANYFS_SESSION_* and one ANYFS_BACKEND_*.  Nothing is mounted.  -EINVAL: unknown flags, or
 * NULL; -ENOTSUP: this build lacks the backend; or the errors of anyfs_image_open().
 */
int anyfs_session_open(const char *path, uint32_t flags, AnyfsSession **session);

/*
 * Unmount everything, flush and close the image.  NULL is fine.  If that fails,
 * anyfs_get_last_error() returns the reason.  To detect this, clear the text with
 * anyfs_set_last_error(NULL) before the call.
 */
void anyfs_session_close(AnyfsSession *session);

/* The name of the image, for messages. */
const char *anyfs_session_display(const AnyfsSession *session);

/* The kernel's number of the disk, for the functions of <anyfs.h>. */
int anyfs_session_id(const AnyfsSession *session);

/* Get the size of the disk and the type of its partition table. */
int anyfs_session_meta(AnyfsSession *session, AnyfsSessionMeta *meta);

/*
 * List the children of the slot @parent, -1: the partitions, or the whole disk if it has none.
 * Containers below are opened, but encrypted ones only if they were entered with a key before.
 * Fills in at most @n entries of @buf, which may be NULL if @n is 0, and stores how many there
 * are in *@got unless that is NULL.  Returns how many were filled in.  -ENXIO: no such slot;
 * -ENOKEY: it is locked; or the errors of anyfs_session_enter().
 */
int anyfs_session_list(AnyfsSession *session, int parent, AnyfsPartInfo *buf, size_t n,
		       size_t *got);

/* The number of children of @parent; 0 also if they cannot be listed. */
size_t anyfs_session_count(AnyfsSession *session, int parent);

/* ---- Entering slots ------------------------------------------------------ */

/*
 * Enter the partition or slot @part, 0: the whole disk.  A file system is mounted, and its
 * directory in the kernel is stored in @lkl_path, which has ANYFS_LKL_PATH_MAX bytes; a
 * container is opened and gives "".  Entering a slot again gives the same result.  @flags are
 * ANYFS_MOUNT_*, and count for the first time only.
 * -ENXIO: there is no such slot; -ENOKEY: it is encrypted, and anyfs_session_enter_path() with
 * a key is needed; -EXDEV: the volume was opened by the session of another image; or the errors
 * of anyfs_node_enter().
 */
int anyfs_session_enter(AnyfsSession *session, unsigned part, uint32_t flags, char *lkl_path);

/*
 * Enter the first of @n slots, then its child with the index of the second, and so on.  Keys
 * of encrypted volumes are in the queries: see anyfs_key_of_query().  *@leaf_slot, unless that
 * is NULL, gets the id of the last slot, and @lkl_path its directory, or "" for a container.
 * Errors are those of anyfs_session_enter(); -ENOTDIR: a slot before the last one is not a
 * container;
 * -EINVAL: @n is 0, or a query is invalid.  After a success anyfs_get_last_error() returns a
 * warning if a key was given as text, else NULL.
 */
int anyfs_session_walk(AnyfsSession *session, const AnyfsPathComp *comp, size_t n, uint32_t flags,
		       int *leaf_slot, char *lkl_path);

/* Like anyfs_session_walk(), but -EISDIR if the last slot is a container without a path. */
int anyfs_session_enter_path(AnyfsSession *session, const AnyfsPathComp *comp, size_t n,
			     uint32_t flags, char *lkl_path);

/*
 * Unmount @part and close the volumes in it; it can be entered again.  0, also if it was not
 * entered; -EBUSY: files are open, and it stays entered; -ENXIO; -EIO, -ENOSPC, -EROFS: it was
 * unmounted, but some written data could not be saved.
 */
int anyfs_session_leave(AnyfsSession *session, unsigned part);

/* The state of a slot; ANYFS_PART_NEW if there is no such slot. */
AnyfsPartState anyfs_session_state(AnyfsSession *session, unsigned part);
AnyfsPartState anyfs_session_state_slot(AnyfsSession *session, int slot);

/* Why entering failed; NULL if the state is not ANYFS_PART_FAILED. */
const char *anyfs_session_fail_reason(AnyfsSession *session, unsigned part);
const char *anyfs_session_fail_reason_slot(AnyfsSession *session, int slot);

/*
 * Store type (32 bytes) and label (64 bytes) of @part, and the number of bytes in use (0: it is
 * unknown).  Pointers may be NULL.  To count the bytes, a file system that was not entered is
 * mounted read-only during the call.  Errors are those of anyfs_session_enter().
 */
int anyfs_session_probe(AnyfsSession *session, unsigned part, char *fstype, char *label,
			uint64_t *used);

/* ---- Paths --------------------------------------------------------------- */

/*
 * Parse "[diskN/]pN[?QUERY](/pM[?QUERY])*", with slashes allowed at both ends.  Numbers begin
 * at 1; the first one may be 0, the whole disk.  Slashes in a query are written %2F.  0, then
 * free @path with anyfs_path_free(); -EINVAL: not such a path, or more than
 * ANYFS_PATH_MAX_COMPONENTS components.
 */
int anyfs_path_parse(const char *text, AnyfsPath *path);

/* Free the memory of @path, not @path itself, and clear it.  NULL is fine. */
void anyfs_path_free(AnyfsPath *path);

/* Replace each %XX in @text by its byte.  0; -EINVAL: a bad escape or %00, @text is unchanged. */
int anyfs_path_pct_decode(char *text);

struct anyfs_key;	/* of <anyfs.h> */

/*
 * Get the key that @query names.  A query has parts "name=value" separated by &.  The first of
 * these parts gives the key: keyref=NAME, the value of an environment variable; keyfile=PATH, all
 * of a file; keyfd=N, all that can be read from a descriptor, which stays open; key=TEXT, the key
 * itself.  A newline at the end of keyref and keyfd is not part of the key.  *@key is to be freed
 * with key->free; *@warning, unless @warning is NULL, gets a text for the user, or NULL.  0;
 * -ENODATA: @query is NULL or empty; -EINVAL: it is invalid, or the key is empty; -ENOENT,
 * -EACCES, -EBADF ...: the key cannot be read; -EFBIG: it has more than 8 MiB.
 */
int anyfs_key_of_query(const char *query, struct anyfs_key *key, const char **warning);

/* ---- Errors -------------------------------------------------------------- */

/* Set the text of the calling thread's last error; @fmt NULL: none. */
void anyfs_set_last_error(const char *fmt, ...)
#ifdef __GNUC__
	__attribute__((format(printf, 1, 2)))
#endif
	;

/* The text of the calling thread's last error, valid until its next call; NULL: none. */
const char *anyfs_get_last_error(void);

#ifdef __cplusplus
}
#endif

#endif /* ANYFS_SESSION_H */
