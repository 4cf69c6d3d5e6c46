// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp.c - restrict the system calls that the program can make
 *
 * The filters are generated from allow-list.c at build time.  A call that they do not allow
 * raises SIGSYS, whose handler prints a message and ends the program.  If a thread blocks
 * the signal or has no stack for the handler, the host's kernel kills the program.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "sandbox.h"
#include <seccomp-filters.h>

#ifndef SYS_SECCOMP			/* si_code; the C library does not define it */
#define SYS_SECCOMP	1
#endif
#define FOREIGN_CALLS	0x40000000u	/* x32 calls; the generated filter kills the program */
#define INSNS_MAX	512

static const char *program;

/* ---- the message ---- */

struct line {
	char text[512];
	size_t len;
};

static void add(struct line *l, const char *text)
{
	while (*text && l->len < sizeof(l->text))
		l->text[l->len++] = *text++;
}

static void add_number(struct line *l, unsigned int n)
{
	char digits[12], *p = digits + sizeof(digits);

	*--p = '\0';
	do
		*--p = '0' + n % 10;
	while (n /= 10);
	add(l, p);
}

static const char *call_name(int nr)
{
	const char *name = call_names;

	if (nr < 0 || nr > NEWEST_CALL)
		return "";
	while (nr--)
		name += strlen(name) + 1;
	return name;
}

static void on_sigsys(int sig, siginfo_t *info, void *context)
{
	struct line l = { .len = 0 };

	/* Another process sent the signal with kill(). */
	if (info->si_code != SYS_SECCOMP)
		_exit(128 + sig);
	add(&l, program);
	add(&l, ": stopped by the sandbox: system call ");
	add_number(&l, info->si_syscall);
	add(&l, " (");
	add(&l, call_name(info->si_syscall));
	add(&l, ") is not allowed; either the image is an attack, or this is a bug: report it, and try --no-sandbox\n");
	write(STDERR_FILENO, l.text, l.len);
	_exit(1);
}

static int catch_sigsys(void)
{
	struct sigaction action = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };

	sigfillset(&action.sa_mask);
	return sigaction(SIGSYS, &action, NULL) ? -errno : 0;
}

/* ---- the filter ---- */

#define LOAD(member)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define LOW_HALF	(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0)
#define LOAD_ARG(n)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
				 offsetof(struct seccomp_data, args[n]) + LOW_HALF)
#define JUMP(op, k, t, f)	BPF_JUMP(BPF_JMP | (op) | BPF_K, k, t, f)
#define RETURN(what)	BPF_STMT(BPF_RET | BPF_K, what)

/*
 * Instructions in front of the generated filter, for values unknown at build time.  System
 * calls newer than the build fail with ENOSYS, so that a newer C library falls back to
 * older ones.  tgkill() may signal this process only, for abort().
 */
static unsigned int prologue(struct sock_filter *insns)
{
	const struct sock_filter code[] = {
		LOAD(arch),
		JUMP(BPF_JEQ, FILTER_ARCH, 0, 8),
		LOAD(nr),
		JUMP(BPF_JGE, FOREIGN_CALLS, 6, 0),
		JUMP(BPF_JGT, NEWEST_CALL, 4, 0),
		JUMP(BPF_JEQ, SYS_tgkill, 0, 4),
		LOAD_ARG(0),
		JUMP(BPF_JEQ, (uint32_t)getpid(), 0, 2),
		RETURN(SECCOMP_RET_ALLOW),
		RETURN(SECCOMP_RET_ERRNO | ENOSYS),
	};

	memcpy(insns, code, sizeof(code));
	return sizeof(code) / sizeof(*code);
}

int seccomp_enter(const char *name, enum sandbox_profile profile, struct sandbox_state *state)
{
	struct sock_filter insns[INSNS_MAX];
	unsigned int nr = prologue(insns);
	struct sock_fprog prog = { .filter = insns };
	long rc;

	if (filters[profile].len > INSNS_MAX - nr)
		return -EFBIG;
	memcpy(insns + nr, filters[profile].insns, filters[profile].len * sizeof(*insns));
	prog.len = nr + filters[profile].len;
	program = name;
	rc = catch_sigsys();
	if (rc)
		return rc;
	/* TSYNC covers threads that an earlier part of the program may have started. */
	rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		     SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG, &prog);
	if (rc > 0)
		return -EBUSY;		/* another thread has filters of its own */
	if (rc < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
	state->calls = filters[profile].calls + 1;
	return 0;
}
