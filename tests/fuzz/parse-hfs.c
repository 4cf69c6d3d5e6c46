// SPDX-License-Identifier: GPL-2.0
/*
 * parse-hfs.c - fuzz the reader of catalogs of HFS and HFS+
 *
 * This file defines the library functions that the reader calls; they read the input, followed
 * by zeros.
 */
#include <errno.h>
#include <string.h>
#include <lkl.h>
#include "hfs-catalog.h"
#include "parser.h"
#include "tester.h"

#define VOLUME_BYTES	(8u << 20)

static const uint8_t *volume;
static size_t volume_len;

long lkl_sys_pread64(unsigned int fd, void *buf, size_t count, lkl_loff_t pos)
{
	size_t have;

	if (pos < 0)
		return -EINVAL;
	if (pos > VOLUME_BYTES || count > VOLUME_BYTES - (size_t)pos)
		return 0;
	have = (size_t)pos < volume_len ? volume_len - pos : 0;
	memset(buf, 0, count);
	if (have)
		memcpy(buf, volume + pos, have < count ? have : count);
	return count;
}

static bool read_catalog(bool plus)
{
	struct hfs_catalog c = { 0 };
	long rc = hfs_catalog_read(&c, 0, plus);

	for (size_t i = 0; i < c.nr; i++)
		if (!hfs_catalog_find(&c, c.files[i].id))
			die("file %u is not found", c.files[i].id);
	hfs_catalog_free(&c);
	return !rc;
}

static bool parse(const uint8_t *data, size_t len)
{
	bool plus, plain;

	volume = data;
	volume_len = len;
	plus = read_catalog(true);
	plain = read_catalog(false);
	return plus || plain;
}

const struct parser parser = { .parse = parse };
