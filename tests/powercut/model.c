// SPDX-License-Identifier: GPL-2.0
/*
 * model.c - histories of files and names, and queries of them, see model.h
 */
#include <stdlib.h>
#include <string.h>
#include "model.h"
#include "powercut.h"

/* Make room for one more element; capacities are powers of two. */
static void *grow_array(void *array, uint32_t nr, size_t size)
{
	void *more = array;

	if (!(nr & (nr - 1)))
		more = realloc(array, (nr ? 2 * nr : 1) * size);
	if (!more)
		die("out of memory");
	memset((char *)more + nr * size, 0, size);
	return more;
}

uint32_t model_add_file(struct model *m)
{
	m->files = grow_array(m->files, m->nr_files, sizeof(*m->files));
	return m->nr_files++;
}

uint32_t model_add_name(struct model *m, const char *path)
{
	struct name *n;

	m->names = grow_array(m->names, m->nr_names, sizeof(*m->names));
	n = &m->names[m->nr_names];
	if (strlen(path) >= sizeof(n->path))
		die("%s: too long a path for the model", path);
	strcpy(n->path, path);
	model_add_meaning(m, m->nr_names, 0, NAME_ABSENT);
	return m->nr_names++;
}

void model_add_change(struct model *m, uint32_t file, uint64_t began, uint32_t offset, uint32_t len)
{
	struct file *f = &m->files[file];

	f->changes = grow_array(f->changes, f->nr_changes, sizeof(*f->changes));
	f->changes[f->nr_changes++] = (struct change){ began, offset, len };
}

void model_add_meaning(struct model *m, uint32_t name, uint64_t began, int64_t target)
{
	struct name *n = &m->names[name];

	n->meanings = grow_array(n->meanings, n->nr_meanings, sizeof(*n->meanings));
	n->meanings[n->nr_meanings++] = (struct meaning){ began, target };
}

void model_promise_file(struct model *m, uint32_t file, uint64_t at)
{
	struct file *f = &m->files[file];

	f->promises = grow_array(f->promises, f->nr_promises, sizeof(*f->promises));
	f->promises[f->nr_promises++] = (struct promise){ at, f->nr_changes };
}

void model_promise_name(struct model *m, uint32_t name, uint64_t at)
{
	struct name *n = &m->names[name];

	n->promises = grow_array(n->promises, n->nr_promises, sizeof(*n->promises));
	n->promises[n->nr_promises++] = (struct promise){ at, n->nr_meanings };
}

void model_free(struct model *m)
{
	for (uint32_t i = 0; i < m->nr_files; i++) {
		free(m->files[i].changes);
		free(m->files[i].promises);
	}
	for (uint32_t i = 0; i < m->nr_names; i++) {
		free(m->names[i].meanings);
		free(m->names[i].promises);
	}
	free(m->files);
	free(m->names);
}

int64_t model_meaning(const struct model *m, uint32_t name)
{
	const struct name *n = &m->names[name];

	return n->meanings[n->nr_meanings - 1].target;
}

uint32_t model_size(const struct file *f, uint32_t nr)
{
	uint32_t size = 0;

	for (uint32_t i = 0; i < nr; i++) {
		const struct change *c = &f->changes[i];

		if (!c->len || c->offset + c->len > size)
			size = c->offset + c->len;
	}
	return size;
}

void model_pattern(const struct model *m, uint32_t file, uint32_t change, uint32_t offset,
		   uint32_t len, char *buf)
{
	uint64_t key = random_mix((uint64_t)m->id << 56 ^ (uint64_t)file << 28 ^ change);

	for (uint32_t i = 0; i < len; i++) {
		uint32_t at = offset + i;

		buf[i] = random_mix(key + (at >> 3)) >> (at & 7) * 8;
	}
}

uint32_t model_changes_begun(const struct file *f, uint64_t tick)
{
	uint32_t nr = 0;

	while (nr < f->nr_changes && f->changes[nr].began <= tick)
		nr++;
	return nr;
}

uint32_t model_meanings_begun(const struct name *n, uint64_t tick)
{
	uint32_t nr = 0;

	while (nr < n->nr_meanings && n->meanings[nr].began <= tick)
		nr++;
	return nr;
}

static const struct promise *newest_promise(const struct promise *promises, uint32_t nr,
					    uint64_t tick)
{
	while (nr && promises[nr - 1].at > tick)
		nr--;
	return nr ? &promises[nr - 1] : NULL;
}

uint32_t model_promised(const struct promise *promises, uint32_t nr, uint64_t tick)
{
	const struct promise *p = newest_promise(promises, nr, tick);

	return p ? p->nr_steps : 0;
}

uint64_t model_promised_at(const struct promise *promises, uint32_t nr, uint64_t tick)
{
	const struct promise *p = newest_promise(promises, nr, tick);

	return p ? p->at : 0;
}
