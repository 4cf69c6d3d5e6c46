// SPDX-License-Identifier: GPL-2.0
/*
 * make-filters.c - runs on the build machine: the allow-list as BPF programs
 *
 * libseccomp takes longer to make a filter than `anyfs cat` may take for all of
 * its sandbox, so its result is compiled in: one program a profile.
 * seccomp.c loads them.
 */
#include <errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "allow-list.h"

#define INSNS_MAX	4096
#define CALLS_MAX	2048	/* larger than any number of a system call */

static const char *const names[SANDBOX_NR_PROFILES] = {
	[SANDBOX_READ] = "read", [SANDBOX_GET] = "get", [SANDBOX_CHANGE] = "change",
	[SANDBOX_PUT] = "put", [SANDBOX_GET_AS_ROOT] = "get_as_root",
	[SANDBOX_MOUNT] = "mount", [SANDBOX_MOUNT_WRITE] = "mount_write",
};

static void check(int rc, const char *what)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "make-filters: %s: %s\n", what, strerror(-rc));
	exit(1);
}

static void add_rule(scmp_filter_ctx ctx, const struct rule *r)
{
	int nr = seccomp_syscall_resolve_name(r->call);

	if (nr == __NR_SCMP_ERROR)
		check(-ENOSYS, r->call);
	/* A negative number: other machines have this call, here it cannot be made. */
	if (nr < 0)
		return;
	check(seccomp_rule_add_array(ctx, r->error ? SCMP_ACT_ERRNO(r->error) : SCMP_ACT_ALLOW,
				     nr, r->nr_tests, r->tests), r->call);
}

/* How many calls @profile has, those of several rules counted once. */
static int count_calls(unsigned int profile)
{
	static bool seen[CALLS_MAX];
	int n = 0;

	memset(seen, 0, sizeof(seen));
	for (size_t g = 0; g < nr_allow_groups; g++) {
		for (size_t i = 0; i < allow_groups[g].nr; i++) {
			const struct rule *r = &allow_groups[g].rules[i];
			int nr = seccomp_syscall_resolve_name(r->call);

			if (!(allow_groups[g].profiles & 1u << profile) || r->error || nr < 0)
				continue;
			n += !seen[nr];
			seen[nr] = true;
		}
	}
	return n;
}

static void print_program(int fd, const char *name)
{
	struct sock_filter insns[INSNS_MAX];
	ssize_t len = pread(fd, insns, sizeof(insns), 0);

	if (len <= 0 || len == sizeof(insns))
		check(-EFBIG, name);
	printf("static const struct sock_filter filter_%s[] = {\n", name);
	for (size_t i = 0; i < len / sizeof(*insns); i++)
		printf("\t{ 0x%x, %u, %u, 0x%x },\n", insns[i].code, insns[i].jt, insns[i].jf,
		       insns[i].k);
	printf("};\n");
}

static void make_filter(unsigned int profile)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_TRAP);
	FILE *f = tmpfile();

	if (!ctx || !f)
		check(-ENOMEM, names[profile]);
	/* Calls by the numbers of another machine's are never ours. */
	check(seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), "badarch");
	/* A balanced tree: the kernel runs the filter once for each number there is. */
	check(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2), "optimize");
	for (size_t g = 0; g < nr_allow_groups; g++) {
		if (!(allow_groups[g].profiles & 1u << profile))
			continue;
		for (size_t i = 0; i < allow_groups[g].nr; i++)
			add_rule(ctx, &allow_groups[g].rules[i]);
	}
	check(seccomp_export_bpf(ctx, fileno(f)), names[profile]);
	print_program(fileno(f), names[profile]);
	fclose(f);
	seccomp_release(ctx);
}

/* For messages: every name, in the order of the numbers, each with a zero behind it. */
static void print_names(void)
{
	int newest = 0;

	printf("static const char call_names[] =\n");
	for (int nr = 0; nr < CALLS_MAX; nr++) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, nr);

		if (name) {
			for (; newest < nr; newest++)
				printf("\t\"\\0\"\n");
			printf("\t\"%s\\0\"\n", name);
			newest++;
		}
		free(name);
	}
	printf("\t;\n#define NEWEST_CALL\t%d\n", newest - 1);
}

int main(void)
{
	printf("/* Made by make-filters.c of allow-list.c. */\n");
	printf("#define FILTER_ARCH\t0x%xu\n", seccomp_arch_native());
	for (unsigned int profile = 0; profile < SANDBOX_NR_PROFILES; profile++)
		make_filter(profile);
	printf("static const struct {\n\tconst struct sock_filter *insns;\n"
	       "\tunsigned int len;\n\tint calls;\n} filters[] = {\n");
	for (unsigned int profile = 0; profile < SANDBOX_NR_PROFILES; profile++)
		printf("\t{ filter_%s, sizeof(filter_%s) / sizeof(struct sock_filter), %d },\n",
		       names[profile], names[profile], count_calls(profile));
	printf("};\n");
	print_names();
	return ferror(stdout) || fflush(stdout);
}
