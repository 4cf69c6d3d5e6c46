// SPDX-License-Identifier: GPL-2.0
/*
 * lvm-group.c - the members and volumes of a volume group, and their devices
 *
 * When a volume is opened, the volumes below it are mapped first, then the volume.  Mapped
 * devices stay until lvm_group_trim() finds them unused, or until the group is closed.  The
 * newest is removed first, because a device can only use devices that are older.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "lvm-volume.h"
#include "md-array.h"

#define EXTENT_MAX	(1ll << 32)	/* sectors of an extent: 2 TiB, more than LVM2 allows */
#define EXTENTS_MAX	(1ll << 32)	/* per volume: LVM2 counts extents in 32 bits */
#define SEGMENTS_MAX	65536u
#define DEPTH_MAX	16u		/* volumes on volumes; LVM2 itself needs 6 */

int lvm_damaged(const struct lvm_volume *v, const char *what)
{
	return error_set(-EUCLEAN, "%s/%s: the LVM2 metadata is damaged: %s", v->group->object,
			 v->name, what);
}

int lvm_no_memory(const struct lvm_volume *v)
{
	return error_set(-ENOMEM, "%s/%s: out of memory", v->group->object, v->name);
}

/* ---- Members ------------------------------------------------------------- */

/* Whether @text, such as "YxP5DW-TXhN-...", is the text form of the 32 characters @uuid. */
static bool same_uuid(const char *text, const char *uuid)
{
	for (; *text; text++)
		if (*text != '-' && *text != *uuid++)
			return false;
	return !*uuid;
}

static const struct lvm_member *find_member(const struct lvm_member *members, unsigned int nr,
					    const char *id)
{
	for (unsigned int i = 0; i < nr; i++)
		if (same_uuid(id, members[i].uuid))
			return &members[i];
	return NULL;
}

static unsigned int count_sections(const struct lvm_value *s)
{
	unsigned int nr = 0;

	for (const struct lvm_value *v = s ? s->child : NULL; v; v = v->next)
		nr += v->type == LVM_SECTION;
	return nr;
}

static int load_pvs(struct lvm_group *g, const struct lvm_member *members, unsigned int nr)
{
	const struct lvm_value *list = lvm_find(g->section, "physical_volumes", LVM_SECTION);

	g->pvs = calloc(count_sections(list) + 1, sizeof(*g->pvs));
	if (!g->pvs)
		return -ENOMEM;
	for (const struct lvm_value *v = list ? list->child : NULL; v; v = v->next) {
		const struct lvm_member *m;
		struct lvm_found_pv *pv;

		if (v->type != LVM_SECTION)
			continue;
		pv = &g->pvs[g->nr_pvs++];
		pv->name = v->name;
		pv->id = lvm_text(v, "id", "");
		m = find_member(members, nr, pv->id);
		pv->pe_start = lvm_number(v, "pe_start");
		pv->found = m != NULL;
		pv->dev = m ? m->dev : 0;
		pv->size = m ? m->size : 0;
		g->nr_missing += !m;
		if (pv->pe_start < 0)
			return error_set(-EUCLEAN, "%s: the LVM2 metadata is damaged: physical volume %s has no start",
					 g->object, v->name);
	}
	return 0;
}

void lvm_group_set_devices(struct lvm_group *g, const struct lvm_member *members, unsigned int nr)
{
	for (unsigned int i = 0; i < g->nr_pvs; i++) {
		const struct lvm_member *m = find_member(members, nr, g->pvs[i].id);

		if (m && g->pvs[i].found)
			g->pvs[i].dev = m->dev;
	}
}

bool lvm_group_has_member(const struct lvm_group *g, const char *uuid)
{
	for (unsigned int i = 0; i < g->nr_pvs; i++)
		if (g->pvs[i].found && same_uuid(g->pvs[i].id, uuid))
			return true;
	return false;
}

static const struct lvm_found_pv *find_pv(const struct lvm_group *g, const char *name)
{
	for (unsigned int i = 0; i < g->nr_pvs; i++)
		if (!strcmp(g->pvs[i].name, name))
			return &g->pvs[i];
	return NULL;
}

/* ---- Volumes ------------------------------------------------------------- */

struct lvm_volume *lvm_find_volume(struct lvm_group *g, const char *name)
{
	for (unsigned int i = 0; i < g->nr_volumes; i++)
		if (!strcmp(g->volumes[i].name, name))
			return &g->volumes[i];
	error_set(-EUCLEAN, "%s: the LVM2 metadata is damaged: volume %s is not described",
		  g->object, name);
	return NULL;
}

static bool is_segment(const struct lvm_value *v)
{
	return v->type == LVM_SECTION && !strncmp(v->name, "segment", 7);
}

static const struct lvm_value *first_segment(const struct lvm_value *section)
{
	const struct lvm_value *v = section->child;

	while (v && !is_segment(v))
		v = v->next;
	return v;
}

static const char *volume_type(const struct lvm_volume *v)
{
	const struct lvm_value *segment = first_segment(v->section);

	return segment ? lvm_text(segment, "type", "") : "";
}

/* Compute the size of @v; its segments must follow each other without gaps. */
static int compute_size(struct lvm_volume *v)
{
	int64_t extents = 0;
	unsigned int nr = 0;

	for (const struct lvm_value *s = v->section->child; s; s = s->next) {
		int64_t count;

		if (!is_segment(s))
			continue;
		count = lvm_number(s, "extent_count");
		if (++nr > SEGMENTS_MAX || count <= 0 || count > EXTENTS_MAX ||
		    lvm_number(s, "start_extent") != extents)
			return lvm_damaged(v, "its segments do not follow each other");
		extents += count;
		if (extents > EXTENTS_MAX)
			return lvm_damaged(v, "it is larger than any volume can be");
	}
	v->sectors = extents * v->group->extent;
	return 0;
}

/* Whether a volume is hidden from users: a pool, or a part of another volume. */
static bool is_hidden(const struct lvm_volume *v)
{
	const char *type = volume_type(v);

	return !lvm_list_has(v->section, "status", "VISIBLE") || !strcmp(type, "thin-pool") ||
	       !strcmp(type, "cache-pool") || !strcmp(type, "vdo-pool");
}

static int load_volumes(struct lvm_group *g)
{
	const struct lvm_value *list = lvm_find(g->section, "logical_volumes", LVM_SECTION);
	int rc;

	g->volumes = calloc(count_sections(list) + 1, sizeof(*g->volumes));
	if (!g->volumes)
		return -ENOMEM;
	for (const struct lvm_value *s = list ? list->child : NULL; s; s = s->next) {
		struct lvm_volume *v;

		if (s->type != LVM_SECTION)
			continue;
		v = &g->volumes[g->nr_volumes++];
		*v = (struct lvm_volume){ .group = g, .section = s, .name = s->name };
		rc = compute_size(v);
		if (rc)
			return rc;
		v->hidden = is_hidden(v);
	}
	return 0;
}

/* Pseudo-volumes like "snapshot0" connect an origin with the store of its snapshot. */
static int link_snapshots(struct lvm_group *g)
{
	for (unsigned int i = 0; i < g->nr_volumes; i++) {
		const struct lvm_value *s = first_segment(g->volumes[i].section);
		struct lvm_volume *origin, *store;

		if (!s || strcmp(lvm_text(s, "type", ""), "snapshot"))
			continue;
		origin = lvm_find_volume(g, lvm_text(s, "origin", ""));
		store = lvm_find_volume(g, lvm_text(s, "cow_store",
						    lvm_text(s, "merging_store", "")));
		if (!origin || !store)
			return -EUCLEAN;
		origin->is_origin = true;
		store->snapshot = s;
		store->hidden = false;	/* LVM2 shows it, though its metadata lack VISIBLE */
		g->volumes[i].hidden = true;
	}
	return 0;
}

bool lvm_group_volume(const struct lvm_group *g, unsigned int index, struct lvm_volume_info *info)
{
	for (unsigned int i = 0; i < g->nr_volumes; i++) {
		const struct lvm_volume *v = &g->volumes[i];
		const struct lvm_volume *as = v;

		if (v->hidden || index--)
			continue;
		if (v->snapshot)	/* as large as its origin */
			as = lvm_find_volume(v->group, lvm_text(v->snapshot, "origin", ""));
		*info = (struct lvm_volume_info){
			.name = v->name, .uuid = lvm_text(v->section, "id", ""),
			.type = v->snapshot ? "snapshot" : volume_type(v),
			.size = as->sectors * 512,
		};
		return true;
	}
	return false;
}

/* ---- Devices ------------------------------------------------------------- */

static int map_failed(const struct lvm_volume *v, int rc, const char *why)
{
	const char *object = v->group->object;

	if (rc == -ENOMEM)
		return error_set(rc, "%s/%s: the kernel cannot map the volume: it has no memory or threads left; give it more memory (--mem)",
				 object, v->name);
	return error_set(rc, "%s/%s: the kernel cannot map the volume: %s%s%s", object, v->name,
			 error_name(rc), *why ? ": " : "", why);
}

int lvm_make_device(struct lvm_volume *v, const struct mapper_target *targets, unsigned int nr,
		    uint64_t *dev)
{
	struct lvm_group *g = v->group;
	struct lvm_map *map = calloc(1, sizeof(*map));
	/*
	 * The kernel rejects read-only devices for thin pools; an option makes the pool
	 * read-only.
	 */
	bool read_only = (g->read_only && strcmp(targets->type, "thin-pool") != 0) || v->only_read;
	char why[MAPPER_WHY] = "";
	int rc = map ? 0 : -ENOMEM;

	if (!rc && !strcmp(targets->type, "raid"))
		rc = md_allow_dirty_degraded(g->k, g->degraded);
	if (!rc)
		rc = mapper_create(g->k, targets, nr, read_only ? MAPPER_READONLY : 0,
				   &map->mapper, why);
	if (rc) {
		free(map);
		return map_failed(v, rc, why);
	}
	map->volume = v;
	map->next = g->maps;
	g->maps = map;
	g->nr_maps++;
	*dev = map->mapper.dev;
	return 0;
}

int lvm_area(struct lvm_volume *v, const char *name, int64_t extent, uint64_t sectors, char *dev,
	     uint64_t *sector)
{
	struct lvm_group *g = v->group;
	const struct lvm_found_pv *pv = find_pv(g, name);
	uint64_t end;

	if (extent < 0 || extent > EXTENTS_MAX)
		return lvm_damaged(v, "an area begins on neither a volume nor a physical volume");
	*sector = extent * g->extent + (pv ? pv->pe_start : 0);
	end = *sector + sectors;
	if (!pv) {
		const struct lvm_volume *sub = lvm_find_volume(g, name);

		if (!sub)
			return -EUCLEAN;
		if (end > sub->sectors)
			return lvm_damaged(v, "an area extends beyond the end of its volume");
		return lvm_sub_device(v, name, dev);
	}
	if (!pv->found)
		return -ENXIO;
	if (end > pv->size / 512)
		return lvm_damaged(v, "an area extends beyond the end of its physical volume, which is truncated");
	mapper_dev(pv->dev, dev, LVM_DEV_TEXT);
	return 0;
}

int lvm_sub_device(struct lvm_volume *v, const char *name, char *dev)
{
	struct lvm_volume *sub = lvm_find_volume(v->group, name);
	int rc = sub ? lvm_map_data(sub) : -EUCLEAN;

	if (!rc)
		mapper_dev(sub->data_dev, dev, LVM_DEV_TEXT);
	return rc;
}

static void free_targets(struct mapper_target *targets, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		free((char *)targets[i].params);
	free(targets);
}

/* Build a table of the segments of @v and map it. */
static int build_and_map(struct lvm_volume *v)
{
	struct mapper_target *targets = calloc(count_sections(v->section) + 1, sizeof(*targets));
	unsigned int nr = 0;
	uint64_t start = 0;
	int rc = targets ? 0 : lvm_no_memory(v);

	for (const struct lvm_value *s = v->section->child; s && !rc; s = s->next) {
		struct mapper_target *t = &targets[nr];
		char *params = NULL;

		if (!is_segment(s))
			continue;
		t->start = start;
		t->len = lvm_number(s, "extent_count") * v->group->extent;
		start += t->len;
		rc = lvm_segment_target(v, s, t->len, &t->type, &params);
		t->params = params;
		if (!rc)
			nr++;
	}
	if (!rc && !nr)
		rc = lvm_damaged(v, "it has no segments");
	if (!rc)
		rc = lvm_make_device(v, targets, nr, &v->data_dev);
	free_targets(targets, nr);
	return rc;
}

int lvm_map_data(struct lvm_volume *v)
{
	int rc;

	if (v->data_dev)
		return 0;
	if (v->opening)
		return lvm_damaged(v, "it is a part of itself");
	if (v->group->depth >= DEPTH_MAX)
		return lvm_damaged(v, "volumes are nested too deeply");
	v->opening = true;
	v->group->depth++;
	rc = build_and_map(v);
	v->group->depth--;
	v->opening = false;
	return rc;
}

/* Map an origin with its snapshots, which must see writes to the origin. */
static int map_origin(struct lvm_volume *v)
{
	struct lvm_group *g = v->group;
	char dev[LVM_DEV_TEXT];
	struct mapper_target t = { .len = v->sectors, .type = "snapshot-origin", .params = dev };

	for (unsigned int i = 0; i < g->nr_volumes; i++) {
		struct lvm_volume *s = &g->volumes[i];
		int rc;

		if (!s->snapshot || s->dev || strcmp(lvm_text(s->snapshot, "origin", ""), v->name))
			continue;
		rc = lvm_map_snapshot(s, &s->dev);
		if (rc)
			return rc;
	}
	mapper_dev(v->data_dev, dev, sizeof(dev));
	return lvm_make_device(v, &t, 1, &v->dev);
}

int lvm_volume_open(struct lvm_group *g, unsigned int index, uint64_t *dev)
{
	struct lvm_volume *v = NULL;
	int rc;

	for (unsigned int i = 0; i < g->nr_volumes && !v; i++)
		if (!g->volumes[i].hidden && !index--)
			v = &g->volumes[i];
	if (!v)
		return error_set(-ENOENT, "%s: there is no such volume", g->object);
	rc = v->dev ? 0 : lvm_map_data(v);
	if (!rc && !v->dev) {
		if (v->snapshot)
			rc = lvm_map_snapshot(v, &v->dev);
		else if (v->is_origin && !g->read_only)
			rc = map_origin(v);
		else
			v->dev = v->data_dev;
	}
	*dev = v->dev;
	return rc;
}

/*
 * Whether @map is a snapshot whose origin is mapped for writing: the snapshot must see these
 * writes even if it is not open.
 */
static bool serves_origin(const struct lvm_map *map)
{
	const struct lvm_volume *v = map->volume;
	const struct lvm_volume *origin;

	if (!v->snapshot || v->group->read_only)
		return false;
	origin = lvm_find_volume(v->group, lvm_text(v->snapshot, "origin", ""));
	return !origin || (origin->dev && origin->dev != origin->data_dev);
}

static void forget_device(struct lvm_volume *v, uint64_t dev)
{
	if (v->dev == dev)
		v->dev = 0;
	if (v->data_dev == dev)
		v->data_dev = 0;
}

void lvm_group_trim(struct lvm_group *g)
{
	for (struct lvm_map **p = &g->maps, *map; (map = *p);) {
		if (serves_origin(map) || mapper_remove_unused(&map->mapper)) {
			p = &map->next;
			continue;
		}
		forget_device(map->volume, map->mapper.dev);
		*p = map->next;
		free(map);
		g->nr_maps--;
	}
}

unsigned int lvm_group_mapped(const struct lvm_group *g)
{
	return g->nr_maps;
}

/* ---- The group ----------------------------------------------------------- */

/* The section of the group, which is the only section at the top level of the text. */
static const struct lvm_value *group_section(const struct lvm_config *config)
{
	const struct lvm_value *v = lvm_config_root(config)->child;

	while (v && v->type != LVM_SECTION)
		v = v->next;
	return v;
}

static int load_group(struct lvm_group *g, const char *text, size_t len,
		      const struct lvm_member *members, unsigned int nr)
{
	unsigned int line;
	int64_t extent;
	int rc = lvm_config_parse(text, len, &g->config, &line);

	if (rc == -ENOMEM)
		return rc;
	if (rc)
		return error_set(-EUCLEAN, "%s: syntax error in line %u of the LVM2 metadata",
				 g->object, line);
	g->section = group_section(g->config);
	extent = lvm_number(g->section, "extent_size");
	if (!g->section || extent <= 0 || extent > EXTENT_MAX)
		return error_set(-EUCLEAN, "%s: the LVM2 metadata describes no volume group",
				 g->object);
	g->name = g->section->name;
	g->extent = extent;
	rc = load_pvs(g, members, nr);
	if (!rc)
		rc = load_volumes(g);
	return rc ? rc : link_snapshots(g);
}

static void group_free(struct lvm_group *g)
{
	lvm_config_free(g->config);
	free(g->pvs);
	free(g->volumes);
	free(g->object);
	free(g);
}

int64_t lvm_group_identify(const char *text, size_t len, char *uuid, size_t room)
{
	struct lvm_config *config;
	const struct lvm_value *v;
	unsigned int line;
	int64_t seqno = -1;

	*uuid = '\0';
	if (!text || lvm_config_parse(text, len, &config, &line))
		return -1;
	for (v = lvm_config_root(config)->child; v && seqno < 0; v = v->next) {
		if (v->type != LVM_SECTION)
			continue;
		seqno = lvm_number(v, "seqno");
		snprintf(uuid, room, "%s", lvm_text(v, "id", ""));
	}
	lvm_config_free(config);
	return seqno;
}

int lvm_group_open(struct anyfs_kernel *k, const char *text, size_t len,
		   const struct lvm_member *members, unsigned int nr, const char *object,
		   bool read_only, bool degraded, struct lvm_group **group)
{
	struct lvm_group *g = calloc(1, sizeof(*g));
	int rc;

	if (!g)
		return error_set(-ENOMEM, "%s: out of memory", object);
	g->k = k;
	g->read_only = read_only;
	g->degraded = degraded;
	g->object = strdup(object);
	rc = g->object ? load_group(g, text, len, members, nr) : -ENOMEM;
	if (rc) {
		if (rc == -ENOMEM)
			error_set(rc, "%s: out of memory", object);
		group_free(g);
		return rc;
	}
	*group = g;
	return 0;
}

int lvm_group_close(struct lvm_group *g)
{
	int rc = 0;

	if (!g)
		return 0;
	while (g->maps) {
		struct lvm_map *map = g->maps;
		int err = mapper_remove(&map->mapper);

		if (err && !rc)
			rc = error_set(err, "%s: one of its volumes cannot be closed: %s",
				       g->object, error_name(err));
		g->maps = map->next;
		free(map);
	}
	group_free(g);
	return rc;
}

const char *lvm_group_name(const struct lvm_group *g)
{
	return g->name;
}

const char *lvm_group_uuid(const struct lvm_group *g)
{
	return lvm_text(g->section, "id", "");
}

unsigned int lvm_group_missing(const struct lvm_group *g)
{
	return g->nr_missing;
}
