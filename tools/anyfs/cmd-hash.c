// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-hash.c - anyfs hash: path, size and SHA-256 of every regular file
 *
 * One line a file, "path<TAB>size<TAB>sha256", sorted by the bytes of the paths;
 * backslash, tab and newline in paths are written as \\, \t, \n.
 */
#include <dirent.h>
#include <errno.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "tree.h"
#include "verbs.h"

#define BUFFER_SIZE	(512u << 10)

struct hash {
	struct tool *t;
	uint8_t *buf;
};

static void print_path(const char *path)
{
	for (; *path; path++) {
		switch (*path) {
		case '\\':
			fputs("\\\\", stdout);
			break;
		case '\t':
			fputs("\\t", stdout);
			break;
		case '\n':
			fputs("\\n", stdout);
			break;
		default:
			putchar(*path);
		}
	}
}

static void print_hash(struct hash *h, const char *path, uint64_t size, const uint8_t *digest)
{
	char hex[2 * SHA256_DIGEST_SIZE + 1];

	for (int i = 0; i < SHA256_DIGEST_SIZE; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
	if (h->t->json) {
		json_separator(h->t);
		json_text("path", path);
		printf(", \"size\": %llu, \"sha256\": \"%s\"}", (unsigned long long)size, hex);
	} else {
		print_path(path);
		printf("\t%llu\t%s\n", (unsigned long long)size, hex);
	}
	tool_check_output(h->t);
}

/* Hash @fd and print the result; @shown is the path to print, @path the one for messages. */
static void hash_fd(struct hash *h, int fd, const char *shown, const char *path)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx ctx;
	uint64_t size = 0;
	long n;

	sha256_init(&ctx);
	while ((n = lkl_sys_read(fd, (char *)h->buf, BUFFER_SIZE)) > 0) {
		sha256_update(&ctx, n, h->buf);
		size += n;
	}
	if (n < 0) {
		tool_errno(h->t, path, n);
		return;
	}
	sha256_digest(&ctx, sizeof(digest), digest);
	print_hash(h, shown, size, digest);
}

static void hash_node(void *data, const struct walk_node *node)
{
	struct hash *h = data;
	long fd;

	if (node->type != DT_REG)
		return;
	fd = side_image.open_file(node->dirfd, node->name);
	if (fd < 0) {
		tool_errno(h->t, node->path, fd);
		return;
	}
	hash_fd(h, fd, node->below, node->path);
	lkl_sys_close(fd);
}

static void hash_path(struct hash *h, const char *path)
{
	static const struct walk_ops ops = { .other = hash_node };
	int fd = tool_openat(h->t, path, LKL_O_RDONLY | LKL_O_NONBLOCK);
	const char *base = strrchr(path, '/');
	struct lkl_statx stx;
	long rc;

	if (fd < 0)
		return;
	rc = lkl_sys_statx(fd, "", LKL_AT_EMPTY_PATH, LKL_STATX_TYPE, &stx);
	if (rc >= 0 && (stx.stx_mode & LKL_S_IFMT) == LKL_S_IFDIR) {
		walk_tree(h->t, &side_image, path, fd, &ops, h);
		return;
	}
	if (rc < 0)
		tool_errno(h->t, path, rc);
	else if ((stx.stx_mode & LKL_S_IFMT) != LKL_S_IFREG)
		tool_path_error(h->t, path, "a %s has no content to hash",
			   format_type(stx.stx_mode));
	else
		hash_fd(h, fd, base ? base + 1 : path, path);
	lkl_sys_close(fd);
}

static int run(struct tool *t, int argc, char **argv)
{
	struct hash h = { .t = t };

	tool_plain_args(t, argc, argv, 1, 2);
	h.buf = tool_alloc(t, BUFFER_SIZE);
	tool_open(t, argv[optind]);
	hash_path(&h, argc - optind > 1 ? argv[optind + 1] : "/");
	free(h.buf);
	return 0;
}

const struct verb verb_hash = {
	.name = "hash",
	.args = "[--json] IMAGE [PATH]",
	.summary = "print path, size and SHA-256 of every regular file",
	.help = "Each line is path, size and hash, separated by tabs.  Paths are relative to PATH and\n"
		"sorted by their bytes; backslash, tab and newline are written \\\\, \\t, \\n.\n\n",
	.has_json = true,
	.run = run,
};
