// SPDX-License-Identifier: GPL-2.0
/*
 * Write the bytes of an unlocked volume to standard output, or write standard input to the volume.
 *
 *	plain [--cmdline WORDS] IMAGE KEY-FILE [TYPE]	(TYPE: of struct anyfs_volume_opts)
 *	plain [--cmdline WORDS] --write IMAGE KEY-FILE TYPE
 *	plain [--cmdline WORDS] --crash IMAGE KEY-FILE TYPE
 *	plain [--cmdline WORDS] --drivers IMAGE KEY-FILE [TYPE]
 *
 * --cmdline has additional parameters of the kernel; --drivers prints the kernel's
 * /proc/crypto, in which drivers that the volume does not use have "refcnt : 1"; --crash writes
 * and flushes, and ends the program without closing the volume.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <lkl.h>
#include "node.h"

static char key_data[65536];
static size_t key_len;
static char buf[1 << 20];

static int give_key(void *data, const struct anyfs_node *node, unsigned int attempt,
		    struct anyfs_key *key)
{
	if (attempt)
		return -ENOKEY;
	key->data = key_data;
	key->len = key_len;
	return 0;
}

static void must(int rc)
{
	if (!rc)
		return;
	fprintf(stderr, "plain: %s\n", anyfs_strerror_last());
	exit(1);
}

static void read_key(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, key_data, sizeof(key_data));

	if (n < 0) {
		perror(path);
		exit(1);
	}
	key_len = n;
	close(fd);
}

static struct anyfs_node *open_volume(const char *path, const char *type, bool write,
				      const char *cmdline)
{
	const struct anyfs_kernel_opts kernel = {
		.struct_size = sizeof(kernel), .cmdline = cmdline,
	};
	const struct anyfs_image_opts opts = { .struct_size = sizeof(opts), .key = give_key };
	const struct anyfs_volume_opts volume = {
		.struct_size = sizeof(volume), .type = type, .hash = "sha512",
	};
	struct anyfs_image *im;
	struct anyfs_node *n;

	must(anyfs_kernel_init(&kernel));
	must(anyfs_image_open(NULL, path, write ? 0 : ANYFS_DISK_READONLY, &im));
	must(anyfs_image_configure(im, &opts));
	if (type)
		must(anyfs_image_add_volume(im, &volume));
	n = anyfs_image_node(im);
	must(node_list(n));
	must(node_open(n->children));
	return n->children;
}

static void write_volume(struct anyfs_node *n)
{
	struct device d;
	ssize_t len;

	must(device_open(n->dev.k, n->dev.dev, true, &d));
	for (uint64_t at = 0; (len = read(STDIN_FILENO, buf, sizeof(buf))) > 0; at += len)
		must(device_write(&d, buf, len, at));
	must(lkl_sys_fsync(d.fd));
	device_close(&d);
}

static void read_volume(struct anyfs_node *n)
{
	for (uint64_t at = 0; at < n->dev.size; at += sizeof(buf)) {
		size_t len = n->dev.size - at < sizeof(buf) ? n->dev.size - at : sizeof(buf);

		must(device_read(&n->dev, buf, len, at));
		if (write(STDOUT_FILENO, buf, len) != (ssize_t)len)
			exit(1);
	}
}

static void print_drivers(void)
{
	long n;
	int fd;

	must(lkl_mount_fs("proc"));
	fd = lkl_sys_open("/proc/crypto", LKL_O_RDONLY, 0);
	must(fd < 0);
	while ((n = lkl_sys_read(fd, buf, sizeof(buf))) > 0)
		must(write(STDOUT_FILENO, buf, n) != n);
	lkl_sys_close(fd);
}

int main(int argc, char **argv)
{
	const char *cmdline = NULL, *verb = "";
	struct anyfs_node *n;
	bool write;

	for (; argc > 1 && !strncmp(argv[1], "--", 2); argv++, argc--) {
		if (strcmp(argv[1], "--cmdline")) {
			verb = argv[1];
			continue;
		}
		cmdline = argv[2];
		argv++;
		argc--;
	}
	if (argc < 3)
		return 2;
	read_key(argv[2]);
	write = !strcmp(verb, "--write") || !strcmp(verb, "--crash");
	n = open_volume(argv[1], argc > 3 ? argv[3] : NULL, write, cmdline);
	if (write)
		write_volume(n);
	else if (!strcmp(verb, "--drivers"))
		print_drivers();
	else
		read_volume(n);
	if (!strcmp(verb, "--crash"))
		_exit(0);
	must(anyfs_image_close(n->image));
	return 0;
}
