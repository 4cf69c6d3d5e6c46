// SPDX-License-Identifier: GPL-2.0
/*
 * scan-results.c - the results of anyfs scan: a line of JSON for each image
 *
 * The file is only appended to.  A run that was interrupted has no line for the images that it
 * had not finished, or at most a part of a line, which the next run cuts off.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fnv.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "pread-full.h"
#include "run.h"
#include "scan.h"

#define ERRORS_MAX	2000		/* bytes of messages in a line */

static void must(struct scan *s, bool worked, const char *name)
{
	if (worked)
		return;
	tool_error(s->t, "%s/%s: %s", s->out, name, strerror(errno));
	tool_finish(s->t);
}

/*
 * The first @max bytes of the file @name in the directory, or all of it, to be freed; *@size, if
 * it is not NULL, gets their number.  NULL if the file does not exist.
 */
static char *read_file(struct scan *s, const char *name, size_t max, size_t *size)
{
	int fd = openat(s->dir, name, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;
	long n;

	if (fd < 0 && errno == ENOENT)
		return NULL;
	must(s, fd >= 0 && !fstat(fd, &st), name);
	if ((size_t)st.st_size < max)
		max = st.st_size;
	text = tool_alloc(s->t, max + 1);
	n = side_pread_full(&side_host, fd, text, max, 0);
	errno = n < 0 ? -n : EIO;	/* EIO: the file has become shorter */
	must(s, n == (long)max, name);
	text[n] = '\0';
	if (size)
		*size = n;
	close(fd);
	return text;
}

/* The beginning of a line of the results, up to the name of the image; to be freed. */
static char *begin_line(struct scan *s, const char *image)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		tool_no_memory(s->t);
	fputc('{', f);
	json_text_to(f, "image", image);
	fputc(',', f);
	if (fclose(f))
		tool_no_memory(s->t);
	return text;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct lines {
	char **begin;			/* the lines of the file, sorted */
	size_t nr;
};

static void split_lines(struct scan *s, char *text, struct lines *l)
{
	char *end;

	for (; (end = strchr(text, '\n')); text = end + 1) {
		char **more = reallocarray(l->begin, l->nr + 1, sizeof(*more));

		if (!more)
			tool_no_memory(s->t);
		*end = '\0';
		l->begin = more;
		l->begin[l->nr++] = text;
	}
	if (l->nr)
		qsort(l->begin, l->nr, sizeof(*l->begin), by_text);
}

static bool has_result(struct scan *s, const struct lines *l, const char *image)
{
	char *begin = begin_line(s, image);
	size_t low = 0, high = l->nr, len = strlen(begin);
	bool found;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (strncmp(l->begin[mid], begin, len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	found = low < l->nr && !strncmp(l->begin[low], begin, len);
	free(begin);
	return found;
}

/* Drop from the list the images for which the file has results. */
static void skip_done(struct scan *s, const char *name)
{
	size_t size, kept = 0, end;
	char *text = read_file(s, name, SIZE_MAX, &size), *last;
	struct lines l = { 0 };

	if (!text)
		return;
	last = strrchr(text, '\n');
	end = last ? last + 1 - text : 0;
	/* After a crash of the host, the file may end in zero bytes. */
	must(s, end == size || !ftruncate(s->results, end), name);
	split_lines(s, text, &l);
	for (size_t i = 0; i < s->nr_images; i++)
		if (!has_result(s, &l, s->images[i]))
			s->images[kept++] = s->images[i];
	for (size_t i = 0; i < l.nr; i++)
		s->failed += !strstr(l.begin[i], "\"status\": \"ok\"");
	s->skipped = s->nr_images - kept;
	s->nr_images = kept;
	free(l.begin);
	free(text);
}

/*
 * Refuse a directory that has the results of another command: images with such a result would be
 * skipped.  In a new directory, store the command.
 */
static void check_command(struct scan *s)
{
	char *text = NULL, *before;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	int fd;

	if (!f)
		tool_no_memory(s->t);
	for (size_t i = 0; i < s->nr_words; i++)
		fprintf(f, "%s\n", s->command[i]);
	fclose(f);
	before = read_file(s, "command", SIZE_MAX, NULL);
	if (before && strcmp(before, text)) {
		tool_error(s->t, "%s: has the results of another command; give an empty directory",
			   s->out);
		tool_finish(s->t);
	}
	if (!before) {
		fd = openat(s->dir, "command", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		must(s, fd >= 0 && write(fd, text, len) == (ssize_t)len && !close(fd), "command");
	}
	free(before);
	free(text);
}

void scan_open_results(struct scan *s)
{
	char name[64];

	if (mkdir(s->out, 0777) && errno != EEXIST) {
		tool_error(s->t, "%s: %s", s->out, strerror(errno));
		tool_finish(s->t);
	}
	s->dir = open(s->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(s, s->dir >= 0, ".");
	check_command(s);
	snprintf(name, sizeof(name), "results-%u-of-%u.jsonl", s->shard, s->shards);
	s->results = openat(s->dir, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	must(s, s->results >= 0, name);
	skip_done(s, name);
}

char *scan_output_name(struct scan *s, const char *image)
{
	const char *slash = strrchr(image, '/');
	uint64_t hash = fnv1a(FNV_START, image, strlen(image));
	char *name;

	if (asprintf(&name, "%.100s-%016llx", slash ? slash + 1 : image,
		     (unsigned long long)hash) < 0)
		tool_no_memory(s->t);
	return name;
}

/* Give the file of the output its final name, and print that name and the messages to @f. */
static void print_output(struct scan *s, FILE *f, const struct scan_job *job)
{
	char *part, *name, *errors;

	if (asprintf(&part, "%s.out.part", job->output) < 0 ||
	    asprintf(&name, "%s.out", job->output) < 0)
		tool_no_memory(s->t);
	must(s, !renameat(s->dir, part, s->dir, name), part);
	fputs(", ", f);
	json_text_to(f, "output", name);
	free(part);
	free(name);
	if (asprintf(&name, "%s.err", job->output) < 0)
		tool_no_memory(s->t);
	errors = read_file(s, name, ERRORS_MAX, NULL);
	if (errors && *errors) {
		fputs(", ", f);
		json_text_to(f, "errors", errors);
	} else {
		unlinkat(s->dir, name, 0);
	}
	free(errors);
	free(name);
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec + (now.tv_nsec - start->tv_nsec) / 1e9;
}

void scan_add_result(struct scan *s, const struct scan_job *job, int status)
{
	bool ok = WIFEXITED(status) && !WEXITSTATUS(status);
	char *line = NULL, *begin = begin_line(s, job->image);
	size_t len;
	FILE *f = open_memstream(&line, &len);

	if (!f)
		tool_no_memory(s->t);
	fprintf(f, "%s \"status\": \"%s\"", begin, job->late ? "time-out" : ok ? "ok" :
		WIFEXITED(status) ? "failed" : "killed");
	if (WIFEXITED(status))
		fprintf(f, ", \"exit\": %d", WEXITSTATUS(status));
	else
		fprintf(f, ", \"signal\": %d", WTERMSIG(status));
	fprintf(f, ", \"seconds\": %.3f", seconds_since(&job->start));
	print_output(s, f, job);
	fputs("}\n", f);
	if (fclose(f))
		tool_no_memory(s->t);
	must(s, write(s->results, line, len) == (ssize_t)len, "results");
	if (s->print_lines) {
		fwrite(line, 1, len, stdout);
		fflush(stdout);
	}
	s->done++;
	s->failed += !ok;
	free(line);
	free(begin);
}
