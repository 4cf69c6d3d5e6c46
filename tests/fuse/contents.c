// SPDX-License-Identifier: GPL-2.0
/*
 * contents.c - make random calls on two files, and compare with a model in memory
 *
 *	contents DIRECTORY SEED CALLS MODELS
 *
 * The program makes every call that reads or changes the content of a file, in a random order
 * that SEED determines.  The size and the data that it reads must be those of the model.  At a
 * difference it prints the last calls and exits with 1.  It also exits with 1 if some kind of
 * call never succeeded, so that refused calls do not pass.  At the end the models are written
 * to the directory MODELS, to be compared with the image.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_SIZE	(768u << 10)
#define MAX_LEN		(160u << 10)
#define DIRECT_ALIGN	4096u
#define HISTORY		24

static struct file {
	char name[32];
	int fd;
	size_t size;
	uint8_t model[MAX_SIZE];	/* zeros after size */
} files[2];

static uint64_t random_state;
static unsigned int call_number;
static char history[HISTORY][120];
static uint8_t *buffer;			/* MAX_SIZE bytes, aligned for O_DIRECT */

static uint32_t random_below(uint32_t n)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (random_state >> 33) % n;
}

static void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(history[call_number % HISTORY], sizeof(history[0]), fmt, ap);
	va_end(ap);
}

static void fail(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void fail(const char *fmt, ...)
{
	unsigned int first = call_number < HISTORY ? 0 : call_number - HISTORY + 1;
	va_list ap;

	for (unsigned int i = first; i <= call_number; i++)
		fprintf(stderr, "%u: %s\n", i, history[i % HISTORY]);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

/* Compare @got, which was read at @off, with the model. */
static void compare(const struct file *f, const uint8_t *got, size_t off, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (got[i] != f->model[off + i])
			fail("%s: byte %zu is %02x and should be %02x", f->name, off + i, got[i],
			     f->model[off + i]);
}

static void check_size(const struct file *f)
{
	struct stat st;

	if (fstat(f->fd, &st))
		fail("%s: fstat: %m", f->name);
	if ((size_t)st.st_size != f->size)
		fail("%s: has %lld bytes and should have %zu", f->name, (long long)st.st_size,
		     f->size);
}

/* Choose an offset and a length whose sum is at most @limit. */
static void choose_range(size_t limit, size_t *off, size_t *len)
{
	*off = random_below(limit);
	*len = 1 + random_below(random_below(4) ? 8192 : MAX_LEN);
	if (*off + *len > limit)
		*len = limit - *off;
	/* Ranges that begin and end on page boundaries take other code paths. */
	if (!random_below(3)) {
		*off &= ~4095ul;
		*len = (*len + 4095) & ~4095ul;
		if (*off + *len > limit)
			*len = limit - *off;
	}
}

static void fill(uint8_t *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = call_number * 31 + i * 7 + (i >> 8) + 1;
}

static void model_write(struct file *f, size_t off, size_t len)
{
	memcpy(f->model + off, buffer, len);
	if (off + len > f->size)
		f->size = off + len;
}

/* ---- The calls.  Each returns true, or false if the file had no data for it. ---- */

static bool do_write(struct file *f)
{
	size_t off, len;

	choose_range(MAX_SIZE, &off, &len);
	note("%s: pwrite %zu at %zu", f->name, len, off);
	fill(buffer, len);
	if (pwrite(f->fd, buffer, len, off) != (ssize_t)len)
		fail("%s: pwrite: %m", f->name);
	model_write(f, off, len);
	return true;
}

static bool do_append(struct file *f)
{
	size_t len = 1 + random_below(9000);
	int fd;

	if (f->size + len > MAX_SIZE)
		return false;
	note("%s: append %zu at %zu", f->name, len, f->size);
	fill(buffer, len);
	fd = open(f->name, O_WRONLY | O_APPEND);
	if (fd < 0 || write(fd, buffer, len) != (ssize_t)len || close(fd))
		fail("%s: append: %m", f->name);
	model_write(f, f->size, len);
	return true;
}

static bool do_read(struct file *f)
{
	size_t off, len, want;
	ssize_t n;

	choose_range(MAX_SIZE, &off, &len);
	note("%s: pread %zu at %zu", f->name, len, off);
	n = pread(f->fd, buffer, len, off);
	want = off >= f->size ? 0 : f->size - off < len ? f->size - off : len;
	if (n != (ssize_t)want)
		fail("%s: pread gave %zd bytes and not %zu: %m", f->name, n, want);
	compare(f, buffer, off, n);
	return n > 0;
}

static int open_direct(const struct file *f)
{
	int fd = open(f->name, O_RDWR | O_DIRECT);

	if (fd < 0)
		fail("%s: open O_DIRECT: %m", f->name);
	return fd;
}

static bool do_direct_write(struct file *f)
{
	size_t off, len;
	int fd = open_direct(f);

	off = random_below(MAX_SIZE / DIRECT_ALIGN - 16) * DIRECT_ALIGN;
	len = (1 + random_below(16)) * DIRECT_ALIGN;
	note("%s: direct pwrite %zu at %zu", f->name, len, off);
	fill(buffer, len);
	if (pwrite(fd, buffer, len, off) != (ssize_t)len)
		fail("%s: direct pwrite: %m", f->name);
	close(fd);
	model_write(f, off, len);
	return true;
}

static bool do_direct_read(struct file *f)
{
	size_t off, len, want;
	int fd = open_direct(f);
	ssize_t n;

	off = random_below(MAX_SIZE / DIRECT_ALIGN - 16) * DIRECT_ALIGN;
	len = (1 + random_below(16)) * DIRECT_ALIGN;
	note("%s: direct pread %zu at %zu", f->name, len, off);
	n = pread(fd, buffer, len, off);
	want = off >= f->size ? 0 : f->size - off < len ? f->size - off : len;
	if (n != (ssize_t)want)
		fail("%s: direct pread gave %zd bytes and not %zu: %m", f->name, n, want);
	compare(f, buffer, off, n);
	close(fd);
	return n > 0;
}

static bool do_truncate(struct file *f)
{
	size_t size = random_below(4) ? random_below(MAX_SIZE) : random_below(f->size + 1);

	note("%s: ftruncate from %zu to %zu", f->name, f->size, size);
	if (random_below(2) ? ftruncate(f->fd, size) : truncate(f->name, size))
		fail("%s: truncate: %m", f->name);
	if (size < f->size)
		memset(f->model + size, 0, f->size - size);
	f->size = size;
	return true;
}

/* Map part of the file; NULL if it is beyond the end.  @len becomes the mapped length. */
static uint8_t *map(struct file *f, int prot, size_t *off, size_t *len)
{
	uint8_t *mem;

	choose_range(MAX_SIZE, off, len);
	*off &= ~4095ul;
	if (*off >= f->size)
		return NULL;
	if (*off + *len > f->size)
		*len = f->size - *off;
	mem = mmap(NULL, *len, prot, MAP_SHARED, f->fd, *off);
	if (mem == MAP_FAILED)
		fail("%s: mmap of %zu at %zu: %m", f->name, *len, *off);
	return mem;
}

static bool do_map_read(struct file *f)
{
	size_t off, len;
	uint8_t *mem = map(f, PROT_READ, &off, &len);

	if (!mem)
		return false;
	note("%s: read %zu at %zu by mmap", f->name, len, off);
	compare(f, mem, off, len);
	/* The last page is zero after the end of the file. */
	for (size_t i = len; off + len == f->size && i % 4096; i++)
		if (mem[i])
			fail("%s: byte %zu after the end is %02x", f->name, off + i, mem[i]);
	munmap(mem, len);
	return true;
}

static bool do_map_write(struct file *f)
{
	size_t off, len;
	uint8_t *mem = map(f, PROT_READ | PROT_WRITE, &off, &len);

	if (!mem)
		return false;
	note("%s: write %zu at %zu by mmap", f->name, len, off);
	fill(buffer, len);
	memcpy(mem, buffer, len);
	memcpy(f->model + off, buffer, len);
	if (random_below(2) && msync(mem, len, MS_SYNC))
		fail("%s: msync: %m", f->name);
	munmap(mem, len);
	return true;
}

static bool do_allocate(struct file *f)
{
	bool keep = random_below(2);
	size_t off, len;

	choose_range(MAX_SIZE, &off, &len);
	note("%s: fallocate %zu at %zu%s", f->name, len, off, keep ? ", size kept" : "");
	if (fallocate(f->fd, keep ? FALLOC_FL_KEEP_SIZE : 0, off, len))
		fail("%s: fallocate: %m", f->name);
	if (!keep && off + len > f->size)
		f->size = off + len;
	return true;
}

static void model_zero(struct file *f, size_t off, size_t len)
{
	if (off < f->size)
		memset(f->model + off, 0, off + len > f->size ? f->size - off : len);
}

static bool do_punch(struct file *f)
{
	size_t off, len;

	choose_range(MAX_SIZE, &off, &len);
	note("%s: punch %zu at %zu", f->name, len, off);
	if (fallocate(f->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off, len))
		fail("%s: punching a hole: %m", f->name);
	model_zero(f, off, len);
	return true;
}

static bool do_zero(struct file *f)
{
	bool keep = random_below(2);
	size_t off, len;

	choose_range(MAX_SIZE, &off, &len);
	note("%s: zero %zu at %zu%s", f->name, len, off, keep ? ", size kept" : "");
	if (fallocate(f->fd, FALLOC_FL_ZERO_RANGE | (keep ? FALLOC_FL_KEEP_SIZE : 0), off, len))
		fail("%s: zeroing a range: %m", f->name);
	model_zero(f, off, len);
	if (!keep && off + len > f->size)
		f->size = off + len;
	return true;
}

static bool do_copy(struct file *f)
{
	struct file *from = &files[random_below(2)];
	size_t off, len;
	loff_t in, out;
	ssize_t n;

	choose_range(MAX_SIZE, &off, &len);
	in = random_below(MAX_SIZE);
	out = off;
	if ((size_t)in >= from->size)
		return false;
	if (in + len > from->size)
		len = from->size - in;
	if (f == from && (size_t)(in > out ? in - out : out - in) < len)
		return false;		/* overlapping is not allowed */
	note("%s: copy_file_range %zu from %s %zu to %zu", f->name, len, from->name, (size_t)in,
	     (size_t)out);
	memcpy(buffer, from->model + in, len);
	n = copy_file_range(from->fd, &in, f->fd, &out, len, 0);
	if (n <= 0)
		fail("%s: copy_file_range gave %zd: %m", f->name, n);
	model_write(f, off, n);
	return true;
}

/* Holes must be zero in the model: every nonzero byte must be in a data range. */
static bool do_seek(struct file *f)
{
	off_t at = 0;

	note("%s: lseek from hole to data to hole, %zu bytes", f->name, f->size);
	while ((size_t)at < f->size) {
		off_t data = lseek(f->fd, at, SEEK_DATA), hole;

		if (data < 0 && errno != ENXIO)
			fail("%s: SEEK_DATA at %lld: %m", f->name, (long long)at);
		if (data < 0)
			data = f->size;
		for (; at < data; at++)
			if (f->model[at])
				fail("%s: byte %lld is %02x, and in a hole", f->name, (long long)at,
				     f->model[at]);
		if ((size_t)data == f->size)
			break;
		hole = lseek(f->fd, data, SEEK_HOLE);
		if (hole < data || (size_t)hole > f->size)
			fail("%s: SEEK_HOLE at %lld gave %lld: %m", f->name, (long long)data,
			     (long long)hole);
		/* While a block is dirty, ext4 sometimes reports it both as data and as a hole. */
		at = hole > data ? hole : data + 1;
	}
	return f->size > 0;
}

static bool do_sync(struct file *f)
{
	note("%s: fsync, and forget the pages", f->name);
	if (random_below(2) ? fsync(f->fd) : fdatasync(f->fd))
		fail("%s: fsync: %m", f->name);
	posix_fadvise(f->fd, 0, 0, POSIX_FADV_DONTNEED);
	return true;
}

static bool do_reopen(struct file *f)
{
	note("%s: close and open", f->name);
	if (close(f->fd))
		fail("%s: close: %m", f->name);
	f->fd = open(f->name, O_RDWR);
	if (f->fd < 0)
		fail("%s: open: %m", f->name);
	return true;
}

static bool do_rename(struct file *f)
{
	char to[sizeof(f->name)];

	snprintf(to, sizeof(to), "%c%u", f->name[0], call_number);
	note("%s: rename to %s", f->name, to);
	if (rename(f->name, to))
		fail("%s: rename: %m", f->name);
	strcpy(f->name, to);
	return true;
}

/* The relative frequency of each call. */
static struct call {
	const char *name;
	bool (*make)(struct file *f);
	unsigned int weight, done;
} calls[] = {
	{ "write", do_write, 8, 0 }, { "append", do_append, 3, 0 }, { "read", do_read, 8, 0 },
	{ "direct write", do_direct_write, 2, 0 }, { "direct read", do_direct_read, 2, 0 },
	{ "truncate", do_truncate, 4, 0 }, { "map read", do_map_read, 4, 0 },
	{ "map write", do_map_write, 4, 0 }, { "allocate", do_allocate, 3, 0 },
	{ "punch", do_punch, 3, 0 }, { "zero", do_zero, 3, 0 }, { "copy", do_copy, 4, 0 },
	{ "seek", do_seek, 3, 0 }, { "sync", do_sync, 2, 0 }, { "reopen", do_reopen, 1, 0 },
	{ "rename", do_rename, 1, 0 },
};

#define NR_CALLS	(sizeof(calls) / sizeof(calls[0]))

static struct call *random_call(void)
{
	unsigned int sum = 0, n;

	for (size_t i = 0; i < NR_CALLS; i++)
		sum += calls[i].weight;
	n = random_below(sum);
	for (size_t i = 0; i < NR_CALLS; i++) {
		if (n < calls[i].weight)
			return &calls[i];
		n -= calls[i].weight;
	}
	return &calls[0];
}

static void check_all(const struct file *f)
{
	check_size(f);
	if (pread(f->fd, buffer, MAX_SIZE, 0) != (ssize_t)f->size)
		fail("%s: reading all of it: %m", f->name);
	compare(f, buffer, 0, f->size);
}

/* Write the model to a file: the content that a new reader of the image must find. */
static void save_model(const struct file *f, const char *directory)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, f->name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, f->model, f->size) != (ssize_t)f->size || close(fd))
		fail("%s: %m", path);
}

static void start(const char *directory)
{
	if (chdir(directory) || posix_memalign((void **)&buffer, DIRECT_ALIGN, MAX_SIZE))
		fail("%s: %m", directory);
	for (unsigned int i = 0; i < 2; i++) {
		files[i].name[0] = 'a' + i;
		files[i].fd = open(files[i].name, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (files[i].fd < 0)
			fail("%s/%s: %m", directory, files[i].name);
	}
}

int main(int argc, char **argv)
{
	unsigned int count;

	if (argc != 5) {
		fprintf(stderr, "usage: contents DIRECTORY SEED CALLS MODELS\n");
		return 2;
	}
	random_state = strtoull(argv[2], NULL, 10);
	count = strtoul(argv[3], NULL, 10);
	start(argv[1]);
	for (call_number = 0; call_number < count; call_number++) {
		struct file *f = &files[random_below(2)];
		struct call *c = random_call();

		note("%s: %s: nothing to do", f->name, c->name);
		c->done += c->make(f);
		check_size(f);
	}
	for (size_t i = 0; i < NR_CALLS; i++)
		if (!calls[i].done)
			fail("not one %s of %u calls", calls[i].name, count);
	for (unsigned int i = 0; i < 2; i++) {
		check_all(&files[i]);
		save_model(&files[i], argv[4]);
	}
	return 0;
}
