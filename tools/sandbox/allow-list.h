/* SPDX-License-Identifier: GPL-2.0 */
/*
 * allow-list.h - between the table of system calls and what makes filters of it
 */
#ifndef ANYFS_ALLOW_LIST_H
#define ANYFS_ALLOW_LIST_H

#include <seccomp.h>
#include "sandbox.h"

#define MAX_TESTS	2

/* One system call, of any arguments or of those that pass all tests. */
struct rule {
	const char *call;
	int error;			/* 0: allowed; else it fails with this errno */
	int nr_tests;
	struct scmp_arg_cmp tests[MAX_TESTS];
};

struct group {
	unsigned int profiles;		/* bits, 1 << enum sandbox_profile */
	const struct rule *rules;
	size_t nr;
};

extern const struct group allow_groups[];
extern const size_t nr_allow_groups;

#endif /* ANYFS_ALLOW_LIST_H */
