// SPDX-License-Identifier: GPL-2.0
/*
 * attack.c - a kernel that was taken over by the image it reads
 *
 * The tests preload it into an unmodified tool.  It waits until the tool starts its first
 * thread, which is after the tool has entered its sandbox, and then makes ATTACK on the thread
 * that ATTACK_THREAD names: main, service (the kernel's own), pool (which serves slow reads)
 * or serving (which answers the host about a mount).  It prints the result and ends the
 * process with 99 if the attack succeeded, 98 if it was refused.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define NEWER_CALL	458		/* listmount of Linux 6.8, which no filter lists */
#define X32_GETPID	(0x40000000 + 39)

/* Read before the sandbox is entered. */
static const char *name, *thread, *target;
static pid_t parent, self;
static volatile bool inside;

/* ---- the attacks: a result >= 0 means success ------------------------------------------- */

static long open_read(void) { return open(target, O_RDONLY); }
static long open_write(void) { return open(target, O_WRONLY); }
static long open_path(void) { return open(target, O_PATH); }
static long open_truncate(void) { return open(target, O_WRONLY | O_CREAT | O_TRUNC, 0600); }
static long open_create(void) { return open(target, O_WRONLY | O_CREAT | O_EXCL, 0600); }
static long open_tmpfile(void) { return open(".", O_TMPFILE | O_RDWR, 0600); }

static long openat2_read(void)
{
	unsigned long long how[3] = { O_RDONLY };

	return syscall(SYS_openat2, AT_FDCWD, target, how, sizeof(how));
}

static long do_truncate(void) { return truncate(target, 0); }
static long do_unlink(void) { return unlinkat(AT_FDCWD, target, 0); }
static long do_rename(void) { return renameat(AT_FDCWD, target, AT_FDCWD, "renamed"); }
static long do_link(void) { return linkat(AT_FDCWD, target, AT_FDCWD, "linked", 0); }
static long link_into(void) { return linkat(AT_FDCWD, target, AT_FDCWD, "dest/linked", 0); }
static long do_symlink(void) { return symlinkat("x", AT_FDCWD, "symlink"); }
static long do_mkdir(void) { return mkdirat(AT_FDCWD, "directory", 0700); }
static long do_mkfifo(void) { return mknodat(AT_FDCWD, "fifo", S_IFIFO | 0600, 0); }
static long do_chmod(void) { return fchmodat(AT_FDCWD, target, 0777, 0); }
static long do_chown(void) { return fchownat(AT_FDCWD, target, -1, getegid(), 0); }
static long do_setxattr(void) { return syscall(SYS_setxattr, target, "user.x", "", 0, 0); }
static long do_chdir(void) { return chdir("/"); }
static long list_dir(void) { return open(".", O_RDONLY | O_DIRECTORY); }
static long inherited(void) { return write(99, "x", 1); }

/* Create a device node: an attacker would use the host's disk, this test uses /dev/null. */
static long make_device(void)
{
	if (mknodat(AT_FDCWD, "device", S_IFCHR | 0600, makedev(1, 3)))
		return -1;
	return open("device", O_RDWR);
}

static long do_socket(void) { return socket(AF_INET, SOCK_STREAM, 0); }

static long unix_socket(void)
{
	int fds[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
}

static long do_connect(void)
{
	struct sockaddr_un un = { AF_UNIX, "/nonexistent" };

	/* The descriptor is not a socket: the test is only whether the call is allowed. */
	connect(STDERR_FILENO, (void *)&un, sizeof(un));
	return errno == ENOTSOCK ? 0 : -1;
}

static long execute(void)
{
	char *argv[] = { "sh", "-c", "exit 99", NULL };

	return execve("/bin/sh", argv, NULL);
}

static long execute_fd(void)
{
	char *argv[] = { "sh", "-c", "exit 99", NULL }, *none[] = { NULL };

	return syscall(SYS_execveat, AT_FDCWD, "/bin/sh", argv, none, 0);
}

/* @pid is the result of fork(); the child ends at once. */
static long child_made(long pid)
{
	if (!pid)
		_exit(0);
	return pid;
}

static long do_fork(void) { return child_made(syscall(SYS_fork)); }
static long do_clone(void) { return child_made(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }

static long do_clone3(void)
{
	unsigned long long args[8] = { [4] = SIGCHLD };

	return child_made(syscall(SYS_clone3, args, sizeof(args)));
}

static long new_namespace(void) { return unshare(CLONE_NEWUSER); }
static long signal_parent(void) { return kill(parent, 0); }
static long signal_group(void) { return kill(0, 0); }
static long signal_thread(void) { return syscall(SYS_tgkill, parent, parent, 0); }
static long signal_tkill(void) { return syscall(SYS_tkill, parent, 0); }
static long signal_pidfd(void) { return syscall(SYS_pidfd_open, parent, 0); }
static long signal_by_owner(void) { return fcntl(STDERR_FILENO, F_SETOWN, parent); }
static long trace(void) { return ptrace(PTRACE_SEIZE, parent, 0, 0); }

static long other_memory(void)
{
	char c;
	struct iovec iov = { &c, 1 };

	return process_vm_readv(parent, &iov, 1, &iov, 1, 0);
}

static long map_executable(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	       MAP_FAILED ? -1 : 0;
}

static long make_executable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static long make_executable_pkey(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return syscall(SYS_pkey_mprotect, p, 4096, PROT_READ | PROT_EXEC, -1);
}

static long executable_reading(void) { return personality(READ_IMPLIES_EXEC); }
static long do_mount(void) { return mount("none", "/tmp", "tmpfs", 0, NULL); }
static long do_chroot(void) { return chroot("/"); }
static long do_bpf(void) { return syscall(SYS_bpf, 0, "", 0); }
static long do_userfaultfd(void) { return syscall(SYS_userfaultfd, 1); }

static long do_io_uring(void)
{
	struct io_uring_params p = { 0 };

	return syscall(SYS_io_uring_setup, 1, &p);
}

static long do_keyctl(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1);
}

static long do_perf(void)
{
	struct perf_event_attr a = { .size = sizeof(a) };

	return syscall(SYS_perf_event_open, &a, 0, -1, -1, 0);
}

static long do_inotify(void) { return inotify_init1(0); }
static long do_shmget(void) { return shmget(IPC_PRIVATE, 4096, 0600); }
static long be_dumpable(void) { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }

static long raise_limit(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_CORE, &limit) ? -1 : setrlimit(RLIMIT_CORE, &limit);
}

static long do_timer(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };
	int id;

	return syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &id);
}

/* Type into the terminal in which the tool was started. */
static long type_into_terminal(void)
{
	ioctl(STDERR_FILENO, TIOCSTI, "x");
	return errno == EIO || errno == ENOTTY ? 0 : -1;
}

/* Only the terminal of a password prompt may be changed. */
static long change_terminal(void)
{
	char mode[64] = "";

	ioctl(STDERR_FILENO, TCSETSF, mode);
	return errno == ENOTTY ? 0 : -1;
}

static long catch_sigsys(void) { return signal(SIGSYS, SIG_IGN) == SIG_ERR ? -1 : 0; }

/* The sandbox's signal handler cannot run, so the host's kernel must end the process. */
static long socket_with_signals_blocked(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	return do_socket();
}

static long newer_call(void)
{
	unsigned long long request[4] = { 24, ~0ull };

	return syscall(NEWER_CALL, request, request, 0, 0) < 0 && errno == ENOSYS ? -1 : 0;
}

#ifdef __x86_64__
static long x32_call(void) { return syscall(X32_GETPID); }

static long i386_call(void)
{
	long rc;

	/* getpid() by its i386 system call number */
	__asm__ volatile("int $0x80" : "=a"(rc) : "a"(20) : "memory", "r8", "r9", "r10", "r11");
	return rc;
}
#endif

#define ATTACK(f)	{ #f, f }
static const struct attack {
	const char *name;
	long (*fn)(void);
} attacks[] = {
	ATTACK(open_read), ATTACK(open_write), ATTACK(open_path), ATTACK(open_truncate),
	ATTACK(open_create), ATTACK(open_tmpfile), ATTACK(openat2_read), ATTACK(do_truncate),
	ATTACK(do_unlink), ATTACK(do_rename), ATTACK(do_link), ATTACK(link_into),
	ATTACK(do_symlink), ATTACK(do_mkdir), ATTACK(do_mkfifo), ATTACK(do_chmod), ATTACK(do_chown),
	ATTACK(do_setxattr), ATTACK(do_chdir), ATTACK(list_dir), ATTACK(inherited),
	ATTACK(make_device), ATTACK(do_socket), ATTACK(unix_socket), ATTACK(do_connect),
	ATTACK(execute), ATTACK(execute_fd), ATTACK(do_fork), ATTACK(do_clone), ATTACK(do_clone3),
	ATTACK(new_namespace), ATTACK(signal_parent), ATTACK(signal_group),
	ATTACK(signal_thread), ATTACK(signal_tkill), ATTACK(signal_pidfd),
	ATTACK(signal_by_owner), ATTACK(trace), ATTACK(other_memory), ATTACK(map_executable),
	ATTACK(make_executable), ATTACK(make_executable_pkey), ATTACK(executable_reading),
	ATTACK(do_mount), ATTACK(do_chroot), ATTACK(do_bpf), ATTACK(do_userfaultfd),
	ATTACK(do_io_uring), ATTACK(do_keyctl), ATTACK(do_perf), ATTACK(do_inotify),
	ATTACK(do_shmget), ATTACK(be_dumpable), ATTACK(raise_limit), ATTACK(do_timer),
	ATTACK(type_into_terminal), ATTACK(change_terminal),
	ATTACK(catch_sigsys), ATTACK(socket_with_signals_blocked),
	ATTACK(newer_call),
#ifdef __x86_64__
	ATTACK(x32_call), ATTACK(i386_call),
#endif
};

static void attack(void)
{
	const struct attack *a = attacks;
	char text[200];
	long rc;
	int err;

	while (a < attacks + sizeof(attacks) / sizeof(*attacks) && strcmp(a->name, name))
		a++;
	if (a == attacks + sizeof(attacks) / sizeof(*attacks))
		_exit(97);
	errno = 0;
	rc = a->fn();
	err = errno;
	snprintf(text, sizeof(text), "attack: %s on %s: %s\n", name, thread,
		 rc >= 0 ? "it worked" : strerrordesc_np(err));
	write(STDERR_FILENO, text, strlen(text));
	_exit(rc >= 0 ? 99 : 98);
}

/* ---- hooks that start the attack --------------------------------------------------- */

__attribute__((constructor)) static void prepare(void)
{
	name = getenv("ATTACK");
	thread = getenv("ATTACK_THREAD");
	target = getenv("ATTACK_TARGET");
	parent = getppid();
	self = getpid();
}

static bool is_attacker(const char *which)
{
	return inside && name && !strcmp(thread, which);
}

struct start {
	void *(*fn)(void *arg);
	void *arg;
};

static void *start(void *arg)
{
	struct start s = *(struct start *)arg;

	free(arg);
	if (is_attacker("service"))
		attack();
	return s.fn(s.arg);
}

static void sleep_a_little(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

int pthread_create(pthread_t *t, const pthread_attr_t *attr, void *(*fn)(void *), void *arg)
{
	int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
		dlsym(RTLD_NEXT, "pthread_create");
	struct start *s = malloc(sizeof(*s));
	int err;

	if (!s)
		_exit(97);
	*s = (struct start){ fn, arg };
	/* Do not attack in the helper of a mount, a forked process outside the sandbox. */
	inside = getpid() == self;
	err = real(t, attr, start, s);
	/* Wait for the thread: the tool could end before it runs. */
	while (!err && is_attacker("service"))
		sleep_a_little();
	return err;
}

ssize_t preadv2(int fd, const struct iovec *iov, int nr, off_t off, int flags)
{
	ssize_t (*real)(int, const struct iovec *, int, off_t, int) = dlsym(RTLD_NEXT, "preadv2");

	if (is_attacker("main"))
		attack();
	/* Pretend that the data is not cached, so that the pool reads it. */
	if (is_attacker("pool")) {
		errno = EAGAIN;
		return -1;
	}
	return real(fd, iov, nr, off, flags);
}

ssize_t preadv(int fd, const struct iovec *iov, int nr, off_t off)
{
	ssize_t (*real)(int, const struct iovec *, int, off_t) = dlsym(RTLD_NEXT, "preadv");

	if (is_attacker("pool"))
		attack();
	return real(fd, iov, nr, off);
}

/* The function in which a thread waits for requests of the host. */
int poll(struct pollfd *fds, nfds_t nr, int timeout)
{
	int (*real)(struct pollfd *, nfds_t, int) = dlsym(RTLD_NEXT, "poll");

	if (is_attacker("serving"))
		attack();
	return real(fds, nr, timeout);
}

/* Targets with relative names are in the directory in which the tool was started. */
int chdir(const char *path)
{
	int (*real)(const char *) = dlsym(RTLD_NEXT, "chdir");

	return name && !inside ? 0 : real(path);
}
