// SPDX-License-Identifier: GPL-2.0
/*
 * unpack-units.c - images that are unpacked to a scratch file unit by unit, see unpack.h
 *
 * Units are independent: the thread that first needs a unit unpacks it, while other threads
 * unpack other units.  A unit is unpacked once and then read from the scratch file, so that
 * small reads of a large unit are cheap.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "find-start.h"
#include "unpack.h"

/* A unit is PACKED, being unpacked by a thread (BUSY), or in the scratch file (READY). */
enum unit_state { PACKED, BUSY, READY };

struct units {
	struct mapped m;
	struct packed_range range;
	struct scratch *scratch;
	struct blockdev *disk;		/* of the scratch file; a reference */
	struct codec_unit *units;	/* sorted, without gaps */
	unsigned long nr;
	pthread_mutex_t lock;		/* guards states */
	pthread_cond_t ready;		/* a unit is no longer BUSY */
	uint8_t *states;		/* enum unit_state of each unit; owned */
};

int unit_list_add(struct unit_list *list, const struct codec_unit *unit)
{
	if (list->nr == list->room) {
		unsigned long room = list->room ? 2 * list->room : 64;
		struct codec_unit *units = realloc(list->units, room * sizeof(*units));

		if (!units)
			return -ENOMEM;
		list->units = units;
		list->room = room;
	}
	list->units[list->nr++] = *unit;
	return 0;
}

struct sink_data {
	struct scratch *scratch;
	uint64_t start;			/* offset of the unit in the scratch file */
};

static int write_unit(void *data, const void *buf, size_t len, uint64_t at)
{
	struct sink_data *d = data;

	return d->scratch->ops->write(d->scratch, buf, len, d->start + at);
}

/*
 * Set in @range how the resumed unit @unit begins; @window has CODEC_WINDOW bytes.  The units
 * before it, or the index, have stored the unpacked bytes that it refers to.
 */
static int resume_unit(struct units *u, const struct codec_unit *unit, uint8_t *window,
		       struct packed_range *range)
{
	size_t len = unit->start < CODEC_WINDOW ? unit->start : CODEC_WINDOW;
	int err = blockdev_read_bytes(u->disk, window, len, unit->start - len);

	if (!err && unit->bits)
		err = blockdev_read_bytes(range->lower, &range->before, 1, unit->offset - 1);
	range->kind = STREAM_DEFLATE;
	range->window = window;
	range->window_len = len;
	range->bits = unit->bits;
	return err;
}

static int unpack_unit(struct units *u, const struct codec_unit *unit)
{
	struct sink_data data = { u->scratch, unit->start };
	const struct unpack_sink sink = { .write = write_unit, .data = &data };
	struct packed_range range = u->range;
	uint8_t window[CODEC_WINDOW];
	int64_t size = 0;

	range.offset = unit->offset;
	range.len = unit->packed_len;
	if (unit->resumed)
		size = resume_unit(u, unit, window, &range);
	if (!size)
		size = unpack_stream(&range, unit->len, &sink);
	if (size < 0)
		return size == -EFBIG ? -EIO : size;
	return (uint64_t)size == unit->len ? 0 : -EIO;
}

/* Make sure that unit @i is in the scratch file.  -EAGAIN: it is not, and !@may_wait. */
static int need_unit(struct units *u, unsigned long i, bool may_wait)
{
	int err = 0;

	pthread_mutex_lock(&u->lock);
	while (u->states[i] == BUSY && may_wait)
		pthread_cond_wait(&u->ready, &u->lock);
	if (u->states[i] != READY && !may_wait) {
		err = -EAGAIN;
	} else if (u->states[i] == PACKED) {
		u->states[i] = BUSY;
		pthread_mutex_unlock(&u->lock);
		err = unpack_unit(u, &u->units[i]);
		pthread_mutex_lock(&u->lock);
		u->states[i] = err ? PACKED : READY;
		pthread_cond_broadcast(&u->ready);
	}
	pthread_mutex_unlock(&u->lock);
	return err;
}

/* The unit that has the byte at @offset. */
static unsigned long find_unit(const struct units *u, uint64_t offset)
{
	return find_start(&u->units->start, sizeof(*u->units), u->nr, offset);
}

static int units_map(struct mapped *m, uint64_t offset, uint64_t len, bool may_wait,
		     struct run *run)
{
	struct units *u = (struct units *)m;
	unsigned long i = find_unit(u, offset);
	uint64_t end;
	int err = need_unit(u, i, may_wait);

	/* A sector may begin in one unit and end in the next. */
	for (end = u->units[i].start + u->units[i].len;
	     !err && end < offset + 512 && i + 1 < u->nr; end += u->units[i].len)
		err = need_unit(u, ++i, may_wait);
	if (err)
		return err;
	end = i + 1 < u->nr ? end & ~511ull : offset + len;
	run->kind = RUN_DATA;
	run->hole = false;
	run->from = u->disk;
	run->offset = offset;
	run->len = end - offset < len ? end - offset : len;
	return 0;
}

static void free_units(struct units *u)
{
	blockdev_close(u->disk);
	u->scratch->ops->put(u->scratch);
	pthread_mutex_destroy(&u->lock);
	pthread_cond_destroy(&u->ready);
	free(u->units);
	free(u->states);
}

static void units_close(struct mapped *m)
{
	free_units((struct units *)m);
}

static const struct mapped_ops units_ops = { .map = units_map, .close = units_close };

/* Check that the units have no gaps and lie inside the file. */
static int check_units(const struct units *u, uint64_t file_size)
{
	uint64_t end = 0;

	for (unsigned long i = 0; i < u->nr; i++) {
		const struct codec_unit *unit = &u->units[i];

		if (unit->start != end || !unit->len || unit->offset > file_size ||
		    unit->packed_len > file_size - unit->offset || unit->len > UINT64_MAX - end)
			return error_set(-EINVAL, "%s: the table of its parts is damaged",
					 u->range.lower->name);
		end += unit->len;
		if (end > u->scratch->limit)
			return unpack_failed(u->scratch, u->range.lower->name, -EFBIG);
	}
	return 0;
}

int unpack_units(const struct packed_range *range, struct scratch *scratch,
		 struct codec_unit *units, unsigned long nr, unsigned long ready,
		 struct blockdev **bd)
{
	struct units *u = calloc(1, sizeof(*u));
	uint64_t size = units[nr - 1].start + units[nr - 1].len;
	int err = 0;

	if (!u) {
		free(units);
		scratch->ops->put(scratch);
		return error_set(-ENOMEM, "%s: out of memory", range->lower->name);
	}
	u->range = *range;
	u->scratch = scratch;
	u->units = units;
	u->nr = nr;
	u->states = calloc(nr, 1);
	if (u->states)
		memset(u->states, READY, ready);
	pthread_mutex_init(&u->lock, NULL);
	pthread_cond_init(&u->ready, NULL);
	if (!u->states)
		err = error_set(-ENOMEM, "%s: out of memory", range->lower->name);
	if (!err)
		err = check_units(u, format_file_size(range->lower));
	if (!err)
		err = scratch->ops->disk(scratch, size, range->lower->name, &u->disk);
	if (!err)
		err = mapped_init(&u->m, &units_ops, range->lower, size);
	if (err) {
		free_units(u);
		free(u);
		return err;
	}
	*bd = &u->m.bd;
	return 0;
}
