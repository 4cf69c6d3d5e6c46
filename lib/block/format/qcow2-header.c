// SPDX-License-Identifier: GPL-2.0
/*
 * qcow2-header.c - the header of a qcow2 image and its extensions
 *
 * Specification: docs/interop/qcow2.txt of QEMU.  Numbers are big endian.
 */
#include <errno.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "qcow2.h"

#define MAGIC			0x514649fbu
#define V2_BYTES		72u
#define V3_BYTES		104u
#define L1_MAX_BYTES		(32u << 20)

/* Bits 0 (stale reference counts) and 1 (tables may be damaged) do not prevent reading. */
#define INCOMPAT_DATA_FILE	(1ull << 2)
#define INCOMPAT_COMPRESSION	(1ull << 3)
#define INCOMPAT_EXTENDED_L2	(1ull << 4)
#define INCOMPAT_KNOWN		((1ull << 5) - 1)

#define EXTENSION_END		0u
#define EXTENSION_BACKING	0xe2792acau
#define EXTENSION_DATA_FILE	0x44415441u

static int damaged(const char *name, const char *reason)
{
	return error_set(-EINVAL, "%s: the qcow2 header is damaged: %s", name, reason);
}

/* Copy a name of @len bytes at @src; false: too long, or not text. */
static bool copy_name(char *dst, size_t room, const uint8_t *src, uint32_t len)
{
	if (!len || len >= room || memchr(src, 0, len))
		return false;
	memcpy(dst, src, len);
	dst[len] = '\0';
	return true;
}

static int parse_extensions(const uint8_t *buf, size_t len, size_t pos, const char *name,
			    struct qcow2_header *h)
{
	while (len - pos >= 8) {
		uint32_t type = get_be32(buf + pos), bytes = get_be32(buf + pos + 4);

		pos += 8;
		if (type == EXTENSION_END)
			break;
		if (bytes > len - pos)
			return damaged(name, "an extension does not end in the first cluster");
		if (type == EXTENSION_BACKING &&
		    !copy_name(h->backing_format, sizeof(h->backing_format), buf + pos, bytes))
			return damaged(name, "the name of the backing file's format is invalid");
		if (type == EXTENSION_DATA_FILE &&
		    !copy_name(h->data_file, sizeof(h->data_file), buf + pos, bytes))
			return damaged(name, "the name of the data file is invalid");
		bytes = (bytes + 7) & ~7u;
		if (bytes > len - pos)
			break;
		pos += bytes;
	}
	return 0;
}

static int parse_v3(const uint8_t *buf, size_t len, const char *name, struct qcow2_header *h,
		    size_t *header_len)
{
	uint64_t incompat;
	uint8_t compression;

	if (len < V3_BYTES)
		return damaged(name, "it is cut off");
	incompat = get_be64(buf + 72);
	*header_len = get_be32(buf + 100);
	if (*header_len < V3_BYTES || *header_len > len || *header_len % 8)
		return damaged(name, "its length is invalid");
	if (incompat & ~INCOMPAT_KNOWN)
		return error_set(-EOPNOTSUPP, "%s: needs features of qcow2 that are not supported (0x%llx); convert it with qemu-img convert",
				 name, (unsigned long long)(incompat & ~INCOMPAT_KNOWN));
	compression = *header_len > V3_BYTES ? buf[104] : 0;
	if (compression > 1 || (compression && !(incompat & INCOMPAT_COMPRESSION)))
		return error_set(-EOPNOTSUPP, "%s: compression type %u of qcow2 is not supported; convert it with qemu-img convert",
				 name, compression);
	h->zstd = compression == 1;
	h->extended_l2 = incompat & INCOMPAT_EXTENDED_L2;
	h->has_data_file = incompat & INCOMPAT_DATA_FILE;
	return 0;
}

static int parse_backing(const uint8_t *buf, size_t len, const char *name, struct qcow2_header *h)
{
	uint64_t offset = get_be64(buf + 8);
	uint32_t bytes = get_be32(buf + 16);

	if (!offset)
		return 0;
	h->has_backing = true;
	if (offset > len || bytes > len - offset ||
	    !copy_name(h->backing, sizeof(h->backing), buf + offset, bytes))
		return damaged(name, "the name of the backing file is invalid");
	return 0;
}

const char *qcow2_encryption_name(uint32_t method)
{
	return method == 1 ? "aes" : method == 2 ? "luks" : NULL;
}

uint64_t qcow2_l1_needed(const struct qcow2_header *h, uint64_t size)
{
	unsigned int bits = 2 * h->cluster_bits - (h->extended_l2 ? 4 : 3);

	return (size >> bits) + !!(size & ((1ull << bits) - 1));
}

static int check_l1(const char *name, const struct qcow2_header *h)
{
	if (!h->size || h->size > 1ull << 61)
		return damaged(name, "the disk's size is invalid");
	if (h->l1_size > L1_MAX_BYTES / 8)
		return damaged(name, "its first table is larger than 32 MiB");
	if (h->l1_size < qcow2_l1_needed(h, h->size))
		return damaged(name, "its first table is too short for the disk");
	if (h->l1_offset % (1u << h->cluster_bits))
		return damaged(name, "its first table is not at a cluster's start");
	return 0;
}

int qcow2_parse(const uint8_t *buf, size_t len, const char *name, struct qcow2_header *h)
{
	size_t header_len = V2_BYTES;
	int err;

	memset(h, 0, sizeof(*h));
	if (len < V2_BYTES || get_be32(buf) != MAGIC)
		return error_set(-EINVAL, "%s: is not a qcow2 image", name);
	h->version = get_be32(buf + 4);
	if (h->version != 2 && h->version != 3)
		return error_set(-EOPNOTSUPP, "%s: version %u of qcow is not supported; convert it with qemu-img convert",
				 name, h->version);
	h->encryption = qcow2_encryption_name(get_be32(buf + 32));
	if (get_be32(buf + 32) && !h->encryption)
		return error_set(-EOPNOTSUPP, "%s: encryption method %u of qcow2 is not supported; decrypt it with qemu-img convert",
				 name, get_be32(buf + 32));
	h->cluster_bits = get_be32(buf + 20);
	if (h->cluster_bits < 9 || h->cluster_bits > 21)
		return damaged(name, "its clusters are smaller than 512 bytes or larger than 2 MiB");
	h->size = get_be64(buf + 24);
	h->l1_size = get_be32(buf + 36);
	h->l1_offset = get_be64(buf + 40);
	h->nr_snapshots = get_be32(buf + 60);
	h->snapshots_offset = get_be64(buf + 64);
	err = h->version == 3 ? parse_v3(buf, len, name, h, &header_len) : 0;
	if (!err && h->extended_l2 && h->cluster_bits < 14)
		err = damaged(name, "its clusters are too small for subclusters");
	if (!err)
		err = check_l1(name, h);
	if (!err)
		err = parse_backing(buf, len, name, h);
	if (!err)
		err = parse_extensions(buf, len, header_len, name, h);
	return err;
}
