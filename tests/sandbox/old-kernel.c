// SPDX-License-Identifier: GPL-2.0
/*
 * old-kernel.c - run a program as if the host's kernel lacked system calls
 *
 *	old-kernel CALL ERRNO [CALL ERRNO]... -- COMMAND [ARGUMENTS]
 *
 * CALL is landlock_create_ruleset, landlock_restrict_self or seccomp; ERRNO is the number of the
 * error with which each such call fails.
 */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define INSNS_MAX	16

static const struct { const char *name; unsigned int nr; } calls[] = {
	{ "landlock_create_ruleset", SYS_landlock_create_ruleset },
	{ "landlock_restrict_self", SYS_landlock_restrict_self },
	{ "seccomp", SYS_seccomp },
};

static unsigned int number_of(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(calls[i].name, name))
			return calls[i].nr;
	fprintf(stderr, "old-kernel: %s: unknown system call\n", name);
	exit(97);
}

int main(int argc, char **argv)
{
	struct sock_filter insns[INSNS_MAX] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog prog = { .len = 1, .filter = insns };
	int arg = 1;

	for (; arg + 1 < argc && strcmp(argv[arg], "--"); arg += 2) {
		unsigned int nr = number_of(argv[arg]), err = atoi(argv[arg + 1]);
		const struct sock_filter test[] = {
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | err),
		};

		if (prog.len + 3 > INSNS_MAX)
			return 97;
		memcpy(insns + prog.len, test, sizeof(test));
		prog.len += 2;
	}
	insns[prog.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (arg + 1 >= argc)
		return 97;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog)) {
		perror("old-kernel");
		return 97;
	}
	execvp(argv[arg + 1], argv + arg + 1);
	perror(argv[arg + 1]);
	return 97;
}
