// SPDX-License-Identifier: GPL-2.0
/*
 * recording.c - make, save and load the recording of a run of the workload
 *
 * The kernel under test writes to a disk in memory, through a layer that logs the requests and
 * a layer below that delays and reorders them. A recording can be saved to repeat a failed
 * cut, because the kernel's timers make each recording different.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <anyfs.h>
#include <lkl.h>
#include "fault.h"
#include "powercut.h"

#define MAGIC	"anyfs powercut 1"
#define CHUNK	(64u << 10)

/* ---- record ---- */

static struct blockdev *open_disk(int fd, struct record_log *log,
				  const struct recording_opts *opts)
{
	const struct fault_rules rules = {
		.delay_ops = FAULT_OP(LKL_BLK_WRITE) | FAULT_OP(LKL_BLK_FLUSH),
		.delay_max_us = 300,
	};
	struct blockdev *raw, *slow, *bd;

	if (raw_open_fd(fd, "powercut", BLOCKDEV_WRITE, &raw) || fault_open(raw, &slow) ||
	    record_open(slow, log, (opts->fua ? RECORD_FUA : RECORD_NO_FUA) |
			(opts->ignore_flushes ? RECORD_FORGET_FLUSHES : 0), &bd))
		die("%s", anyfs_strerror_last());
	fault_set(slow, &rules);
	return bd;
}

static void write_setting(const char *file, const char *value)
{
	int fd = lkl_sys_open(file, LKL_O_WRONLY, 0);

	if (fd < 0 || lkl_sys_write(fd, value, strlen(value)) < 0)
		die("workload: cannot set %s", file);
	lkl_sys_close(fd);
}

/*
 * Shorten the intervals of the kernel's periodic writeback, so that it happens during the
 * recording.
 */
static void shorten_writeback(const struct fs *fs)
{
	if (lkl_mount_fs("proc"))
		die("workload: cannot mount proc");
	write_setting("/proc/sys/vm/dirty_writeback_centisecs", "10");
	write_setting("/proc/sys/vm/dirty_expire_centisecs", "20");
	if (!strcmp(fs->name, "xfs"))
		write_setting("/proc/sys/fs/xfs/xfssyncd_centisecs", "100");
}

/* The result of overlapping writes would be undefined; the kernel never sends them. */
static void check_overlaps(const struct recording *rec)
{
	for (size_t i = 0; i < rec->nr; i++) {
		const struct record_entry *a = rec->entries[i];

		if (a->op == LKL_BLK_FLUSH)
			continue;
		for (size_t j = i + 1; j < rec->nr && rec->entries[j]->came < a->answered; j++) {
			const struct record_entry *b = rec->entries[j];

			if (b->op != LKL_BLK_FLUSH && b->offset < a->offset + a->len &&
			    a->offset < b->offset + b->len)
				die("requests %zu and %zu write to the same bytes at once", i, j);
		}
	}
}

static void take_entries(struct recording *rec)
{
	rec->nr = record_log_count(rec->log);
	rec->end = record_log_now(rec->log);
	rec->entries = calloc(rec->nr, sizeof(*rec->entries));
	if (!rec->entries)
		die("out of memory");
	for (size_t i = 0; i < rec->nr; i++) {
		rec->entries[i] = record_log_entry(rec->log, i);
		if (!rec->entries[i]->answered || rec->entries[i]->status)
			die("request %zu failed or was never answered", i);
	}
	check_overlaps(rec);
}

void recording_make(struct recording *rec, const struct fs *fs,
		    const struct recording_opts *opts)
{
	struct rig rig;
	int disk;

	memset(rec, 0, sizeof(*rec));
	rec->fs = fs;
	rec->seed = opts->seed;
	rec->fua = opts->fua;
	rec->base = image_new(fs->size);
	disk = image_new(fs->size);
	image_mkfs(disk, fs, opts->seed);
	image_copy(rec->base, disk);
	rec->log = record_log_create();
	if (!rec->log)
		die("out of memory");
	if (rig_up(&rig, open_disk(disk, rec->log, opts), fs->name))
		die("recording: %s", anyfs_strerror_last());
	shorten_writeback(fs);
	workload_run(&rig, rec->log, opts->seed, opts->steps, rec->models);
	if (rig_down(&rig))
		die("recording: %s", anyfs_strerror_last());
	take_entries(rec);
	close(disk);
}

/* ---- save and load ---- */

static void put(FILE *f, const void *data, size_t len)
{
	if (len && fwrite(data, len, 1, f) != 1)
		die("recording: cannot be written: %s", strerror(errno));
}

static void get(FILE *f, void *data, size_t len)
{
	if (len && fread(data, len, 1, f) != 1)
		die("recording: cut off or unreadable");
}

static void *get_array(FILE *f, uint32_t nr, size_t size)
{
	void *array = calloc(nr ? nr : 1, size);

	if (!array)
		die("out of memory");
	get(f, array, nr * size);
	return array;
}

struct head {
	char magic[16];
	char fs[16];
	uint64_t seed, end, nr;
	uint32_t fua, pad;
};

static void put_model(FILE *f, const struct model *m)
{
	put(f, m, sizeof(*m));
	put(f, m->files, m->nr_files * sizeof(*m->files));
	put(f, m->names, m->nr_names * sizeof(*m->names));
	for (uint32_t i = 0; i < m->nr_files; i++) {
		put(f, m->files[i].changes, m->files[i].nr_changes * sizeof(struct change));
		put(f, m->files[i].promises, m->files[i].nr_promises * sizeof(struct promise));
	}
	for (uint32_t i = 0; i < m->nr_names; i++) {
		put(f, m->names[i].meanings, m->names[i].nr_meanings * sizeof(struct meaning));
		put(f, m->names[i].promises, m->names[i].nr_promises * sizeof(struct promise));
	}
}

static void get_model(FILE *f, struct model *m)
{
	get(f, m, sizeof(*m));
	m->files = get_array(f, m->nr_files, sizeof(*m->files));
	m->names = get_array(f, m->nr_names, sizeof(*m->names));
	for (uint32_t i = 0; i < m->nr_files; i++) {
		struct file *file = &m->files[i];

		file->changes = get_array(f, file->nr_changes, sizeof(struct change));
		file->promises = get_array(f, file->nr_promises, sizeof(struct promise));
	}
	for (uint32_t i = 0; i < m->nr_names; i++) {
		struct name *name = &m->names[i];

		name->meanings = get_array(f, name->nr_meanings, sizeof(struct meaning));
		name->promises = get_array(f, name->nr_promises, sizeof(struct promise));
	}
}

/* Each chunk that is not a hole follows its offset; an invalid offset marks the end. */
static void put_base(FILE *f, int base)
{
	static char buf[CHUNK];
	const uint64_t end = UINT64_MAX;
	off_t at = 0;

	while ((at = lseek(base, at, SEEK_DATA)) >= 0) {
		at -= at % CHUNK;
		if (pread(base, buf, CHUNK, at) != CHUNK)
			die("recording: cannot read a disk in memory");
		put(f, &at, sizeof(at));
		put(f, buf, CHUNK);
		at += CHUNK;
	}
	put(f, &end, sizeof(end));
}

static void get_base(FILE *f, int base)
{
	static char buf[CHUNK];
	uint64_t at;

	for (get(f, &at, sizeof(at)); at != UINT64_MAX; get(f, &at, sizeof(at))) {
		get(f, buf, CHUNK);
		if (pwrite(base, buf, CHUNK, at) != CHUNK)
			die("recording: cannot write a disk in memory");
	}
}

void recording_save(const struct recording *rec, const char *path)
{
	struct head head = {
		.magic = MAGIC, .seed = rec->seed, .end = rec->end, .nr = rec->nr, .fua = rec->fua,
	};
	FILE *f = fopen(path, "w");

	if (!f)
		die("%s: %s", path, strerror(errno));
	snprintf(head.fs, sizeof(head.fs), "%s", rec->fs->name);
	put(f, &head, sizeof(head));
	put_base(f, rec->base);
	for (size_t i = 0; i < rec->nr; i++) {
		const struct record_entry *e = rec->entries[i];

		put(f, e, sizeof(*e));
		put(f, e->data, e->data ? e->len : 0);
	}
	for (int i = 0; i < ACTORS; i++)
		put_model(f, &rec->models[i]);
	if (fclose(f))
		die("%s: %s", path, strerror(errno));
}

/* One allocation contains the entry and its bytes. */
static struct record_entry *get_entry(FILE *f)
{
	struct record_entry e, *copy;
	size_t len;

	get(f, &e, sizeof(e));
	len = e.data ? e.len : 0;
	copy = malloc(sizeof(e) + len);
	if (!copy)
		die("out of memory");
	*copy = e;
	if (e.data)
		copy->data = (char *)(copy + 1);
	get(f, copy + 1, len);
	return copy;
}

void recording_load(struct recording *rec, const char *path)
{
	FILE *f = fopen(path, "r");
	struct head head;

	if (!f)
		die("%s: %s", path, strerror(errno));
	memset(rec, 0, sizeof(*rec));
	get(f, &head, sizeof(head));
	rec->fs = memcmp(head.magic, MAGIC, sizeof(head.magic)) ? NULL : fs_find(head.fs);
	if (!rec->fs)
		die("%s: not a recording of this program", path);
	rec->seed = head.seed;
	rec->end = head.end;
	rec->nr = head.nr;
	rec->fua = head.fua;
	rec->base = image_new(rec->fs->size);
	get_base(f, rec->base);
	rec->entries = calloc(rec->nr, sizeof(*rec->entries));
	if (!rec->entries)
		die("out of memory");
	for (size_t i = 0; i < rec->nr; i++)
		rec->entries[i] = get_entry(f);
	for (int i = 0; i < ACTORS; i++)
		get_model(f, &rec->models[i]);
	fclose(f);
}

void recording_free(struct recording *rec)
{
	for (size_t i = 0; !rec->log && i < rec->nr; i++)
		free((void *)rec->entries[i]);
	for (int i = 0; i < ACTORS; i++)
		model_free(&rec->models[i]);
	free(rec->entries);
	record_log_destroy(rec->log);
	close(rec->base);
}
