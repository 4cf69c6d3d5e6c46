// SPDX-License-Identifier: GPL-2.0
/*
 * no-holes.c - run programs that cannot make holes in files
 *
 * A filter of system calls refuses fallocate(2), so programs write zeros instead.  The filter
 * belongs to a thread of its own and to the programs that the thread starts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include "no-holes.h"

struct job {
	void (*fn)(void *data);
	void *data;
	bool filtered;
};

static bool refuse_fallocate(void)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
		/* A program with other numbers of system calls. */
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fallocate, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void *run(void *data)
{
	struct job *job = data;

	job->filtered = refuse_fallocate();
	job->fn(job->data);
	return NULL;
}

bool no_holes_run(void (*fn)(void *data), void *data)
{
	struct job job = { .fn = fn, .data = data };
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, &job))
		fn(data);
	else
		pthread_join(thread, NULL);
	return job.filtered;
}
