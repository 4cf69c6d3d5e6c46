// SPDX-License-Identifier: GPL-2.0
/*
 * workload.c - change files like programs that sync their data
 *
 * Each thread works in its own directory.  It records a step before it makes the step, and a
 * promise as soon as the file system has given the promise:
 *
 *	fsync, fdatasync of a file	its content and size
 *	fsync of a directory		the names in it
 *	syncfs				all of the thread's files and names
 *	a write with O_DSYNC		its own bytes
 *
 * These are the guarantees of POSIX and of every Linux file system, and no more.  A
 * failing call ends the program: the disk works, so no call may fail.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <anyfs.h>
#include <lkl.h>
#include "powercut.h"

#define NAMES		14		/* a directory */
#define DIRS		4		/* below the thread's directory */
#define WRITE_MAX	(200u << 10)

struct actor {
	const struct rig *rig;
	struct record_log *log;
	struct model *m;
	struct random random;
	unsigned int steps;
	char top[8];
	char dirs[DIRS + 1][MODEL_PATH];	/* the first is the thread's directory */
	unsigned int nr_dirs;
	char *buf;			/* WRITE_MAX bytes */
};

static void kernel_path(const struct actor *a, const char *path, char *full, size_t len)
{
	snprintf(full, len, "%s/%s", a->rig->root, path);
}

static long check(long ret, const char *what, const char *path)
{
	if (ret < 0)
		die("workload: %s %s: %s", what, path, strerrordesc_np(-ret));
	return ret;
}

static int open_path(const struct actor *a, const char *path, int flags)
{
	char full[160];

	kernel_path(a, path, full, sizeof(full));
	return check(lkl_sys_open(full, flags | LKL_O_CLOEXEC, 0644), "open", path);
}

static uint64_t now(const struct actor *a)
{
	return record_log_now(a->log);
}

/* ---- choosing ---- */

/* Choose a name in one of the directories, used or not, and add it to the model. */
static uint32_t pick_any_name(struct actor *a)
{
	unsigned int dir = random_below(&a->random, a->nr_dirs);
	char path[MODEL_PATH];

	if (snprintf(path, sizeof(path), "%s/f%u", a->dirs[dir],
		     (unsigned int)random_below(&a->random, NAMES)) >= (int)sizeof(path))
		die("workload: %s: too long", path);
	for (uint32_t i = 0; i < a->m->nr_names; i++)
		if (!strcmp(a->m->names[i].path, path))
			return i;
	return model_add_name(a->m, path);
}

/* Choose a free name or the name of a file; false after a number of tries. */
static bool pick_name(struct actor *a, bool is_free, uint32_t *name)
{
	for (int tries = 0; tries < 20; tries++) {
		*name = pick_any_name(a);
		if ((model_meaning(a->m, *name) == NAME_ABSENT) == is_free)
			return true;
	}
	return false;
}

static bool in_dir(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && path[len] == '/' && !strchr(path + len + 1, '/');
}

/* ---- promises ---- */

static void sync_file(struct actor *a, uint32_t file, int fd, bool data_only)
{
	check(data_only ? lkl_sys_fdatasync(fd) : lkl_sys_fsync(fd), "fsync", "file");
	model_promise_file(a->m, file, now(a));
}

static void sync_dir(struct actor *a, const char *dir)
{
	int fd = open_path(a, dir, LKL_O_RDONLY | LKL_O_DIRECTORY);
	uint64_t at;

	check(lkl_sys_fsync(fd), "fsync", dir);
	at = now(a);
	lkl_sys_close(fd);
	for (uint32_t i = 0; i < a->m->nr_names; i++)
		if (in_dir(a->m->names[i].path, dir))
			model_promise_name(a->m, i, at);
}

static void sync_dir_of(struct actor *a, uint32_t name)
{
	char dir[MODEL_PATH];

	strcpy(dir, a->m->names[name].path);
	*strrchr(dir, '/') = '\0';
	sync_dir(a, dir);
}

static void sync_all(struct actor *a)
{
	int fd = open_path(a, a->top, LKL_O_RDONLY | LKL_O_DIRECTORY);
	uint64_t at;

	check(lkl_sys_syncfs(fd), "syncfs", a->top);
	at = now(a);
	lkl_sys_close(fd);
	for (uint32_t i = 0; i < a->m->nr_names; i++)
		model_promise_name(a->m, i, at);
	for (uint32_t i = 0; i < a->m->nr_files; i++)
		model_promise_file(a->m, i, at);
}

/* ---- changes ---- */

static void write_at(struct actor *a, uint32_t file, int fd, uint32_t offset, uint32_t len)
{
	struct file *f = &a->m->files[file];

	model_pattern(a->m, file, f->nr_changes, offset, len, a->buf);
	model_add_change(a->m, file, now(a), offset, len);
	if (check(lkl_sys_pwrite64(fd, a->buf, len, offset), "write", "file") != len)
		die("workload: a short write");
}

/* Mostly small, some of many blocks. */
static uint32_t write_len(struct actor *a)
{
	uint32_t most = random_below(&a->random, 8) ? 12u << 10 : WRITE_MAX;

	return 1 + random_below(&a->random, most);
}

static uint32_t new_file(struct actor *a, uint32_t name, int *fd)
{
	uint32_t file = model_add_file(a->m);

	model_add_meaning(a->m, name, now(a), file);
	*fd = open_path(a, a->m->names[name].path, LKL_O_RDWR | LKL_O_CREAT | LKL_O_EXCL);
	write_at(a, file, *fd, 0, write_len(a));
	return file;
}

static void create(struct actor *a)
{
	unsigned int how = random_below(&a->random, 4);
	uint32_t name, file;
	int fd;

	if (!pick_name(a, true, &name))
		return;
	file = new_file(a, name, &fd);
	if (how >= 1)
		sync_file(a, file, fd, how == 1);
	lkl_sys_close(fd);
	if (how >= 2)
		sync_dir_of(a, name);
}

static void append(struct actor *a)
{
	uint32_t name, file, size, len = write_len(a);
	int fd;

	if (!pick_name(a, false, &name))
		return;
	file = model_meaning(a->m, name);
	size = model_size(&a->m->files[file], a->m->files[file].nr_changes);
	if (size + len > MODEL_FILE_MAX)
		return;
	fd = open_path(a, a->m->names[name].path, LKL_O_RDWR);
	write_at(a, file, fd, size, len);
	if (random_below(&a->random, 2))
		sync_file(a, file, fd, random_below(&a->random, 2));
	lkl_sys_close(fd);
}

static bool is_synced(const struct file *f)
{
	return f->nr_promises && f->promises[f->nr_promises - 1].nr_steps == f->nr_changes;
}

static void overwrite(struct actor *a)
{
	bool dsync = !random_below(&a->random, 3), was_synced;
	uint32_t name, file, size, offset, len;
	int fd;

	if (!pick_name(a, false, &name))
		return;
	file = model_meaning(a->m, name);
	size = model_size(&a->m->files[file], a->m->files[file].nr_changes);
	if (!size)
		return;
	offset = random_below(&a->random, size);
	len = 1 + random_below(&a->random, size - offset);
	if (len > WRITE_MAX)
		len = WRITE_MAX;
	/* O_DSYNC does not cover earlier writes. */
	was_synced = is_synced(&a->m->files[file]);
	fd = open_path(a, a->m->names[name].path, LKL_O_RDWR | (dsync ? LKL_O_DSYNC : 0));
	write_at(a, file, fd, offset, len);
	if (dsync && was_synced)
		model_promise_file(a->m, file, now(a));
	else if (random_below(&a->random, 2))
		sync_file(a, file, fd, random_below(&a->random, 2));
	lkl_sys_close(fd);
}

static void cut_short(struct actor *a)
{
	uint32_t name, file, size, to;
	int fd;

	if (!pick_name(a, false, &name))
		return;
	file = model_meaning(a->m, name);
	size = model_size(&a->m->files[file], a->m->files[file].nr_changes);
	to = random_below(&a->random, size + 1);
	fd = open_path(a, a->m->names[name].path, LKL_O_RDWR);
	model_add_change(a->m, file, now(a), to, 0);
	check(lkl_sys_ftruncate(fd, to), "truncate", a->m->names[name].path);
	if (random_below(&a->random, 2))
		sync_file(a, file, fd, false);
	lkl_sys_close(fd);
}

/* Record that the file @name loses its only name. */
static void forget(struct actor *a, uint32_t name, uint64_t began)
{
	int64_t target = model_meaning(a->m, name);

	if (target >= 0)
		a->m->files[target].removed = began;
}

static void rename_to(struct actor *a, uint32_t from, uint32_t to)
{
	char old[160], new[160];
	int64_t target = model_meaning(a->m, from);
	uint64_t began = now(a);

	forget(a, to, began);
	model_add_meaning(a->m, to, began, target);
	model_add_meaning(a->m, from, began, NAME_ABSENT);
	kernel_path(a, a->m->names[from].path, old, sizeof(old));
	kernel_path(a, a->m->names[to].path, new, sizeof(new));
	check(lkl_sys_rename(old, new), "rename", a->m->names[from].path);
}

/* Save like an editor: at any time the name has the old or the new content. */
static void replace(struct actor *a)
{
	uint32_t old, fresh, file;
	int fd;

	if (!pick_name(a, false, &old) || !pick_name(a, true, &fresh))
		return;
	file = new_file(a, fresh, &fd);
	sync_file(a, file, fd, false);
	lkl_sys_close(fd);
	rename_to(a, fresh, old);
	if (random_below(&a->random, 2))
		sync_dir_of(a, old);
}

static void move(struct actor *a)
{
	uint32_t from, to;

	if (!pick_name(a, false, &from) || !pick_name(a, true, &to))
		return;
	rename_to(a, from, to);
	if (random_below(&a->random, 2))
		sync_dir_of(a, to);
	if (random_below(&a->random, 2))
		sync_dir_of(a, from);
}

static void remove_file(struct actor *a)
{
	char full[160];
	uint32_t name;
	uint64_t began;

	if (!pick_name(a, false, &name))
		return;
	began = now(a);
	forget(a, name, began);
	model_add_meaning(a->m, name, began, NAME_ABSENT);
	kernel_path(a, a->m->names[name].path, full, sizeof(full));
	check(lkl_sys_unlink(full), "unlink", a->m->names[name].path);
	if (random_below(&a->random, 2))
		sync_dir_of(a, name);
}

/*
 * A directory is used only when it is durable, so that names in it depend on this directory
 * only.
 */
static void make_dir(struct actor *a)
{
	char full[160], *path = a->dirs[a->nr_dirs];
	uint32_t name;
	int fd;

	if (a->nr_dirs > DIRS)
		return;
	snprintf(path, MODEL_PATH, "%s/d%u", a->top, a->nr_dirs);
	name = model_add_name(a->m, path);
	model_add_meaning(a->m, name, now(a), NAME_DIR);
	kernel_path(a, path, full, sizeof(full));
	check(lkl_sys_mkdir(full, 0755), "mkdir", path);
	fd = open_path(a, path, LKL_O_RDONLY | LKL_O_DIRECTORY);
	check(lkl_sys_fsync(fd), "fsync", path);
	lkl_sys_close(fd);
	sync_dir(a, a->top);
	a->nr_dirs++;
}

static void do_step(struct actor *a)
{
	switch (random_below(&a->random, 24)) {
	case 0 ... 4:	create(a); break;
	case 5 ... 7:	append(a); break;
	case 8 ... 11:	overwrite(a); break;
	case 12:	cut_short(a); break;
	case 13 ... 16:	replace(a); break;
	case 17 ... 18:	move(a); break;
	case 19 ... 20:	remove_file(a); break;
	case 21:	make_dir(a); break;
	case 22:	sync_all(a); break;
	case 23:	sync_dir(a, a->dirs[random_below(&a->random, a->nr_dirs)]); break;
	}
}

static void make_top_dir(struct actor *a)
{
	char full[160];
	uint32_t name;

	snprintf(a->top, sizeof(a->top), "t%u", a->m->id);
	strcpy(a->dirs[a->nr_dirs++], a->top);
	name = model_add_name(a->m, a->top);
	model_add_meaning(a->m, name, now(a), NAME_DIR);
	kernel_path(a, a->top, full, sizeof(full));
	check(lkl_sys_mkdir(full, 0755), "mkdir", a->top);
	sync_all(a);
}

static void *run_actor(void *arg)
{
	struct actor *a = arg;

	make_top_dir(a);
	while (a->steps--)
		do_step(a);
	return NULL;
}

void workload_run(const struct rig *rig, struct record_log *log, uint64_t seed,
		  unsigned int steps, struct model models[ACTORS])
{
	struct actor actors[ACTORS];
	pthread_t threads[ACTORS];

	for (unsigned int i = 0; i < ACTORS; i++) {
		models[i].id = i;
		actors[i] = (struct actor){
			.rig = rig, .log = log, .m = &models[i], .steps = steps,
			.random = { seed * ACTORS + i + 1 },
			.buf = malloc(WRITE_MAX),
		};
		if (!actors[i].buf || pthread_create(&threads[i], NULL, run_actor, &actors[i]))
			die("workload: cannot start a thread");
	}
	for (unsigned int i = 0; i < ACTORS; i++) {
		pthread_join(threads[i], NULL);
		free(actors[i].buf);
	}
}
