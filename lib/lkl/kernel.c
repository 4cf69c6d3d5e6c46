// SPDX-License-Identifier: GPL-2.0
/*
 * kernel.c - start, halt and call the kernel
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "attach.h"
#include "instance.h"
#include "internal.h"

#define MEM_DEFAULT	(128UL << 20)
#define MEM_LEAST	(16UL << 20)

int lkl_init(struct lkl_host_operations *ops)
{
	if (!ops)
		return error_set(-EINVAL, "lkl_init: no operations given; use &lkl_host_ops");
	set_program_host_ops(ops);
	return 0;
}

void lkl_cleanup(void)
{
	queued_disks_close();
	set_program_host_ops(NULL);
}

/* Parse a size such as "64M"; false if @text is not a size. */
static bool parse_size(const char *text, size_t len, size_t *size)
{
	unsigned int shift = 0;
	char *end;
	unsigned long long n;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	n = strtoull(text, &end, 0);
	switch (end < text + len ? *end | 0x20 : 0) {
	case 'g':
		shift += 10;
		/* fall through */
	case 'm':
		shift += 10;
		/* fall through */
	case 'k':
		shift += 10;
		end++;
	}
	if (errno || end != text + len || n > SIZE_MAX >> shift)
		return false;
	*size = (size_t)n << shift;
	return true;
}

/* Remove every mem= from @cmdline; the last one sets *@mem. */
static int take_mem(char *cmdline, size_t *mem)
{
	char *word = cmdline, *out = cmdline;

	while (*(word += strspn(word, " \t\n"))) {
		size_t len = strcspn(word, " \t\n");
		char *quote = memchr(word, '"', len);

		if (quote && (quote = strchr(quote + 1, '"')))	/* quoted blanks do not end the word */
			len = quote + 1 - word + strcspn(quote + 1, " \t\n");
		if (strncmp(word, "mem=", 4)) {
			if (out != cmdline)
				*out++ = ' ';
			memmove(out, word, len);
			out += len;
		} else if (!parse_size(word + 4, len - 4, mem)) {
			return error_set(-EINVAL, "lkl_start_kernel: \"%.*s\" is not a valid size; use, for example, mem=64M",
					 (int)len, word);
		}
		word += len;
	}
	*out = '\0';
	return 0;
}

/*
 * In an old form of lkl_start_kernel() the first argument was the operations; for a
 * program that still passes them, C compilers only warn.
 */
static bool is_operations(const void *first)
{
	return first == &lkl_host_ops || first == program_host_ops();
}

int lkl_start_kernel(const char *cmdline_fmt, ...)
{
	struct host_boot_opts opts = {
		.mem = MEM_DEFAULT,
		.print = print_by_host_ops,
		.block = &block_attach_ops,
	};
	struct anyfs_kernel *k;
	char *cmdline;
	va_list ap;
	int err;

	if (is_operations(cmdline_fmt))
		return error_set(-EINVAL, "lkl_start_kernel: the first argument must be the command line; pass the operations to lkl_init()");
	va_start(ap, cmdline_fmt);
	err = vasprintf(&cmdline, cmdline_fmt, ap);
	va_end(ap);
	if (err < 0)
		return error_set(-ENOMEM, "lkl_start_kernel: out of memory");
	err = take_mem(cmdline, &opts.mem);
	if (opts.mem < MEM_LEAST)
		opts.mem = MEM_LEAST;	/* existing programs use mem=10M, too little here */
	opts.cmdline = cmdline;
	if (!err)
		err = instance_boot_first(&opts, &k);
	free(cmdline);
	return err;
}

long lkl_sys_halt(void)
{
	struct anyfs_kernel *k = host_kernel_current();

	if (!k)
		return error_set(-ENODEV, "kernel: no kernel is running");
	return instance_end(k);
}

int lkl_is_running(void)
{
	struct anyfs_kernel *k = host_kernel_current();

	return k && host_kernel_is_running(k);
}

long lkl_syscall(long no, long *params)
{
	struct anyfs_kernel *k = host_kernel_current();
	const int64_t args[6] = {
		params[0], params[1], params[2], params[3], params[4], params[5],
	};

	return k ? host_syscall(k, no, args) : -ENODEV;
}
