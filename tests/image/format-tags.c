// SPDX-License-Identifier: GPL-2.0
/*
 * Format dm-integrity with the library's kernel, as cryptsetup luksFormat --integrity does with
 * the kernel of the host.  The image must have zeros at OFFSET.
 *
 *	format-tags IMAGE OFFSET TAG-SIZE BLOCK-SIZE	(bytes)
 */
#include <stdio.h>
#include <stdlib.h>
#include "mapper.h"
#include "node.h"

static void must(int rc)
{
	if (!rc)
		return;
	fprintf(stderr, "format-tags: %s\n", anyfs_strerror_last());
	exit(1);
}

int main(int argc, char **argv)
{
	struct mapper_target t = { .len = 8, .type = "integrity" };
	char why[MAPPER_WHY], dev[32], params[128];
	struct anyfs_image *im;
	struct anyfs_node *n;
	struct mapper m;

	if (argc != 5)
		return 2;
	must(anyfs_kernel_init(NULL));
	must(anyfs_image_open(NULL, argv[1], 0, &im));
	n = anyfs_image_node(im);
	must(node_open(n));
	mapper_dev(n->dev.dev, dev, sizeof(dev));
	snprintf(params, sizeof(params), "%s %lu %s J 2 block_size:%s fix_padding", dev,
		 strtoul(argv[2], NULL, 0) / 512, argv[3], argv[4]);
	t.params = params;
	if (mapper_create(n->dev.k, &t, 1, 0, &m, why)) {
		fprintf(stderr, "format-tags: %s\n", why);
		return 1;
	}
	must(mapper_remove(&m));
	must(anyfs_image_close(im));
	return 0;
}
