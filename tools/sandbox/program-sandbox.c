// SPDX-License-Identifier: GPL-2.0
/*
 * program-sandbox.c - restrict the rights of programs that parse an image
 *
 * The image is hostile, and a program of the host parses it, such as qemu-storage-daemon or
 * e2fsck.  It may open the image and the files that the user allowed, but no others, so that
 * a file name in the image leads nowhere.  The system calls that a program needs change with
 * its version, so only calls that make sockets or trace processes are refused.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "program-sandbox.h"

#define FS_TRUNCATE	(1ull << 14)	/* since ABI 3 */
#define FS_ALL		((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define FS_READ		(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_FILE		(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | \
			 LANDLOCK_ACCESS_FS_EXECUTE | FS_TRUNCATE)

static int add_rule(int ruleset, uint64_t handled, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = rights & handled };
	struct stat st;
	int rc;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return 0;		/* a missing file needs no rule */
	if (!fstat(rule.parent_fd, &st) && !S_ISDIR(st.st_mode))
		rule.allowed_access &= FS_FILE;
	rc = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return rc;
}

static int restrict_files(const struct program_sandbox *sandbox)
{
	static const char *const trees[] = {
		"/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc", "/proc/self",
	};
	int abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	uint64_t handled = FS_ALL | (abi >= 3 ? FS_TRUNCATE : 0);
	struct landlock_ruleset_attr attr = { .handled_access_fs = handled };
	int fd, rc;

	if (abi < 0)
		return errno == EOPNOTSUPP || errno == ENOSYS ? 0 : -1;
	fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof(handled), 0);
	if (fd < 0)
		return -1;
	rc = add_rule(fd, handled, sandbox->image, FS_READ |
		   (sandbox->readonly ? 0 : LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE));
	if (!rc && sandbox->root)
		rc = add_rule(fd, handled, sandbox->root, FS_READ);
	if (!rc && sandbox->program)
		rc = add_rule(fd, handled, sandbox->program, FS_READ | LANDLOCK_ACCESS_FS_EXECUTE);
	for (unsigned int i = 0; !rc && i < sizeof(trees) / sizeof(trees[0]); i++)
		rc = add_rule(fd, handled, trees[i], FS_READ | LANDLOCK_ACCESS_FS_EXECUTE);
	if (!rc)
		rc = add_rule(fd, handled, "/dev/null", FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE);
	if (!rc)
		rc = add_rule(fd, handled, "/dev/urandom", FS_READ);
	if (!rc)
		rc = syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
	return rc;
}

#define REFUSE(name, err) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), \
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (err))

static int restrict_calls(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		/* Reject numbers of the x32 interface, which would bypass the comparisons. */
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		REFUSE(socket, EACCES),
		REFUSE(ptrace, EPERM),
		REFUSE(process_vm_readv, EPERM),
		REFUSE(process_vm_writev, EPERM),
		REFUSE(io_uring_setup, ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int program_sandbox_enter(const struct program_sandbox *sandbox, const char **why)
{
	const struct rlimit none = { 0, 0 };

	/* A core dump would contain data of the image. */
	setrlimit(RLIMIT_CORE, &none);
	*why = "no new privileges";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	*why = "Landlock";
	if (restrict_files(sandbox))
		return -1;
	*why = "seccomp";
	return restrict_calls();
}
