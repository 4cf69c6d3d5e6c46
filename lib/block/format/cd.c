// SPDX-License-Identifier: GPL-2.0
/*
 * cd.c - raw images of CDs: .bin, .cue, .nrg
 *
 * Specifications: ECMA-130 for sectors of 2352 bytes; the manual of CDRWIN for the commands of
 * cue sheets; the documentation of libmirage for the chunks of Nero's images.  A sector begins
 * with a pattern and a header; 2048 bytes of data follow.  The disk is the first track with data.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "mapped.h"

#define DATA		2048u
#define SYNC		"\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0"
#define SYNC_BYTES	12u
#define CUE_MAX		(64u << 10)	/* bytes */
#define NRG_CHUNKS	1024u

struct cd {
	struct mapped m;
	struct blockdev *file;		/* has the sectors; a reference */
	uint64_t start;			/* offset of the data track in the file, bytes */
	uint64_t sectors;		/* of the track */
	uint32_t stride, skip;		/* bytes of a stored sector; offset of its data */
};

static int cd_map(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait,
		  struct run *run)
{
	struct cd *c = (struct cd *)m;
	uint64_t within = offset % DATA;

	run->kind = RUN_DATA;
	run->hole = false;
	run->from = c->file;
	run->offset = c->start + offset / DATA * c->stride + c->skip + within;
	run->len = c->stride != DATA && DATA - within < len ? DATA - within : len;
	return 0;
}

static void cd_close(struct mapped *m)
{
	blockdev_close(((struct cd *)m)->file);
}

static const struct mapped_ops cd_ops = { .map = cd_map, .close = cd_close };

/* Find the data's offset in sectors of @c->stride bytes, from the first sector's header. */
static int set_layout(struct cd *c, const char *name)
{
	uint8_t head[24];

	if (blockdev_read_bytes(c->file, head, sizeof(head), c->start))
		return error_set(-EINVAL, "%s: the CD image is cut off", name);
	if (c->stride == DATA || c->stride == 2336) {
		/* Sectors of 2336 bytes begin with the subheader. */
		c->skip = c->stride == DATA ? 0 : 8;
		return 0;
	}
	if (memcmp(head, SYNC, SYNC_BYTES))
		return error_set(-EINVAL, "%s: is not the image of a CD with data", name);
	if (head[15] != 1 && head[15] != 2)
		return error_set(-EOPNOTSUPP, "%s: the CD has no data track (mode %u)", name, head[15]);
	c->skip = head[15] == 1 ? 16 : 24;
	return 0;
}

/* Make a disk of the track; @bytes is its length, 0: to the end of its file. */
static int make_track(struct cd *c, struct blockdev *lower, uint64_t bytes, struct blockdev **bd)
{
	uint64_t size = format_file_size(c->file);
	int err;

	if (c->start >= size)
		return error_set(-EINVAL, "%s: the CD image is cut off", lower->name);
	if (!bytes || bytes > size - c->start)
		bytes = size - c->start;
	c->sectors = bytes / c->stride;
	if (!c->sectors)
		return error_set(-EINVAL, "%s: is shorter than a sector of a CD", lower->name);
	err = set_layout(c, lower->name);
	return err ? err : mapped_init(&c->m, &cd_ops, lower, c->sectors * DATA);
}

static int end_open(struct cd *c, int err, struct blockdev **bd)
{
	if (!err) {
		*bd = &c->m.bd;
		return 0;
	}
	blockdev_close(c->file);
	free(c);
	return err;
}

static struct cd *begin_open(struct blockdev *lower, const struct format_options *options)
{
	struct cd *c = format_refuse_snapshot(lower, options, "the image of a CD") ? NULL :
		       calloc(1, sizeof(*c));

	if (c)
		c->stride = 2352;
	return c;
}

/* ---- .bin ------------------------------------------------------------------------- */

static int bin_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	struct cd *c = begin_open(lower, options);

	if (!c)
		return options->snapshot ? -EOPNOTSUPP : error_set(-ENOMEM, "%s: out of memory",
								   lower->name);
	c->file = blockdev_get(lower);
	return end_open(c, make_track(c, lower, 0, bd), bd);
}

static bool bin_probe(const struct format_sample *s)
{
	return s->head_len >= 2352 && !memcmp(s->head, SYNC, SYNC_BYTES) &&
	       (s->head[15] == 1 || s->head[15] == 2);
}

const struct format format_cd_bin = { .name = "cd-bin", .probe = bin_probe, .open = bin_open };

/* ---- .cue ------------------------------------------------------------------------- */

/* The data track that a cue sheet describes. */
struct cue {
	char file[256];			/* name of the file with the track */
	uint32_t stride;		/* bytes of a stored sector; 0: no data track yet */
	uint64_t first;			/* number of its first sector in the file */
	bool indexed;			/* first was set, by an INDEX line */
};

static void take_file(struct cue *cue, const char *line)
{
	const char *start = strchr(line, '"'), *end = start ? strchr(start + 1, '"') : NULL;

	if (!end) {
		start = line + 4 + strspn(line + 4, " \t") - 1;
		end = start + 1 + strcspn(start + 1, " \t");
	}
	if ((size_t)(end - start) > sizeof(cue->file))
		return;
	memcpy(cue->file, start + 1, end - start - 1);
	cue->file[end - start - 1] = '\0';
}

static void take_track(struct cue *cue, const char *line)
{
	const char *slash = strchr(line, '/');

	if (strstr(line, "MODE1/") || strstr(line, "MODE2/"))
		cue->stride = strtoul(slash + 1, NULL, 10);
}

/* Parse mm:ss:ff; a second has 75 sectors. */
static void take_index(struct cue *cue, const char *line)
{
	unsigned long n[3] = { 0 };
	const char *p = line + 8 + strspn(line + 8, " \t");

	for (int i = 0; i < 3; i++) {
		for (; *p >= '0' && *p <= '9' && n[i] < 100000; p++)
			n[i] = n[i] * 10 + (*p - '0');
		p += *p == ':';
	}
	cue->first = (n[0] * 60 + n[1]) * 75 + n[2];
	cue->indexed = true;
}

static void take_line(struct cue *cue, char *line)
{
	line += strspn(line, " \t");
	line[strcspn(line, "\r")] = '\0';
	if (cue->indexed)
		return;
	if (!strncmp(line, "FILE ", 5) && !cue->stride)
		take_file(cue, line);
	else if (!strncmp(line, "TRACK ", 6))
		take_track(cue, line);
	else if (!strncmp(line, "INDEX 01", 8) && cue->stride)
		take_index(cue, line);
}

static int read_cue(struct blockdev *lower, struct cue *cue)
{
	uint64_t size = format_file_size(lower);
	char *text, *line, *end;
	int err;

	if (size > CUE_MAX)
		return error_set(-EINVAL, "%s: is too long for a cue sheet", lower->name);
	text = malloc(size + 1);
	err = text ? blockdev_read_bytes(lower, text, size, 0) : -ENOMEM;
	if (err) {
		free(text);
		return format_unreadable(lower, err);
	}
	text[size] = '\0';
	for (line = text; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		take_line(cue, line);
	}
	free(text);
	if (!cue->indexed)
		return error_set(-EINVAL, "%s: the cue sheet has no data track", lower->name);
	if (cue->stride != DATA && cue->stride != 2352 && cue->stride != 2336)
		return error_set(-EOPNOTSUPP, "%s: sectors of %u bytes are not supported", lower->name,
				 cue->stride);
	return 0;
}

static int cue_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	struct cd *c = begin_open(lower, options);
	struct cue cue = { .file = "" };
	int err;

	if (!c)
		return options->snapshot ? -EOPNOTSUPP : error_set(-ENOMEM, "%s: out of memory",
								   lower->name);
	err = read_cue(lower, &cue);
	if (!err)
		err = format_open_named(lower, options, "sectors in", cue.file, "raw", &c->file);
	c->stride = cue.stride;
	c->start = cue.first * cue.stride;
	if (!err)
		err = make_track(c, lower, 0, bd);
	return end_open(c, err, bd);
}

static bool cue_probe(const struct format_sample *s)
{
	static const char *const words[] = { "FILE \"", "REM ", "CATALOG ", "PERFORMER ", "TITLE " };
	const char *head = (const char *)s->head;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]);

		if (s->head_len <= len || s->size > CUE_MAX || memcmp(head, words[i], len))
			continue;
		for (size_t at = 0; at + 7 < s->head_len; at++)
			if (!memcmp(head + at, "TRACK ", 6))
				return true;
	}
	return false;
}

const struct format format_cd_cue = { .name = "cd-cue", .probe = cue_probe, .open = cue_open };

/* ---- .nrg ------------------------------------------------------------------------- */

/* Take the data track of a chunk, disc-at-once (DAOX) or track-at-once (ETN2).  False: none. */
static bool take_tracks(struct cd *c, const uint8_t *id, uint64_t at, uint32_t len,
			uint64_t *bytes)
{
	uint8_t t[42];

	if (!memcmp(id, "ETN2", 4) && len >= 32) {
		if (blockdev_read_bytes(c->file, t, 32, at))
			return false;
		c->start = get_be64(t);
		*bytes = get_be64(t + 8);
		/* Modes 0 and 2: 2048 bytes; 3: 2336; 5, 6: 2352. */
		c->stride = get_be32(t + 16) == 3 ? 2336 : get_be32(t + 16) < 5 ? DATA : 2352;
		return true;
	}
	if (memcmp(id, "DAOX", 4))
		return false;
	for (uint64_t pos = 22; pos + sizeof(t) <= len; pos += sizeof(t)) {
		if (blockdev_read_bytes(c->file, t, sizeof(t), at + pos))
			return false;
		c->stride = get_be16(t + 12);
		c->start = get_be64(t + 26);
		*bytes = get_be64(t + 34) > c->start ? get_be64(t + 34) - c->start : 0;
		/* Mode 7 is audio. */
		if (t[14] != 7 && (c->stride == DATA || c->stride == 2336 || c->stride == 2352))
			return true;
	}
	return false;
}

static int find_track(struct cd *c, uint64_t *bytes)
{
	uint64_t end = format_file_size(c->file), at;
	uint8_t head[12];

	if (end < 12 || blockdev_read_bytes(c->file, head, 12, end - 12) || memcmp(head, "NER5", 4))
		return error_set(-EINVAL, "%s: is not a Nero image of version 2", c->file->name);
	at = get_be64(head + 4);
	for (unsigned int i = 0; i < NRG_CHUNKS && at < end; i++) {
		if (blockdev_read_bytes(c->file, head, 8, at) || !memcmp(head, "END!", 4))
			break;
		if (take_tracks(c, head, at + 8, get_be32(head + 4), bytes))
			return 0;
		at += 8 + (uint64_t)get_be32(head + 4);
	}
	return error_set(-EINVAL, "%s: the Nero image has no data track", c->file->name);
}

static int nrg_open(struct blockdev *lower, const struct format_options *options,
		    struct blockdev **bd)
{
	struct cd *c = begin_open(lower, options);
	uint64_t bytes = 0;
	int err;

	if (!c)
		return options->snapshot ? -EOPNOTSUPP : error_set(-ENOMEM, "%s: out of memory",
								   lower->name);
	c->file = blockdev_get(lower);
	err = find_track(c, &bytes);
	if (!err)
		err = make_track(c, lower, bytes, bd);
	return end_open(c, err, bd);
}

static bool nrg_probe(const struct format_sample *s)
{
	return s->tail_len >= 12 && !memcmp(s->tail + s->tail_len - 12, "NER5", 4);
}

const struct format format_nrg = { .name = "nrg", .probe = nrg_probe, .open = nrg_open };
