/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl.h - the classic interface to a Linux kernel inside a process
 *
 * The names and meanings that programs written for the Linux Kernel Library
 * use: one kernel instance a process, reached by lkl_sys_* calls on the
 * calling thread.  Programs that want several instances, or to be told in
 * words what went wrong, use anyfs.h instead; both may be used together.
 *
 *	struct lkl_disk disk = { .fd = open("disk.img", O_RDONLY) };
 *	char mnt[32];
 *	lkl_init(&lkl_host_ops);
 *	int id = lkl_disk_add(&disk);
 *	lkl_start_kernel("mem=64M loglevel=4");
 *	lkl_mount_dev(id, 1, "ext4", LKL_MS_RDONLY, NULL, mnt, sizeof(mnt));
 *	... lkl_sys_open() below mnt ...
 *	lkl_umount_dev(id, 1, 0, 1000);
 *	lkl_sys_halt();
 *	lkl_disk_remove(disk);
 *	lkl_cleanup();
 *
 * Errors   Negative numbers are Linux error numbers (LKL_E...), unless it says
 *          otherwise; lkl_strerror() names them, anyfs_strerror_last() often
 *          says more.
 * Threads  Any function may be called from any thread.  The thread that booted
 *          is pid 1; the first call of any other makes it a process of its
 *          own, which ends with the thread.  Descriptors are shared by all
 *          threads; there are none at the start.
 * Kernel   "The kernel" is the calling thread's current one: that of
 *          anyfs_kernel_use(), else the first one booted, by whichever of
 *          lkl_start_kernel() and anyfs_kernel_init().
 */
#ifndef LKL_H
#define LKL_H

#include <lkl_host.h>
#include <lkl/syscalls.h>
#include <lkl/linux/kdev_t.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Types and numbers -------------------------------------------------- */

typedef long lkl_long_t;		/* an argument of lkl_syscall() */
typedef unsigned long lkl_ulong_t;

/* Types of directory entries (d_type), which the kernel's own headers keep to themselves. */
#ifndef LKL_DT_UNKNOWN
#define LKL_DT_UNKNOWN		0
#define LKL_DT_FIFO		1
#define LKL_DT_CHR		2
#define LKL_DT_DIR		4
#define LKL_DT_BLK		6
#define LKL_DT_REG		8
#define LKL_DT_LNK		10
#define LKL_DT_SOCK		12
#define LKL_DT_WHT		14
#endif

/* ---- Kernel ------------------------------------------------------------- */

/*
 * Use @ops for printing and panics from now on.  Borrowed until lkl_cleanup();
 * its members may still be changed.  Without this call lkl_host_ops is used.
 * 0, or -EINVAL if @ops is NULL.
 */
int lkl_init(struct lkl_host_operations *ops);

/*
 * Boot the process's kernel with a command line made as by printf().  mem= is
 * its memory ("mem=64M"; bytes, or with K, M or G; default 128M; less than
 * 16M becomes 16M); all else goes to the kernel, as "loglevel=4" (messages below that
 * level are printed).  Takes the disks that lkl_disk_add() has queued.
 * -EALREADY if one runs, -EINVAL for a bad mem= and for the old form with the
 * host operations as first argument, -ENOENT or -ENOEXEC if the
 * kernel object is missing or of another version, -ENOMEM, or why a disk was
 * not taken.  After an error no kernel runs, after lkl_sys_halt() another may
 * be started.
 */
int lkl_start_kernel(const char *cmdline_fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Write back and unmount everything, and end the kernel with its disks,
 * threads and descriptors.  No other thread may be using it.  0, or what went
 * wrong on the way (the kernel is gone in any case); -ENODEV if there is none.
 */
long lkl_sys_halt(void);

/* Forget the operations of lkl_init() and the disks that no kernel has taken. */
void lkl_cleanup(void);

/* 1 while the kernel runs; 0 before, after, and once it has died. */
int lkl_is_running(void);

/* ---- Settings ----------------------------------------------------------- */

/*
 * Set RLIMIT_NOFILE, soft and hard, for the descriptors of the kernel; if @fd_limit is
 * more than the kernel has memory for (fs.nr_open), to as many as it has.  0, or the error
 * of prlimit(2).
 */
int lkl_set_fd_limit(unsigned int fd_limit);

/*
 * Write @value to the setting @path, as "vm.dirty_ratio"; mounts proc at /proc if that is
 * not done yet.  0; -ENOENT if there is no such setting, -EINVAL if it does not take the
 * value, -ENAMETOOLONG, or why proc could not be mounted.
 */
int lkl_sysctl(const char *path, const char *value);

/* lkl_sysctl() for each of "path=value;path=value"; what fails is printed. */
void lkl_sysctl_parse_write(const char *sysctls);

/* For programs that call them; they do nothing here. */
void lkl_register_dbg_handler(void);
void lkl_change_tls_mode(void);

/* ---- System calls ------------------------------------------------------- */

/*
 * System call number @no (__lkl__NR_*) with six @params, the answer as the
 * kernel gives it.  lkl_sys_*() of <lkl/syscalls.h> are the same by name.
 * -ENODEV if no kernel runs, -EIO if it has died.
 */
long lkl_syscall(long no, long *params);

/*
 * Calls that the kernel's table has in a newer form only.  As in their man
 * pages, but for the answer: a value or a negative error number.
 */
long lkl_sys_open(const char *path, int flags, int mode);
long lkl_sys_creat(const char *path, int mode);
long lkl_sys_stat(const char *path, struct lkl_stat *buf);
long lkl_sys_lstat(const char *path, struct lkl_stat *buf);
long lkl_sys_access(const char *path, int mode);
long lkl_sys_readlink(const char *path, char *buf, size_t len);	/* not zero-terminated */
long lkl_sys_mkdir(const char *path, lkl_umode_t mode);
long lkl_sys_rmdir(const char *path);
long lkl_sys_mknod(const char *path, lkl_umode_t mode, unsigned int dev);
long lkl_sys_link(const char *existing, const char *path);
long lkl_sys_symlink(const char *target, const char *path);
long lkl_sys_unlink(const char *path);
long lkl_sys_rename(const char *from, const char *to);
long lkl_sys_chmod(const char *path, lkl_umode_t mode);
long lkl_sys_chown(const char *path, lkl_uid_t uid, lkl_gid_t gid);
long lkl_sys_lchown(const char *path, lkl_uid_t uid, lkl_gid_t gid);
long lkl_sys_utimes(const char *path, const struct lkl_timeval times[2]);	/* NULL: now */
/*
 * The calling thread gets a thread group of its own.  Every thread has one but the one
 * that booted the kernel: 0 there, -EBUSY here.  Descriptors and directories stay shared.
 */
long lkl_sys_new_thread_group_leader(void);
long lkl_sys_dup2(int fd, int as);
long lkl_sys_pipe(int fds[2]);
long lkl_sys_eventfd(unsigned int count);
long lkl_sys_inotify_init(void);
long lkl_sys_epoll_create(int size);
long lkl_sys_epoll_wait(int epfd, struct lkl_epoll_event *events, int max, int timeout_ms);
long lkl_sys_poll(struct lkl_pollfd *fds, unsigned int nfds, int timeout_ms);
/* What is left of @timeout is stored in it; NULL: no limit. */
long lkl_sys_select(int nfds, lkl_fd_set *readfds, lkl_fd_set *writefds, lkl_fd_set *exceptfds,
		    struct lkl_timeval *timeout);

/* ---- Disks -------------------------------------------------------------- */

/*
 * Give the kernel a disk; before it runs, queue it for the one that will be
 * started.  @disk->dev is set, the rest is copied.  With ops NULL (or
 * &lkl_dev_blk_ops) the disk is the file or block device behind fd, which the
 * program may close; read-only if fd is, else locked against other users.  A lock
 * that the program holds on the file itself, for writing if fd can be written, is
 * taken instead; removing the disk ends locks of F_SETLK, as each close() does.
 * Returns the disk's id >= 0, the same as anyfs_disk_add()'s; -EBADF, -EBUSY
 * (locked by another process, or by a weaker lock of this one), -EINVAL (neither
 * file nor block device, or not a sector long), -ENOMEM, what get_capacity said.
 */
int lkl_disk_add(struct lkl_disk *disk);

/*
 * Take a disk away.  0, also if it has gone before, with its kernel or by
 * lkl_cleanup(); -EBUSY while it is mounted or open; -EINVAL if @disk was never
 * added.
 */
int lkl_disk_remove(struct lkl_disk disk);

/*
 * The device number of partition @part (0: the whole disk), for lkl_sys_mknod(),
 * to *@dev.  0, -ENXIO if there is no such disk or partition, -ENODEV if no
 * kernel runs.
 */
int lkl_get_virtio_blkdev(int disk_id, unsigned int part, uint32_t *dev);

/*
 * The device number in a file of sysfs, "/sysfs/block/vda/dev", to *@dev.  0, what
 * open(2) and read(2) say, or -EINVAL if the file does not hold one.
 */
int lkl_encode_dev_from_sysfs(const char *sysfs_path, uint32_t *dev);

/* ---- Mounts ------------------------------------------------------------- */

/* Flags of umount2(2), which the kernel's own headers keep to themselves. */
#ifndef LKL_MNT_FORCE
#define LKL_MNT_FORCE		1
#define LKL_MNT_DETACH		2	/* out of the tree now, away when nobody uses it */
#define LKL_MNT_EXPIRE		4
#define LKL_UMOUNT_NOFOLLOW	8
#endif

/*
 * Mount partition @part (0: the whole disk) as @fs_type, with LKL_MS_* @flags
 * and the file system's own @opts (or NULL), at /mnt/ and the 8 hex digits of
 * its device number, which goes to @mnt_str (@len bytes, 14 will do); the
 * device node is of that name in /dev/.  -EINVAL if fs_type is NULL, -ENAMETOOLONG
 * if @len is too small, -E2BIG for more than 4095 bytes of options, -ENXIO if
 * there is no such partition, or what mount(2) says.
 */
long lkl_mount_dev(unsigned int disk_id, unsigned int part, const char *fs_type, int flags,
		   const char *opts, char *mnt_str, unsigned int len);

/*
 * Undo lkl_mount_dev(): write back, unmount (@flags are LKL_MNT_*), flush the
 * disk, remove node and mount point.  While the file system is busy, try again
 * for @timeout_ms milliseconds.  0, -EBUSY, -EIO ...
 */
long lkl_umount_dev(unsigned int disk_id, unsigned int part, int flags, long timeout_ms);

/*
 * The same by the device number @dev, as LKL_MKDEV() or lkl_encode_dev_from_sysfs() give
 * it, for disks that did not come from lkl_disk_add(), as a loop device.
 */
long lkl_mount_blkdev(uint32_t dev, const char *fs_type, int flags, const char *opts,
		      char *mnt_str, unsigned int len);
long lkl_umount_blkdev(uint32_t dev, int flags, long timeout_ms);

/* Unmount what is mounted at @path.  As lkl_umount_dev() but for disk, node and directory. */
long lkl_umount_timeout(const char *path, int flags, long timeout_ms);

/*
 * Mount a file system without a disk at /@fstype ("proc", "sysfs" ...).
 * 0, 1 if something is mounted there already, or a negative number.
 */
int lkl_mount_fs(const char *fstype);

/* ---- Directories -------------------------------------------------------- */

/*
 * An open directory of the kernel's.  One thread at a time.  lkl_closedir()
 * frees it, also after the kernel is gone.
 */
struct lkl_dir;

/* NULL if that fails; why goes to *@err (may be NULL), 0 if it does not. */
struct lkl_dir *lkl_opendir(const char *path, int *err);
/* Likewise for a descriptor, which becomes the directory's unless it fails. */
struct lkl_dir *lkl_fdopendir(int fd, int *err);

/*
 * The next entry (members d_ino, d_off, d_reclen, d_type, d_name), valid until
 * the next call with @dir.  NULL at the end and after an error: lkl_errdir().
 */
struct lkl_linux_dirent64 *lkl_readdir(struct lkl_dir *dir);
/* 0, or the negative number that lkl_readdir() or lkl_rewinddir() has met. */
int lkl_errdir(struct lkl_dir *dir);
/* Begin anew, with the directory as it is now. */
void lkl_rewinddir(struct lkl_dir *dir);
/* The descriptor; remains the directory's. */
int lkl_dirfd(struct lkl_dir *dir);
/* NULL is fine.  0, or what closing the descriptor said; @dir is gone in any case. */
int lkl_closedir(struct lkl_dir *dir);

/* ---- Messages ----------------------------------------------------------- */

/* "No such file or directory" for -ENOENT or ENOENT, any Linux error number.  Never freed. */
const char *lkl_strerror(int err);

/* Print "@msg: @err in words" and a newline through the print operation. */
void lkl_perror(const char *msg, int err);

/* printf() through the print operation.  Returns the length, or -ENOMEM. */
int lkl_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Say why, and end the process through the panic operation. */
void lkl_bug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#ifdef __cplusplus
}
#endif

#endif /* LKL_H */
