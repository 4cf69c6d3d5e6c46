// SPDX-License-Identifier: GPL-2.0
/*
 * tar.c - an image in a tar archive, such as an OVA
 *
 * Specification: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block";
 * the manual of GNU tar, "Basic Tar Format", for long names and sparse files.  Members
 * are not compressed, so the image is read from its place in the archive.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "listed.h"
#include "members.h"

#define BLOCK		512u
#define MEMBERS_MAX	65536u
#define NAME_MAX_BYTES	(64u << 10)	/* bytes of a long name or pax header */
#define SPARSE_MAX	(1u << 20)	/* extents of a sparse file */

/* A member: its header, and the values of the extension headers before it. */
struct member {
	uint8_t block[BLOCK];		/* the header */
	uint64_t at;			/* offset of the header in the archive */
	uint64_t size;			/* bytes stored */
	char name[256];
	/* An extension header gave the size, said that the file is sparse, or gave the name. */
	bool pax_size, pax_sparse, long_name;
};

struct tar {
	struct blockdev *lower;
	uint64_t end;			/* size of the archive, bytes */
	struct member image;		/* the member that is chosen as the disk image */
	struct member_choice choice;
};

static int damaged(const struct tar *t)
{
	return error_set(-EINVAL, "%s: the tar archive is damaged or cut off", t->lower->name);
}

/* A number in octal digits, or in base 256 if the first bit is set. */
static uint64_t parse_number(const uint8_t *p, size_t len)
{
	uint64_t v = 0;

	if (*p & 0x80) {
		for (size_t i = 1; i < len; i++) {
			if (v >> 56)
				return UINT64_MAX;
			v = v << 8 | p[i];
		}
		return v;
	}
	while (len && *p == ' ') {
		p++;
		len--;
	}
	for (; len && *p >= '0' && *p <= '7'; p++, len--)
		v = v << 3 | (*p - '0');
	return v;
}

static bool sum_is_right(const uint8_t *b)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : b[i];
	return sum == parse_number(b + 148, 8);
}

static void set_name(struct member *m, const char *name, size_t len)
{
	size_t take = len < sizeof(m->name) - 1 ? len : sizeof(m->name) - 1;

	/* Keep the end of a long name: it has the extension. */
	memcpy(m->name, name + (len - take), take);
	m->name[take] = '\0';
}

/* Take the values of the records "length key=value\n" of a pax header. */
static void parse_pax(struct member *m, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		size_t record = 0;
		const char *p = text, *value;

		while (p < end && *p >= '0' && *p <= '9' && record < NAME_MAX_BYTES)
			record = record * 10 + (*p++ - '0');
		/* The length includes its own digits and the space. */
		if (p == end || *p++ != ' ' || record > (size_t)(end - text) ||
		    record <= (size_t)(p - text))
			return;
		value = memchr(p, '=', text + record - p);
		if (value && text[record - 1] == '\n') {
			size_t key = value - p, n = text + record - 1 - ++value;

			if (key == 4 && !memcmp(p, "path", 4)) {
				set_name(m, value, n);
				m->long_name = true;
			} else if (key == 4 && !memcmp(p, "size", 4)) {
				m->size = 0;
				for (size_t i = 0; i < n && value[i] >= '0' && value[i] <= '9'; i++)
					m->size = m->size * 10 + (value[i] - '0');
				m->pax_size = true;
			} else if (key > 10 && !memcmp(p, "GNU.sparse", 10)) {
				m->pax_sparse = true;
			}
		}
		text += record;
	}
}

/* Take the values of an extension header for the next member. */
static int take_extension(const struct tar *t, struct member *m, uint64_t size)
{
	char *text;

	if (size > NAME_MAX_BYTES)
		return damaged(t);
	text = malloc(size + 1);
	if (!text)
		return error_set(-ENOMEM, "%s: out of memory", t->lower->name);
	if (blockdev_read_bytes(t->lower, text, size, m->at + BLOCK)) {
		free(text);
		return damaged(t);
	}
	text[size] = '\0';
	if (m->block[156] == 'L') {
		set_name(m, text, strlen(text));
		m->long_name = true;
	} else {
		parse_pax(m, text, size);
	}
	free(text);
	return 0;
}

/* Count the extended headers of GNU's oldest sparse format, which the size does not include. */
static int skip_sparse_headers(const struct tar *t, const struct member *m, uint64_t *blocks)
{
	uint8_t block[BLOCK];
	bool more = m->block[482];

	*blocks = 0;
	while (more) {
		if (++*blocks > SPARSE_MAX / 21 ||
		    blockdev_read_bytes(t->lower, block, BLOCK, m->at + *blocks * BLOCK))
			return damaged(t);
		more = block[504];
	}
	return 0;
}

static bool is_regular(char type)
{
	return type == '0' || type == '\0' || type == '7' || type == 'S';
}

/* Read the header at @m->at.  1: the archive has ended. */
static int read_member(struct tar *t, struct member *m, uint64_t *next)
{
	uint64_t size, extra = 0;
	char type;
	int err;

	if (m->at + BLOCK > t->end)
		return 1;
	if (blockdev_read_bytes(t->lower, m->block, BLOCK, m->at))
		return damaged(t);
	if (!m->block[0])
		return 1;
	if (!sum_is_right(m->block))
		return damaged(t);
	type = m->block[156];
	size = parse_number(m->block + 124, 12);
	if (is_regular(type) && m->pax_size)
		size = m->size;
	if (size > t->end)
		return damaged(t);
	err = type == 'S' ? skip_sparse_headers(t, m, &extra) : 0;
	*next = m->at + BLOCK + extra * BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
	if (!err && (type == 'x' || type == 'L'))
		return take_extension(t, m, size);
	m->size = size;
	return err;
}

/* Consider a member that is a file as the image. */
static void consider_file(struct tar *t, struct member *m)
{
	if (!m->long_name)
		set_name(m, (const char *)m->block, strnlen((const char *)m->block, 100));
	if (member_consider(&t->choice, m->name))
		t->image = *m;
}

static int find_image(struct tar *t)
{
	struct member m = { .at = 0 };
	unsigned int nr = 0;
	uint64_t next = 0;
	int rc;

	while (!(rc = read_member(t, &m, &next))) {
		char type = m.block[156];

		if (++nr > MEMBERS_MAX)
			return error_set(-E2BIG, "%s: the archive has more than %u members; unpack the image first",
					 t->lower->name, MEMBERS_MAX);
		if (is_regular(type))
			consider_file(t, &m);
		if (type == 'x' || type == 'L')
			m.at = next;
		else
			m = (struct member){ .at = next };
	}
	return rc < 0 ? rc : member_check(&t->choice, t->lower);
}

/* ---- the disk ---------------------------------------------------------------------- */

static int add_range(struct listed *l, const struct tar *t, enum run_kind kind, uint64_t offset,
		     uint64_t len)
{
	const struct listed_range r = {
		.kind = kind, .from = t->lower, .offset = offset, .len = len,
	};
	int err = listed_add(l, &r);

	return err ? error_set(err, "%s: the map of the sparse file in the archive is invalid",
			       t->lower->name) : 0;
}

/* Add the extents of @nr entries at @p; @data is where the data of the next extent is stored. */
static int add_extents(struct listed *l, const struct tar *t, const uint8_t *p, unsigned int nr,
		       uint64_t *data)
{
	int err = 0;

	for (unsigned int i = 0; i < nr && !err && p[i * 24]; i++) {
		uint64_t start = parse_number(p + i * 24, 12);
		uint64_t len = parse_number(p + i * 24 + 12, 12);
		uint64_t end = t->image.at + t->end;

		if (start < listed_size(l) || len > end || *data > end - len)
			return damaged(t);
		err = add_range(l, t, RUN_ZERO, 0, start - listed_size(l));
		if (!err)
			err = add_range(l, t, RUN_DATA, *data, len);
		*data += len;
	}
	return err;
}

static int add_sparse(struct listed *l, const struct tar *t)
{
	const struct member *m = &t->image;
	uint64_t size = parse_number(m->block + 483, 12), extra, data;
	uint8_t block[BLOCK];
	int err = skip_sparse_headers(t, m, &extra);

	data = m->at + BLOCK + extra * BLOCK;
	if (!err)
		err = add_extents(l, t, m->block + 386, 4, &data);
	for (uint64_t i = 1; i <= extra && !err; i++) {
		if (blockdev_read_bytes(t->lower, block, BLOCK, m->at + i * BLOCK))
			return damaged(t);
		err = add_extents(l, t, block, 21, &data);
	}
	if (!err && size > listed_size(l))
		err = add_range(l, t, RUN_ZERO, 0, size - listed_size(l));
	return err;
}

static int tar_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	struct tar t = { .lower = lower, .end = format_file_size(lower) };
	struct listed *l;
	int err = format_refuse_snapshot(lower, options, "a tar archive");

	if (!err)
		err = find_image(&t);
	if (!err && t.image.pax_sparse)
		err = error_set(-EOPNOTSUPP, "%s: the archive contains the image as a sparse file of pax; unpack it with tar -x",
				lower->name);
	if (err)
		return err;
	l = listed_create();
	if (!l)
		return error_set(-ENOMEM, "%s: out of memory", lower->name);
	if (t.image.block[156] == 'S')
		err = add_sparse(l, &t);
	else if (t.image.size > t.end - t.image.at - BLOCK)
		err = damaged(&t);
	else
		err = add_range(l, &t, RUN_DATA, t.image.at + BLOCK, t.image.size);
	if (err) {
		listed_free(l);
		return err;
	}
	return listed_finish(l, lower, bd);
}

static bool tar_probe(const struct format_sample *s)
{
	return s->head_len >= BLOCK && !memcmp(s->head + 257, "ustar", 5) && sum_is_right(s->head);
}

const struct format format_tar = {
	.name = "tar", .probe = tar_probe, .container = true, .open = tar_open,
};
