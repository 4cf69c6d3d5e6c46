// SPDX-License-Identifier: GPL-2.0
/*
 * tar-input.c - read the entries of a tar archive
 *
 * libarchive reads the archive.  Only filters that run in this process are enabled: the
 * others would let the archive decide which programs are started.
 */
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "signals.h"
#include "tar-input.h"

static void keep_tail(struct tar_input *in, size_t n)
{
	size_t keep = n < TAR_BLOCK ? n : TAR_BLOCK, old = TAR_BLOCK - keep;

	if (old > in->tail_len)
		old = in->tail_len;
	memmove(in->tail, in->tail + in->tail_len - old, old);
	memcpy(in->tail + old, in->buf + n - keep, keep);
	in->tail_len = old + keep;
}

static la_ssize_t read_input(struct archive *a, void *data, const void **buf)
{
	struct tar_input *in = data;
	long n = in->read(in, in->buf, TAR_BUFFER);

	*buf = in->buf;
	if (n < 0) {
		archive_set_error(a, -n, "%s: %s", in->source,
				  in->why ? in->why : strerror(-n));
		return ARCHIVE_FATAL;
	}
	in->ended = !n;
	if (n)
		keep_tail(in, n);
	return n;
}

/* Zeros at the end are the only sign that an uncompressed archive is complete. */
static bool is_truncated(const struct tar_input *in)
{
	static const char zeros[TAR_BLOCK];

	return in->ended && !in->verified && archive_filter_count(in->archive) == 1 &&
	       (in->tail_len < TAR_BLOCK || memcmp(in->tail, zeros, TAR_BLOCK));
}

/* Read the rest of the input, so that the writing program does not get SIGPIPE. */
static void drain(struct tar_input *in)
{
	while (!in->ended && in->read(in, in->buf, TAR_BUFFER) > 0)
		;
}

/* libarchive warns about names that are not UTF-8; they are kept as bytes. */
static bool is_harmless(struct archive *a)
{
	const char *text = archive_error_string(a);

	return text && strstr(text, "can't be converted");
}

bool tar_input_each(struct tar_input *in, const char *consequence,
		    void (*fn)(void *data, struct archive_entry *entry), void *data)
{
	struct archive_entry *entry;
	int rc = ARCHIVE_OK;
	bool good = true;

	while (!tool_stopping(in->t)) {
		rc = archive_read_next_header(in->archive, &entry);
		if (rc == ARCHIVE_EOF || rc == ARCHIVE_FATAL)
			break;
		if (rc != ARCHIVE_OK && !is_harmless(in->archive)) {
			tool_error(in->t, "%s: %s", in->name, archive_error_string(in->archive));
			good = false;
		}
		if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN)
			fn(data, entry);
	}
	if (in->t->signal || in->t->end_early)
		return false;
	if (rc != ARCHIVE_FATAL && !is_truncated(in)) {
		drain(in);
		return good;
	}
	if (rc == ARCHIVE_FATAL)
		tool_error(in->t, "%s: %s; %s", in->name, archive_error_string(in->archive),
			   consequence);
	else
		tool_error(in->t, "%s: no end-of-archive mark: is it truncated?", in->name);
	return false;
}

void tar_filters(struct archive *a)
{
	static int (*const filters[])(struct archive *a) = {
		archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
		archive_read_support_filter_xz, archive_read_support_filter_lzma,
		archive_read_support_filter_zstd, archive_read_support_filter_lz4,
		archive_read_support_filter_lzip, archive_read_support_filter_compress,
	};

	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		filters[i](a);
}

bool tar_input_open(struct tar_input *in)
{
	in->buf = tool_alloc(in->t, TAR_BUFFER);
	in->archive = archive_read_new();
	if (!in->archive)
		tool_no_memory(in->t);
	if (!in->plain)
		tar_filters(in->archive);
	archive_read_support_format_tar(in->archive);
	if (archive_read_open(in->archive, in, NULL, read_input, NULL) == ARCHIVE_OK)
		return true;
	tool_error(in->t, "%s: %s", in->name, archive_error_string(in->archive));
	return false;
}

void tar_input_close(struct tar_input *in)
{
	archive_read_free(in->archive);
	free(in->buf);
}
