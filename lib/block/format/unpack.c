// SPDX-License-Identifier: GPL-2.0
/*
 * unpack.c - images that are unpacked to a scratch file as a whole, see unpack.h
 */
#include <errno.h>
#include "error.h"
#include "unpack.h"

/* State of unpack_whole(). */
struct whole {
	struct scratch *scratch;
	const char *name;		/* of the image, for messages */
	uint64_t total;			/* packed bytes */
	bool write_failed;
};

static int write_whole(void *data, const void *buf, size_t len, uint64_t at)
{
	struct whole *w = data;
	int err = w->scratch->ops->write(w->scratch, buf, len, at);

	w->write_failed = err;
	return err;
}

static int show_progress(void *data, uint64_t done)
{
	struct whole *w = data;

	return w->scratch->ops->progress(w->scratch, w->name, done, w->total);
}

int unpack_failed(const struct scratch *scratch, const char *name, int err)
{
	switch (err) {
	case -EFBIG:
		return error_set(err, "%s: unpacks to more than %llu MiB; allow more with --unpack-limit SIZE",
				 name, (unsigned long long)(scratch->limit >> 20));
	case -EIO:
		return error_set(err, "%s: cannot be unpacked: it is damaged or cut off", name);
	case -EINTR:
		return error_set(err, "%s: unpacking was interrupted", name);
	case -ENODATA:
		return error_set(err, "%s: unpacks to an empty file", name);
	default:
		return error_set(err, "%s: cannot be unpacked: %s", name, error_name(err));
	}
}

struct scratch *unpack_scratch(const struct blockdev *lower,
			       const struct format_options *options)
{
	if (options->take_scratch)
		return options->take_scratch(options->data, lower);
	error_set(-EOPNOTSUPP, "%s: is compressed, and cannot be unpacked here; unpack it first",
		  lower->name);
	return NULL;
}

int unpack_whole(const struct packed_range *range, const struct format_options *options,
		 struct blockdev **bd)
{
	struct whole w = { .name = range->lower->name, .total = range->len };
	const struct unpack_sink sink = {
		.write = write_whole, .progress = show_progress, .data = &w,
	};
	int64_t size;
	int err;

	w.scratch = unpack_scratch(range->lower, options);
	if (!w.scratch)
		return -EOPNOTSUPP;
	size = unpack_stream(range, w.scratch->limit, &sink);
	if (w.write_failed)
		err = w.scratch->ops->explain(w.scratch, w.name, size);
	else if (size <= 0)
		err = unpack_failed(w.scratch, w.name, size ? size : -ENODATA);
	else
		err = w.scratch->ops->disk(w.scratch, size, w.name, bd);
	w.scratch->ops->put(w.scratch);
	return err;
}
