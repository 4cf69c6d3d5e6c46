/* SPDX-License-Identifier: GPL-2.0 */
/*
 * allow-list.h - the table of allowed system calls, read by make-filters.c
 */
#ifndef ANYFS_ALLOW_LIST_H
#define ANYFS_ALLOW_LIST_H

#include <seccomp.h>
#include "sandbox.h"

#define MAX_TESTS	2

/* A rule for one system call; it applies if the arguments pass all tests. */
struct rule {
	const char *call;
	int error;			/* 0: allow; else the call fails with this errno */
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
