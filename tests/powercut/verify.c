// SPDX-License-Identifier: GPL-2.0
/*
 * verify.c - check that a tree keeps the promises that were made before a tick
 *
 * A name may refer to the file of its last promise or to any later one.  Each sector of a file
 * may have the content of the last promise or of any later change.  Other content is garbled.
 * If no later change has begun, a difference from the promise is a loss.  A file that was durable
 * and never removed must have a name.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <anyfs.h>
#include <lkl.h>
#include <lkl/linux/stat.h>
#include "powercut.h"

struct found_entry {
	char path[MODEL_PATH];
	bool is_dir;
	bool in_model;			/* the model has the name */
	long error;			/* of reading it */
	uint32_t size;
	char *data;
};

struct check {
	const struct recording *rec;
	const char *root;
	uint64_t tick;
	struct verdict *v;
	struct found_entry *found;
	size_t nr;
	char *want;			/* MODEL_FILE_MAX bytes */
	bool *ok;			/* one for each sector */
	char why[160];			/* why the found content matches no file */
};

static void __attribute__((format(printf, 3, 4)))
report_error(struct check *c, unsigned int *count, const char *fmt, ...)
{
	va_list ap;

	if (!c->v->lost && !c->v->garbled) {
		va_start(ap, fmt);
		vsnprintf(c->v->first, sizeof(c->v->first), fmt, ap);
		va_end(ap);
	}
	++*count;
}

/* ---- read the tree ---- */

static void read_file(struct check *c, struct found_entry *f, const char *full)
{
	long fd = lkl_sys_open(full, LKL_O_RDONLY, 0), n;

	f->data = malloc(MODEL_FILE_MAX);
	if (!f->data)
		die("out of memory");
	if (fd < 0) {
		f->error = fd;
		return;
	}
	while ((n = lkl_sys_read(fd, f->data + f->size, MODEL_FILE_MAX - f->size)) > 0)
		f->size += n;
	f->error = n;
	lkl_sys_close(fd);
	if (n < 0)
		report_error(c, &c->v->garbled, "%s: cannot be read: %s", f->path, strerrordesc_np(-n));
}

static void list_dir(struct check *c, const char *dir);

static void add_found(struct check *c, const char *dir, const char *name, unsigned char type)
{
	char full[200], path[MODEL_PATH];
	struct found_entry *f;

	if (snprintf(path, sizeof(path), "%s%s%s", dir, *dir ? "/" : "", name) >= (int)sizeof(path)) {
		report_error(c, &c->v->garbled, "%.60s: a name that never existed", name);
		return;
	}
	c->found = realloc(c->found, (c->nr + 1) * sizeof(*c->found));
	if (!c->found)
		die("out of memory");
	f = &c->found[c->nr++];
	memset(f, 0, sizeof(*f));
	strcpy(f->path, path);
	f->is_dir = type == 4;		/* DT_DIR */
	snprintf(full, sizeof(full), "%s/%s", c->root, path);
	if (f->is_dir)
		list_dir(c, path);
	else
		read_file(c, f, full);
}

static void list_dir(struct check *c, const char *dir)
{
	struct lkl_linux_dirent64 *e;
	char full[200], buf[4096];
	long fd, n;

	snprintf(full, sizeof(full), "%s/%s", c->root, dir);
	fd = lkl_sys_open(full, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	while (fd >= 0 && (n = lkl_sys_getdents64(fd, (void *)buf, sizeof(buf))) > 0) {
		for (long pos = 0; pos < n; pos += e->d_reclen) {
			e = (void *)(buf + pos);
			if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..") &&
			    (*dir || strcmp(e->d_name, "lost+found")))
				add_found(c, dir, e->d_name, e->d_type);
		}
	}
	if (fd < 0 || n < 0)
		report_error(c, &c->v->garbled, "%s: cannot be listed: %s", dir,
			 strerrordesc_np(fd < 0 ? -fd : -n));
	if (fd >= 0)
		lkl_sys_close(fd);
}

static struct found_entry *find_entry(struct check *c, const char *path)
{
	for (size_t i = 0; i < c->nr; i++)
		if (!strcmp(c->found[i].path, path))
			return &c->found[i];
	return NULL;
}

/* ---- files ---- */

static void apply_change(const struct model *m, uint32_t file, uint32_t change, char *data)
{
	const struct change *c = &m->files[file].changes[change];

	if (c->len)
		model_pattern(m, file, change, c->offset, c->len, data + c->offset);
	else
		memset(data + c->offset, 0, MODEL_FILE_MAX - c->offset);
}

/* Mark sectors in [from, to) that equal @want or, with @zeroes, may still be unwritten. */
static void mark_ok(struct check *c, const struct found_entry *f, uint32_t from, uint32_t to,
			 bool zeroes)
{
	static const char none[SECTOR];

	for (uint32_t at = from / SECTOR * SECTOR; at < to && at < f->size; at += SECTOR) {
		uint32_t len = f->size - at < SECTOR ? f->size - at : SECTOR;

		if (!memcmp(f->data + at, c->want + at, len) ||
		    (zeroes && !memcmp(f->data + at, none, len)) ||
		    (zeroes && !c->rec->fs->ordered))
			c->ok[at / SECTOR] = true;
	}
}

/*
 * Whether the found content can be @file: promised steps are applied, later steps may be.
 * Space that a later step has allocated may still be zero.
 */
static bool matches_file(struct check *c, const struct model *m, uint32_t file,
			 const struct found_entry *f)
{
	const struct file *hist = &m->files[file];
	uint32_t sure = model_promised(hist->promises, hist->nr_promises, c->tick);
	uint32_t begun = model_changes_begun(hist, c->tick);
	uint32_t size = model_size(hist, sure), least = size, most = size;

	memset(c->want, 0, MODEL_FILE_MAX);
	memset(c->ok, 0, MODEL_FILE_MAX / SECTOR);
	for (uint32_t i = 0; i < sure; i++)
		apply_change(m, file, i, c->want);
	mark_ok(c, f, 0, MODEL_FILE_MAX, false);
	for (uint32_t i = sure; i < begun; i++) {
		const struct change *ch = &hist->changes[i];

		size = model_size(hist, i + 1);
		least = size < least ? size : least;
		most = size > most ? size : most;
		apply_change(m, file, i, c->want);
		mark_ok(c, f, ch->offset, ch->len ? ch->offset + ch->len : MODEL_FILE_MAX, true);
	}
	if (f->size < least || f->size > most) {
		snprintf(c->why, sizeof(c->why), "file %u has %u to %u bytes", file, least, most);
		return false;
	}
	for (uint32_t s = 0; s < (f->size + SECTOR - 1) / SECTOR; s++) {
		if (c->ok[s])
			continue;
		snprintf(c->why, sizeof(c->why), "file %u (%u bytes, steps %u to %u) has other bytes at %u",
			 file, size, sure, begun, s * SECTOR);
		return false;
	}
	return true;
}

/* ---- names ---- */

static bool matches_meaning(struct check *c, const struct model *m, int64_t target,
			    const struct found_entry *f)
{
	if (target == NAME_ABSENT)
		return !f;
	if (target == NAME_DIR)
		return f && f->is_dir;
	return f && !f->is_dir && !f->error && matches_file(c, m, target, f);
}

static const char *describe_entry(const struct found_entry *f, char *buf, size_t len)
{
	if (!f)
		return "nothing";
	if (f->is_dir)
		return "a directory";
	snprintf(buf, len, "a file of %u bytes", f->size);
	return buf;
}

/* Check one name; adds each file that its content may come from to @seen. */
static void check_name(struct check *c, const struct model *m, const struct name *n, bool *seen)
{
	struct found_entry *f = find_entry(c, n->path);
	uint32_t sure = model_promised(n->promises, n->nr_promises, c->tick);
	uint32_t begun = model_meanings_begun(n, c->tick);
	uint32_t first = sure ? sure - 1 : 0;
	bool matched = false;
	char buf[64];

	c->v->promises += sure > 0;
	if (f)
		f->in_model = true;
	*c->why = '\0';
	for (uint32_t i = first; i < begun; i++) {
		int64_t target = n->meanings[i].target;

		if (!matches_meaning(c, m, target, f))
			continue;
		matched = true;
		if (target >= 0)
			seen[target] = true;
	}
	if (matched)
		return;
	report_error(c, begun - first == 1 && sure ? &c->v->lost : &c->v->garbled,
		 "%s: meaning %u to %u (began at %llu, promised at %llu) is %s; found %s; %s", n->path,
		 first, begun - 1, (unsigned long long)n->meanings[begun - 1].began,
		 (unsigned long long)model_promised_at(n->promises, n->nr_promises, c->tick),
		 n->meanings[begun - 1].target == NAME_ABSENT ? "nothing" :
		 n->meanings[begun - 1].target == NAME_DIR ? "a directory" : "a file",
		 describe_entry(f, buf, sizeof(buf)), c->why);
}

/* Whether a name that was synced before the cut referred to @file. */
static bool is_durable(const struct check *c, const struct model *m, uint32_t file)
{
	for (uint32_t i = 0; i < m->nr_names; i++) {
		const struct name *n = &m->names[i];

		for (uint32_t k = 0; k < n->nr_promises && n->promises[k].at <= c->tick; k++)
			if (n->meanings[n->promises[k].nr_steps - 1].target == file)
				return true;
	}
	return false;
}

static bool is_removed(const struct check *c, const struct file *f)
{
	return f->removed && f->removed <= c->tick;
}

static void check_model(struct check *c, const struct model *m)
{
	bool *seen = calloc(m->nr_files + 1, sizeof(*seen));

	if (!seen)
		die("out of memory");
	for (uint32_t i = 0; i < m->nr_names; i++)
		check_name(c, m, &m->names[i], seen);
	for (uint32_t i = 0; i < m->nr_files; i++) {
		const struct file *f = &m->files[i];

		c->v->promises += model_promised(f->promises, f->nr_promises, c->tick) > 0;
		/* Skip files without synced content: they may be empty, so not identifiable. */
		if (!seen[i] && !is_removed(c, f) && is_durable(c, m, i) &&
		    model_promised(f->promises, f->nr_promises, c->tick))
			report_error(c, &c->v->lost, "t%u: file %u was durable and has no name",
				 m->id, i);
	}
	free(seen);
}

void verify_tree(const struct recording *rec, const char *root, uint64_t tick, struct verdict *v)
{
	struct check c = {
		.rec = rec, .root = root, .tick = tick, .v = v,
		.want = malloc(MODEL_FILE_MAX),
		.ok = calloc(MODEL_FILE_MAX / SECTOR, sizeof(bool)),
	};

	if (!c.want || !c.ok)
		die("out of memory");
	memset(v, 0, sizeof(*v));
	list_dir(&c, "");
	for (int i = 0; i < ACTORS; i++)
		check_model(&c, &rec->models[i]);
	for (size_t i = 0; i < c.nr; i++) {
		if (!c.found[i].in_model)
			report_error(&c, &v->garbled, "%s: a name that never existed", c.found[i].path);
		free(c.found[i].data);
	}
	free(c.found);
	free(c.want);
	free(c.ok);
}
