// SPDX-License-Identifier: GPL-2.0
/*
 * allow-list.c - the system calls that the sandbox allows
 *
 * Each group names its reason.  A call that is not listed ends the program.  A call that
 * fails with an errno instead is one that library code tries and can do without; a
 * compromised kernel gains nothing from it.
 *
 * This file is compiled only into the generator of the filters (make-filters.c).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/blkzoned.h>
#include <linux/cdrom.h>
#include <linux/close_range.h>
#include <linux/fd.h>
#include <linux/fs.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "allow-list.h"

#define ALLOW(name)		{ .call = #name }
#define FAIL(name, err)		{ .call = #name, .error = err }
#define ALLOW_IF(name, ...) \
	{ .call = #name, .tests = { __VA_ARGS__ }, \
	  .nr_tests = sizeof((struct scmp_arg_cmp[]){ __VA_ARGS__ }) / sizeof(struct scmp_arg_cmp) }
#define FAIL_IF(name, err, ...) \
	{ .call = #name, .error = err, .tests = { __VA_ARGS__ }, \
	  .nr_tests = sizeof((struct scmp_arg_cmp[]){ __VA_ARGS__ }) / sizeof(struct scmp_arg_cmp) }
#define IS(arg, value)		{ arg, SCMP_CMP_EQ, value, 0 }
#define IS_NOT(arg, value)	{ arg, SCMP_CMP_NE, value, 0 }
#define BITS(arg, mask, value)	{ arg, SCMP_CMP_MASKED_EQ, mask, value }

/*
 * malloc(), thread stacks, and the kernel's vmalloc(), which maps aliases of its memory
 * file with MAP_FIXED.  No mapping is executable: all code is mapped already.
 */
static const struct rule memory[] = {
	ALLOW(brk),
	ALLOW_IF(mmap, BITS(2, PROT_EXEC, 0)),
	ALLOW_IF(mprotect, BITS(2, PROT_EXEC, 0)),
	ALLOW(mremap),
	ALLOW(munmap),
	ALLOW(madvise),
	ALLOW(memfd_create),		/* memory file: the copy of a disk for libblkid */
	ALLOW(ftruncate),
	ALLOW(sysinfo),			/* qsort() asks for the size of memory */
};

/*
 * Threads: start, wait, end.  clone3() has its flags in memory, where a filter cannot see
 * them, so it fails with ENOSYS and the C library falls back to clone(), which may only
 * create threads of this process.
 */
#define CLONE_BITS	(CLONE_THREAD | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | \
			 CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | \
			 CLONE_PTRACE | CLONE_UNTRACED)
static const struct rule threads[] = {
	FAIL(clone3, ENOSYS),
	ALLOW_IF(clone, BITS(0, CLONE_BITS, CLONE_THREAD)),
	ALLOW(futex),
	ALLOW(membarrier),
	ALLOW(rseq),
	ALLOW(set_robust_list),
	ALLOW(set_tid_address),
	ALLOW(sched_yield),
	ALLOW(sched_getaffinity),	/* for malloc's arenas and for read-ahead */
	ALLOW(gettid),
	ALLOW(getpid),
	ALLOW_IF(prctl, IS(0, PR_SET_NAME)),
	ALLOW(exit),
	ALLOW(exit_group),
};

/*
 * Signal handlers turn a fault of the kernel into the end of its instance.  The handler of
 * SIGSYS must not be replaced.  abort() calls tgkill() on this process; seccomp.c allows
 * that, since only it knows the process id.
 */
static const struct rule signals[] = {
	ALLOW_IF(rt_sigaction, IS_NOT(0, SIGSYS)),
	ALLOW(rt_sigprocmask),
	ALLOW(rt_sigreturn),
	ALLOW(sigaltstack),
	ALLOW(restart_syscall),
};

/* The kernel's clocks, on hosts where the vDSO cannot read them. */
static const struct rule times[] = {
	ALLOW(clock_gettime),
	ALLOW(gettimeofday),
	ALLOW(clock_nanosleep),
	ALLOW(nanosleep),
};

/* For the kernel and malloc(). */
static const struct rule randomness[] = {
	ALLOW(getrandom),
};

/* Descriptors that are open: the image, standard output. */
static const struct rule descriptors[] = {
	ALLOW(read),
	ALLOW(readv),
	ALLOW(pread64),
	ALLOW(preadv),
	ALLOW(preadv2),
	ALLOW(write),
	ALLOW(writev),
	ALLOW(pwrite64),
	ALLOW(lseek),
	ALLOW(close),
	ALLOW(fstat),
	ALLOW(newfstatat),		/* glibc's fstat(); it can stat other files too */
	ALLOW(fadvise64),
	ALLOW(poll),
	ALLOW(ppoll),
	ALLOW_IF(fcntl, IS(1, F_GETFD)),
	ALLOW_IF(fcntl, IS(1, F_SETFD)),
	ALLOW_IF(fcntl, IS(1, F_GETFL)),
	ALLOW_IF(fcntl, IS(1, F_DUPFD_CLOEXEC)),
	ALLOW_IF(fcntl, IS(1, F_OFD_SETLK)),	/* unlock an image when closing it */
	ALLOW_IF(ioctl, IS(1, TCGETS)),		/* isatty() */
	ALLOW_IF(ioctl, IS(1, TIOCGWINSZ)),
};

/* Asking for a password turns the echo of the terminal on standard input off and on. */
static const struct rule terminal[] = {
	ALLOW_IF(ioctl, IS(0, STDIN_FILENO), IS(1, TCSETSF)),
};

/*
 * libblkid asks a block device for its size and its zones, and whether it is a CD or a
 * floppy disk.  It also looks into /sys for a device mapper; that fails, which libblkid
 * accepts.
 */
static const struct rule block_device[] = {
	ALLOW_IF(ioctl, IS(1, BLKGETSIZE)),
	ALLOW_IF(ioctl, IS(1, BLKGETSIZE64)),
	ALLOW_IF(ioctl, IS(1, BLKSSZGET)),
	ALLOW_IF(ioctl, IS(1, BLKPBSZGET)),
	ALLOW_IF(ioctl, IS(1, BLKALIGNOFF)),
	ALLOW_IF(ioctl, IS(1, BLKGETZONESZ)),
	ALLOW_IF(ioctl, IS(1, BLKREPORTZONE)),
	ALLOW_IF(ioctl, IS(1, CDROM_GET_CAPABILITY)),
	ALLOW_IF(ioctl, IS(1, CDROM_DRIVE_STATUS)),
	ALLOW_IF(ioctl, IS(1, CDROM_LAST_WRITTEN)),
	ALLOW_IF(ioctl, IS(1, CDROMMULTISESSION)),
	ALLOW_IF(ioctl, IS(1, FDGETFDCSTAT)),
	ALLOW_IF(ioctl, IS(1, FDGETPRM)),
	FAIL(open, EACCES),
	FAIL(readlink, EACCES),
};
static const struct rule no_access[] = {
	FAIL(access, EACCES),
	FAIL(faccessat, EACCES),
	FAIL(faccessat2, EACCES),
};
static const struct rule no_opening[] = {
	FAIL(openat, EACCES),
};
static const struct rule no_reading_links[] = {
	FAIL(readlinkat, EACCES),
};

/* Writing to the image. */
static const struct rule image_write[] = {
	ALLOW(pwritev),
	ALLOW(pwritev2),
	ALLOW(fdatasync),
	ALLOW(fsync),
	ALLOW(fallocate),
	ALLOW_IF(ioctl, IS(1, BLKDISCARD)),
	ALLOW_IF(ioctl, IS(1, BLKZEROOUT)),
};

/*
 * Copying out of the image.  openat() may only open directories and files that the same
 * call creates, so existing files and device nodes are neither read nor changed.  Landlock
 * restricts where files are created.  It does not cover the calls that change attributes,
 * so these are allowed on descriptors only, except that a symbolic link's times can be set
 * only by its name.
 */
#define CREATES		(O_CREAT | O_EXCL)
static const struct rule create_files[] = {
	ALLOW_IF(openat, BITS(2, CREATES | O_TMPFILE | O_PATH, CREATES)),
};
static const struct rule only_create_files[] = {
	ALLOW_IF(openat, BITS(2, O_TMPFILE, O_DIRECTORY)),
	FAIL_IF(openat, EACCES, BITS(2, O_CREAT | O_DIRECTORY, 0)),
};
static const struct rule files_out[] = {
	ALLOW(statx),
	ALLOW(mkdirat),
	ALLOW(symlinkat),
	ALLOW(linkat),
	ALLOW(mknodat),
	ALLOW(unlinkat),
	ALLOW(renameat),
	ALLOW(fchmod),
	ALLOW(fchown),
	ALLOW(fsetxattr),
	ALLOW(utimensat),
	ALLOW(getdents64),		/* of the destination, for copy --delete */
	ALLOW(fchdir),
	ALLOW(geteuid),			/* the owner of new files */
	ALLOW(getegid),
};
static const struct rule names_out[] = {
	FAIL(fchmodat, EPERM),
	FAIL(fchownat, EPERM),
	FAIL(lsetxattr, EPERM),
};
/* Root sets owners and attributes of links and devices by name; chroot() confines that. */
static const struct rule names_out_root[] = {
	ALLOW(fchmodat),
	ALLOW(fchownat),
	ALLOW(lsetxattr),
};

/* Copying into the image: open files read-only; Landlock restricts which. */
#define OPEN_WRITES	(O_ACCMODE | O_CREAT | O_TRUNC)
static const struct rule files_in[] = {
	ALLOW_IF(openat, BITS(2, OPEN_WRITES, O_RDONLY)),
	ALLOW(getdents64),
	ALLOW(statx),
	ALLOW(readlinkat),
	ALLOW(fchdir),
	ALLOW(lgetxattr),
	ALLOW(fgetxattr),
	ALLOW(llistxattr),
	ALLOW(flistxattr),
};

/* Serving a mount: wait for signals, and exchange messages with the helper process outside. */
static const struct rule mounts[] = {
	ALLOW(rt_sigtimedwait),
	ALLOW_IF(recvfrom, IS(4, 0)),
	ALLOW(dup2),			/* detaches from the terminal */
	/* The thread of anyfs-fuse's kill-watch.c keeps one descriptor in its own table. */
	ALLOW_IF(close_range, IS(2, CLOSE_RANGE_UNSHARE)),
};

/*
 * Serving clients: accept on the sockets that are open, and talk to clients that connected.  No
 * socket is made, bound or connected, and no address is given to send to.
 */
static const struct rule clients[] = {
	ALLOW(accept4),
	ALLOW(dup2),			/* detaches from the terminal */
	ALLOW_IF(recvfrom, IS(4, 0)),
	ALLOW_IF(setsockopt, IS(1, IPPROTO_TCP), IS(2, TCP_NODELAY)),
	ALLOW_IF(getsockopt, IS(1, SOL_SOCKET), IS(2, SO_PEERCRED)),	/* control socket */
	ALLOW(epoll_create1),
	ALLOW(epoll_ctl),
	ALLOW(epoll_wait),
	ALLOW(epoll_pwait),
};

/*
 * A shell: a process outside the sandbox sends commands, with the descriptors that are to become
 * standard input and output.
 */
static const struct rule commands[] = {
	ALLOW(recvmsg),
	ALLOW(dup2),
};

/* Files of the host in a shell: verbs look at their paths in the sandbox. */
static const struct rule host_paths[] = {
	ALLOW(statfs),
	ALLOW(umask),
};

/* The socket to a program that reads the image; nothing is sent elsewhere. */
static const struct rule image_socket[] = {
	ALLOW_IF(sendto, IS(4, 0)),
	ALLOW(shutdown),
};

/*
 * Reading an image over the network: libcurl, libnbd and what they load resolve names,
 * connect and talk.  Files are opened for reading, and only those that Landlock allows.
 * Modules that resolve names are mapped late.
 */
static const struct rule network[] = {
	ALLOW_IF(openat, BITS(2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY)),
	FAIL_IF(openat, EACCES, BITS(2, O_ACCMODE, O_RDWR)),
	FAIL_IF(openat, EACCES, BITS(2, O_ACCMODE, O_WRONLY)),
	ALLOW_IF(mmap, BITS(2, PROT_EXEC | PROT_WRITE, PROT_EXEC)),
	ALLOW_IF(mprotect, BITS(2, PROT_EXEC | PROT_WRITE, PROT_EXEC)),
	ALLOW_IF(socket, IS(0, AF_INET)),
	ALLOW_IF(socket, IS(0, AF_INET6)),
	ALLOW_IF(socket, IS(0, AF_UNIX)),
	ALLOW_IF(socket, IS(0, AF_NETLINK)),	/* getaddrinfo() asks which addresses there are */
	ALLOW(socketpair),
	ALLOW(connect),
	ALLOW(bind),			/* bind to a free port, for UDP and netlink */
	ALLOW(getsockname),
	ALLOW(getpeername),
	ALLOW(setsockopt),
	ALLOW(getsockopt),
	ALLOW(sendto),
	ALLOW(sendmsg),
	ALLOW(sendmmsg),
	ALLOW(recvfrom),
	ALLOW(recvmsg),
	ALLOW(recvmmsg),
	ALLOW(shutdown),
	ALLOW(select),
	ALLOW(pselect6),
	ALLOW(epoll_create1),
	ALLOW(epoll_ctl),
	ALLOW(epoll_wait),
	ALLOW(epoll_pwait),
	ALLOW(pipe2),
	ALLOW(eventfd2),
	ALLOW(timerfd_create),
	ALLOW(timerfd_settime),
	ALLOW(dup),
	ALLOW(fcntl),
	ALLOW(ioctl),
	ALLOW(uname),
	ALLOW(getuid),
	ALLOW(geteuid),
	ALLOW(getgid),
	ALLOW(getegid),
	ALLOW(getppid),
	ALLOW(getresuid),
	ALLOW(getresgid),
	ALLOW(getcwd),
	ALLOW(getdents64),
	ALLOW(statx),
	ALLOW(stat),
	ALLOW(lstat),
	ALLOW(access),			/* libnbd looks for certificates in this way */
	ALLOW(faccessat),
	ALLOW(faccessat2),
	ALLOW(statfs),
	ALLOW(fstatfs),
	ALLOW(getpriority),
	ALLOW(sched_getparam),
	ALLOW(sched_getscheduler),
	ALLOW_IF(prctl, IS(0, PR_GET_NAME)),
	ALLOW_IF(prlimit64, IS(2, 0)),
	ALLOW(getrlimit),
	ALLOW(fallocate),		/* the size of the cache file */
	ALLOW(clock_getres),
	ALLOW(close_range),
	ALLOW(inotify_init1),
	FAIL(prctl, EPERM),
	FAIL(setpriority, EPERM),
	FAIL(sched_setscheduler, EPERM),
	FAIL(sched_setattr, EPERM),
	FAIL(sched_getattr, EPERM),
	FAIL(execve, EPERM),
	FAIL(vfork, EPERM),
	FAIL(fork, EPERM),
	FAIL(mkdir, EACCES),
	FAIL(mkdirat, EACCES),
	FAIL(unlink, EACCES),
	FAIL(rename, EACCES),
	FAIL(inotify_add_watch, EACCES),
	FAIL(io_uring_setup, ENOSYS),
	FAIL(bpf, EPERM),
	FAIL(pidfd_open, EPERM),
};

#define ALL_PROFILES	((1u << SANDBOX_NR_PROFILES) - 1)
#define READ		(1u << SANDBOX_READ)
#define GET		(1u << SANDBOX_GET)
#define CHANGE		(1u << SANDBOX_CHANGE)
#define PUT		(1u << SANDBOX_PUT)
#define GET_AS_ROOT	(1u << SANDBOX_GET_AS_ROOT)
#define MOUNT		(1u << SANDBOX_MOUNT)
#define MOUNT_WRITE	(1u << SANDBOX_MOUNT_WRITE)
#define SERVE		(1u << SANDBOX_SERVE)
#define SERVE_WRITE	(1u << SANDBOX_SERVE_WRITE)
#define SHELL		(1u << SANDBOX_SHELL)
#define SHELL_WRITE	(1u << SANDBOX_SHELL_WRITE)
#define SHELL_HOST	(1u << SANDBOX_SHELL_HOST)
#define NET		(1u << SANDBOX_NET | 1u << SANDBOX_GIO)
#define TOOLS		(ALL_PROFILES & ~NET)
#define GROUP(set, who)	{ .profiles = who, .rules = set, .nr = sizeof(set) / sizeof(*set) }

const struct group allow_groups[] = {
	GROUP(memory, ALL_PROFILES),
	GROUP(threads, ALL_PROFILES),
	GROUP(signals, ALL_PROFILES),
	GROUP(times, ALL_PROFILES),
	GROUP(randomness, ALL_PROFILES),
	GROUP(descriptors, ALL_PROFILES),
	GROUP(terminal, ALL_PROFILES),
	GROUP(block_device, ALL_PROFILES),
	GROUP(no_access, TOOLS),
	GROUP(no_opening, READ | CHANGE | MOUNT | MOUNT_WRITE | SERVE | SERVE_WRITE |
	      SHELL | SHELL_WRITE),
	GROUP(no_reading_links, READ | GET | GET_AS_ROOT | CHANGE | MOUNT | MOUNT_WRITE | SERVE |
	      SERVE_WRITE | SHELL | SHELL_WRITE | NET),
	GROUP(image_write, CHANGE | PUT | MOUNT_WRITE | SERVE_WRITE | SHELL_WRITE |
	      SHELL_HOST),
	GROUP(create_files, GET | GET_AS_ROOT | SHELL_HOST),
	GROUP(only_create_files, GET | GET_AS_ROOT),
	GROUP(files_out, GET | GET_AS_ROOT | SHELL_HOST),
	GROUP(names_out, GET | SHELL_HOST),
	GROUP(names_out_root, GET_AS_ROOT),
	GROUP(files_in, PUT | SHELL_HOST),
	GROUP(mounts, MOUNT | MOUNT_WRITE),
	GROUP(clients, SERVE | SERVE_WRITE),
	GROUP(commands, SHELL | SHELL_WRITE | SHELL_HOST),
	GROUP(host_paths, SHELL_HOST),
	GROUP(image_socket, TOOLS),
	GROUP(network, NET),
};
const size_t nr_allow_groups = sizeof(allow_groups) / sizeof(*allow_groups);
