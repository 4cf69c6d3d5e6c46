/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lkl.h - the classic interface to a Linux kernel inside a process
 *
 * This is the interface of programs written for the Linux Kernel Library: one kernel
 * instance per process, which runs lkl_sys_*() calls on the calling thread.  anyfs.h
 * is the interface for several instances and for errors with a text.  A program may
 * use both.
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
 * Errors   Negative numbers are Linux error numbers (LKL_E...), unless stated
 *          otherwise; lkl_strerror() describes them, and anyfs_strerror_last()
 *          often has a more detailed text.
 * Threads  Any function may be called from any thread.  The thread that booted the
 *          kernel is pid 1.  Every other thread becomes a process of its own with
 *          its first call; this process ends with the thread.  All threads share
 *          the file descriptors; at the start none is open.
 * Kernel   "The kernel" is the calling thread's current one: the one set with
 *          anyfs_kernel_use(), else the first one that was booted, either by
 *          lkl_start_kernel() or by anyfs_kernel_init().
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

/* Types of directory entries (d_type); the kernel does not export them to user space. */
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
 * Use @ops for printing and panics.  @ops is borrowed until lkl_cleanup(), and its
 * members may be changed meanwhile.  Without this call lkl_host_ops is used.  0, or
 * -EINVAL if @ops is NULL.
 */
int lkl_init(struct lkl_host_operations *ops);

/*
 * Boot the process's kernel with a command line, which has the format of printf().  "mem=64M"
 * sets its memory (in bytes, or with K, M or G; default 128M; less than 16M becomes
 * 16M).  All other parameters go to the kernel, for example "loglevel=4", which prints
 * messages below that level.  The disks queued by lkl_disk_add() are attached.
 * 0; -EALREADY if a kernel runs; -EINVAL for an invalid mem=, and for the old form with
 * the host operations as the first argument; -ENOENT if the kernel object is missing;
 * -ENOEXEC if it has another version; -ENOMEM; or the error of attaching a disk.  After
 * an error no kernel runs.  After lkl_sys_halt() another kernel may be started.
 */
int lkl_start_kernel(const char *cmdline_fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Write back and unmount everything, close all descriptors, release the disks and end
 * the kernel.  No other thread may use it.  0; -ENODEV if there is no kernel; or the
 * first error, after which the kernel has ended as well.
 */
long lkl_sys_halt(void);

/* Forget the operations of lkl_init(), and close the disks that wait for a kernel. */
void lkl_cleanup(void);

/* 1 while the kernel runs; 0 before it is started, after it was halted, and if it has died. */
int lkl_is_running(void);

/* ---- Settings ----------------------------------------------------------- */

/*
 * Set the soft and hard RLIMIT_NOFILE in the kernel.  A limit above fs.nr_open, which
 * depends on the kernel's memory, is lowered to fs.nr_open.  0, or the negative error
 * number of prlimit(2).
 */
int lkl_set_fd_limit(unsigned int fd_limit);

/*
 * Write @value to the kernel setting @path, for example "vm.dirty_ratio"; mounts proc at
 * /proc if it is not mounted.  0; -ENOENT if there is no such setting; -EINVAL if the
 * value is not valid; -ENAMETOOLONG; or the error of mounting proc.
 */
int lkl_sysctl(const char *path, const char *value);

/* Call lkl_sysctl() for each part of "path=value;path=value"; errors are printed. */
void lkl_sysctl_parse_write(const char *sysctls);

/* These two do nothing; they exist for programs that call them. */
void lkl_register_dbg_handler(void);
void lkl_change_tls_mode(void);

/* ---- System calls ------------------------------------------------------- */

/*
 * Make system call number @no (__lkl__NR_*) with six @params and return the kernel's
 * result; -ENODEV if no kernel runs, -EIO if it has died.  <lkl/syscalls.h> has a
 * function lkl_sys_*() for each system call.
 */
long lkl_syscall(long no, long *params);

/*
 * System calls of which the kernel has only a newer form.  They work as described in
 * their man pages, but return a negative error number on failure.
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
 * Give the calling thread its own thread group.  All threads except the one that booted
 * the kernel have one already: 0 for these, -EBUSY for that one.  Descriptors and the
 * current directory stay shared.
 */
long lkl_sys_new_thread_group_leader(void);
long lkl_sys_dup2(int fd, int as);
long lkl_sys_pipe(int fds[2]);
long lkl_sys_eventfd(unsigned int count);
long lkl_sys_inotify_init(void);
long lkl_sys_epoll_create(int size);
long lkl_sys_epoll_wait(int epfd, struct lkl_epoll_event *events, int max, int timeout_ms);
long lkl_sys_poll(struct lkl_pollfd *fds, unsigned int nfds, int timeout_ms);
/* The remaining time is stored in @timeout; NULL: no limit. */
long lkl_sys_select(int nfds, lkl_fd_set *readfds, lkl_fd_set *writefds, lkl_fd_set *exceptfds,
		    struct lkl_timeval *timeout);

/* ---- Disks -------------------------------------------------------------- */

/*
 * Add a disk to the kernel; if none runs, queue the disk for the next one that is
 * started.  Sets @disk->dev and copies the rest.  If ops is NULL or &lkl_dev_blk_ops, the
 * disk is the file or block device open at fd, which the program may close afterwards.
 * The disk is read-only if fd is read-only; else the file is locked exclusively.  If the program
 * itself already holds a lock on the file (which must be a write lock if fd is writable), that
 * lock is used.  Removing the disk drops the program's F_SETLK locks on the file, like any close()
 * of the file.  Returns the disk's id >= 0, like anyfs_disk_add(); -EBADF; -EBUSY if another
 * process has locked the file, or if the program itself holds only a read lock; -EINVAL if fd is
 * neither a file nor a block device, or shorter than a sector; -ENOMEM; or the error of
 * get_capacity.
 */
int lkl_disk_add(struct lkl_disk *disk);

/*
 * Remove a disk.  0, also if it was removed before, with its kernel or by lkl_cleanup();
 * -EBUSY while it is mounted or open; -EINVAL if @disk was never added.
 */
int lkl_disk_remove(struct lkl_disk disk);

/*
 * Store the device number of partition @part (0: the whole disk), for lkl_sys_mknod(),
 * in *@dev.  0; -ENXIO if there is no such disk or partition; -ENODEV if no kernel runs.
 */
int lkl_get_virtio_blkdev(int disk_id, unsigned int part, uint32_t *dev);

/*
 * Read a device number from a file in sysfs, such as "/sysfs/block/vda/dev", to *@dev.
 * 0; the error of open(2) or read(2); or -EINVAL if the file contains no device number.
 */
int lkl_encode_dev_from_sysfs(const char *sysfs_path, uint32_t *dev);

/* ---- Mounts ------------------------------------------------------------- */

/* Flags of umount2(2); the kernel does not export them to user space. */
#ifndef LKL_MNT_FORCE
#define LKL_MNT_FORCE		1
#define LKL_MNT_DETACH		2	/* hide the mount now, unmount when it is not busy */
#define LKL_MNT_EXPIRE		4
#define LKL_UMOUNT_NOFOLLOW	8
#endif

/*
 * Mount partition @part (0: the whole disk) as @fs_type, with LKL_MS_* @flags and the
 * file system's own @opts (or NULL).  The mount point is /mnt/ and the 8 hex digits of the
 * device number; it is stored in @mnt_str, a buffer of @len bytes (14 are enough).  The
 * device node in /dev/ has the same name.  0; -EINVAL if @fs_type is NULL; -ENAMETOOLONG
 * if @len is too small; -E2BIG for more than 4095 bytes of options; -ENXIO if there is no
 * such partition; or the error of mount(2).
 */
long lkl_mount_dev(unsigned int disk_id, unsigned int part, const char *fs_type, int flags,
		   const char *opts, char *mnt_str, unsigned int len);

/*
 * Undo lkl_mount_dev(): write back, unmount (@flags are LKL_MNT_*), flush the disk, and
 * remove the device node and the mount point.  While the file system is busy, the unmount
 * is tried again for @timeout_ms milliseconds.  0, -EBUSY, -EIO or another error.
 */
long lkl_umount_dev(unsigned int disk_id, unsigned int part, int flags, long timeout_ms);

/*
 * Like lkl_mount_dev() and lkl_umount_dev(), but by device number: @dev is the result of
 * LKL_MKDEV() or lkl_encode_dev_from_sysfs().  For devices that were not added with
 * lkl_disk_add(), such as a loop device.
 */
long lkl_mount_blkdev(uint32_t dev, const char *fs_type, int flags, const char *opts,
		      char *mnt_str, unsigned int len);
long lkl_umount_blkdev(uint32_t dev, int flags, long timeout_ms);

/*
 * Like lkl_umount_dev(), for the mount at @path, but does not flush a disk or remove a node or
 * directory.
 */
long lkl_umount_timeout(const char *path, int flags, long timeout_ms);

/*
 * Mount a file system without a disk, such as "proc" or "sysfs", at /@fstype.  0; 1 if a
 * file system is mounted there already; or a negative error number.
 */
int lkl_mount_fs(const char *fstype);

/* ---- Directories -------------------------------------------------------- */

/*
 * An open directory of the kernel.  Only one thread at a time may use it.  Free it with
 * lkl_closedir(), also after the kernel was halted.
 */
struct lkl_dir;

/* NULL on failure.  Stores 0 or the negative error number in *@err, unless @err is NULL. */
struct lkl_dir *lkl_opendir(const char *path, int *err);
/* Like lkl_opendir(), for an open descriptor; on success the directory owns @fd. */
struct lkl_dir *lkl_fdopendir(int fd, int *err);

/*
 * Read the next entry (members d_ino, d_off, d_reclen, d_type, d_name), valid until the
 * next call with @dir.  NULL at the end and on an error; lkl_errdir() distinguishes them.
 */
struct lkl_linux_dirent64 *lkl_readdir(struct lkl_dir *dir);
/* The negative error number of the last lkl_readdir() or lkl_rewinddir(), or 0. */
int lkl_errdir(struct lkl_dir *dir);
/* Start again at the first entry; shows the directory's current contents. */
void lkl_rewinddir(struct lkl_dir *dir);
/* The directory's descriptor; the directory still owns it. */
int lkl_dirfd(struct lkl_dir *dir);
/* Close and free @dir.  NULL is fine.  0, or the error of close(2); @dir is freed always. */
int lkl_closedir(struct lkl_dir *dir);

/* ---- Messages ----------------------------------------------------------- */

/* Describe a Linux error number, positive or negative.  Do not free the string. */
const char *lkl_strerror(int err);

/* Print "@msg: ", the description of @err and a newline with the print operation. */
void lkl_perror(const char *msg, int err);

/* Like printf(), with the print operation.  Returns the length, or -ENOMEM. */
int lkl_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Print a message and end the process with the panic operation. */
void lkl_bug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#ifdef __cplusplus
}
#endif

#endif /* LKL_H */
