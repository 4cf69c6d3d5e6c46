// SPDX-License-Identifier: GPL-2.0
/*
 * lvm-table.c - segments of LVM2 volumes as targets of the device mapper
 *
 * Each type of segment has a function that writes the parameters of its target.  The
 * tables equal those that LVM2 loads; Documentation/admin-guide/device-mapper describes
 * the parameters.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "lvm-volume.h"

#define AREAS_MAX	256u		/* stripes, legs or images of one segment */

/* Argument of the functions build_*(), which write the parameters of a segment to out. */
struct build {
	struct lvm_volume *v;
	const struct lvm_value *s;	/* the segment */
	uint64_t len;			/* sectors */
	const char *target;		/* target type of the mapper; the function may change it */
	FILE *out;
};

static unsigned int count_values(const struct lvm_value *list)
{
	unsigned int nr = 0;

	for (const struct lvm_value *v = list ? list->child : NULL; v; v = v->next)
		nr++;
	return nr;
}

static int missing_member(const struct build *b)
{
	return error_set(-ENXIO, "%s/%s: physical volumes that it needs are missing; --degraded opens volumes that work without them",
			 b->v->group->object, b->v->name);
}

/* Get the device of the sub-volume that the value @key names. */
static int sub_device(const struct build *b, const char *key, char *dev)
{
	const char *name = lvm_text(b->s, key, NULL);
	int rc;

	if (!name)
		return lvm_damaged(b->v, "a segment does not name the volume below it");
	rc = lvm_sub_device(b->v, name, dev);
	return rc == -ENXIO ? missing_member(b) : rc;
}

/* Get a positive number of sectors or bytes that fits into 32 bits. */
static int get_u32(const struct build *b, const struct lvm_value *s, const char *key,
		   unsigned int *value)
{
	int64_t n = lvm_number(s, key);

	if (n <= 0 || n > UINT32_MAX)
		return lvm_damaged(b->v, "a segment lacks a size");
	*value = n;
	return 0;
}

/* ---- Areas: stripes and legs ------------------------------------------------ */

/* Write " DEV SECTOR" for each pair (name, extent) of @list; each area has @sectors. */
static int write_areas(const struct build *b, const struct lvm_value *list, uint64_t sectors)
{
	const struct lvm_value *name = list->child;
	char dev[LVM_DEV_TEXT];
	uint64_t sector;

	for (; name; name = name->next->next) {
		int rc;

		if (name->type != LVM_TEXT || !name->next || name->next->type != LVM_NUMBER)
			return lvm_damaged(b->v, "an area is not a pair of a name and a number");
		rc = lvm_area(b->v, name->text, name->next->number, sectors, dev, &sector);
		if (rc)
			return rc == -ENXIO ? missing_member(b) : rc;
		fprintf(b->out, " %s %" PRIu64, dev, sector);
	}
	return 0;
}

static int build_striped(struct build *b)
{
	const struct lvm_value *list = lvm_find(b->s, "stripes", LVM_LIST);
	unsigned int nr = count_values(list) / 2, stripe = 0;
	int rc;

	if (!nr || nr > AREAS_MAX || b->len % nr)
		return lvm_damaged(b->v, "its size is not a multiple of the number of stripes");
	if (nr == 1)
		return write_areas(b, list, b->len);
	rc = get_u32(b, b->s, "stripe_size", &stripe);
	if (rc)
		return rc;
	b->target = "striped";
	fprintf(b->out, "%u %u", nr, stripe);
	return write_areas(b, list, b->len / nr);
}

/*
 * Write " DEV SECTOR" for the leg (name, extent) at @name.  -ENXIO without error text: it is
 * missing.
 */
static int write_leg(const struct build *b, FILE *out, const struct lvm_value *name)
{
	char dev[LVM_DEV_TEXT];
	uint64_t sector;
	int rc;

	if (name->type != LVM_TEXT || !name->next || name->next->type != LVM_NUMBER)
		return lvm_damaged(b->v, "an area is not a pair of a name and a number");
	rc = lvm_area(b->v, name->text, name->next->number, b->len, dev, &sector);
	if (!rc)
		fprintf(out, " %s %" PRIu64, dev, sector);
	return rc;
}

/* Write the present legs to @out.  Returns their number, or -errno with error text. */
static int write_legs(const struct build *b, FILE *out, const struct lvm_value *list)
{
	const struct lvm_group *g = b->v->group;
	unsigned int there = 0, missing = 0;

	for (const struct lvm_value *name = list->child; name; name = name->next->next) {
		int rc = write_leg(b, out, name);

		if (rc && rc != -ENXIO)
			return rc;
		missing += rc == -ENXIO;
		there += !rc;
	}
	if (missing && (!there || !g->degraded))
		return missing_member(b);
	/* Unlike RAID 1, a mirror has no record of stale legs. */
	b->v->only_read = b->v->only_read || missing;
	return there;
}

static int mirror_params(struct build *b, unsigned int nr, const char *legs)
{
	unsigned int region = 0;
	char log[LVM_DEV_TEXT];
	int rc = get_u32(b, b->s, "region_size", &region);

	if (rc)
		return rc;
	if (nr == 1) {		/* the kernel has no mirror of one leg */
		b->target = "linear";
		fputs(legs + 1, b->out);
		return 0;
	}
	if (!b->v->group->read_only && lvm_find(b->s, "mirror_log", LVM_TEXT)) {
		rc = sub_device(b, "mirror_log", log);
		if (rc)
			return rc;
		fprintf(b->out, "disk 2 %s %u %u%s", log, region, nr, legs);
	} else {
		/* Without "nosync" the kernel would copy one leg over the others. */
		fprintf(b->out, "core 2 %u nosync %u%s", region, nr, legs);
	}
	return 0;
}

static int build_mirror(struct build *b)
{
	const struct lvm_value *list = lvm_find(b->s, "mirrors", LVM_LIST);
	unsigned int nr = count_values(list) / 2;
	char *legs = NULL;
	size_t size;
	FILE *out;
	int rc;

	if (!nr || nr > AREAS_MAX)
		return lvm_damaged(b->v, "a mirror has no legs");
	out = open_memstream(&legs, &size);
	if (!out)
		return lvm_no_memory(b->v);
	rc = write_legs(b, out, list);
	if (fclose(out) && rc > 0)
		rc = lvm_no_memory(b->v);
	if (rc > 0)
		rc = mirror_params(b, rc, legs);
	free(legs);
	return rc;
}

/* ---- RAID ------------------------------------------------------------------- */

/* Write the device of the image @name, or "-" if it is missing and that is allowed. */
static int write_image(const struct build *b, const struct lvm_value *name)
{
	char dev[LVM_DEV_TEXT];
	int rc;

	if (!name || name->type != LVM_TEXT)
		return lvm_damaged(b->v, "a RAID does not list its images");
	rc = lvm_sub_device(b->v, name->text, dev);
	if (rc == -ENXIO)
		return b->v->group->degraded ? fputs(" -", b->out), 0 : missing_member(b);
	if (!rc)
		fprintf(b->out, " %s", dev);
	return rc;
}

static const char *raid_kind(const char *type)
{
	if (!strcmp(type, "raid5"))
		return "raid5_ls";
	if (!strcmp(type, "raid6"))
		return "raid6_zr";
	return type;
}

static int build_raid(struct build *b)
{
	const char *type = lvm_text(b->s, "type", "");
	bool bare = !strcmp(type, "raid0");	/* images without metadata */
	const struct lvm_value *list = lvm_find(b->s, bare ? "raid0_lvs" : "raids", LVM_LIST);
	unsigned int nr = count_values(list) / (bare ? 1 : 2);
	int64_t stripe = lvm_number(b->s, "stripe_size"), region = lvm_number(b->s, "region_size");
	int64_t copies = lvm_number(b->s, "data_copies");
	const struct lvm_value *name;
	bool ten = !strncmp(type, "raid10", 6), has_region = region > 0 && !bare;
	int rc = 0;

	if (!nr || nr > AREAS_MAX || (!bare && count_values(list) % 2))
		return lvm_damaged(b->v, "a RAID has no images");
	fprintf(b->out, "%s %u %" PRId64, raid_kind(type),
		1 + 2 * (has_region + (ten && copies > 0)), stripe > 0 ? stripe : 0);
	if (has_region)
		fprintf(b->out, " region_size %" PRId64, region);
	if (ten && copies > 0)
		fprintf(b->out, " raid10_copies %" PRId64, copies);
	fprintf(b->out, " %u", nr);
	for (name = list->child; name && !rc; name = name->next) {
		if (bare)
			fputs(" -", b->out);
		rc = write_image(b, name);
	}
	b->target = "raid";
	return rc;
}

/* ---- Thin pools ------------------------------------------------------------- */

static int build_thin_pool(struct build *b)
{
	const char *discards = lvm_text(b->s, "discards", "passdown");
	char meta[LVM_DEV_TEXT], data[LVM_DEV_TEXT], features[80] = "";
	unsigned int chunk = 0, nr = 0;
	int rc = get_u32(b, b->s, "chunk_size", &chunk);

	if (!rc)
		rc = sub_device(b, "metadata", meta);
	if (!rc)
		rc = sub_device(b, "pool", data);
	if (rc)
		return rc;
	if (lvm_number(b->s, "zero_new_blocks") <= 0) {
		strcat(features, " skip_block_zeroing");
		nr++;
	}
	if (!strcmp(discards, "ignore") || !strcmp(discards, "nopassdown")) {
		strcat(features, *discards == 'i' ? " ignore_discard" : " no_discard_passdown");
		nr++;
	}
	if (b->v->group->read_only) {
		strcat(features, " read_only");
		nr++;
	}
	fprintf(b->out, "%s %s %u 0 %u%s", meta, data, chunk, nr, features);
	return 0;
}

static int build_thin(struct build *b)
{
	int64_t id = lvm_number(b->s, "device_id");
	char pool[LVM_DEV_TEXT], origin[LVM_DEV_TEXT];
	int rc = sub_device(b, "thin_pool", pool);

	if (rc)
		return rc;
	if (id < 0 || id >= 1 << 24)	/* dm-thin.c: MAX_DEV_ID */
		return lvm_damaged(b->v, "a thin volume has no valid device number");
	fprintf(b->out, "%s %" PRId64, pool, id);
	if (!lvm_find(b->s, "external_origin", LVM_TEXT))
		return 0;
	rc = sub_device(b, "external_origin", origin);
	if (!rc)
		fprintf(b->out, " %s", origin);
	return rc;
}

/* ---- Caches ----------------------------------------------------------------- */

/* Map a part of a volume that holds both data and metadata of a cache. */
static int map_pool_part(const struct build *b, const char *store, const char *start_key,
			 const char *len_key, char *dev)
{
	int64_t start = lvm_number(b->s, start_key), len = lvm_number(b->s, len_key);
	char params[2 * LVM_DEV_TEXT];
	struct mapper_target t = { .type = "linear", .params = params };
	uint64_t made;
	int rc;

	if (start < 0 || len <= 0)
		return lvm_damaged(b->v, "a cache does not name its cache pool or volume");
	t.len = len;
	snprintf(params, sizeof(params), "%s %" PRId64, store, start);
	rc = lvm_make_device(b->v, &t, 1, &made);
	if (!rc)
		mapper_dev(made, dev, LVM_DEV_TEXT);
	return rc;
}

/*
 * The segment of the cache pool that @b's segment names; for a cache on a plain volume,
 * @b's own segment.
 */
static const struct lvm_value *pool_segment(const struct build *b)
{
	const char *name = lvm_text(b->s, "cache_pool", "");
	const struct lvm_volume *pool;
	const struct lvm_value *s;

	if (lvm_find(b->s, "metadata_start", LVM_NUMBER))
		return b->s;
	pool = lvm_find_volume(b->v->group, name);
	s = pool ? lvm_find(pool->section, "segment1", LVM_SECTION) : NULL;
	return s ? s : b->s;
}

static int cache_devices(const struct build *b, const struct lvm_value *pool, char *meta,
			 char *data)
{
	struct build of_pool = *b;
	char store[LVM_DEV_TEXT];
	int rc;

	if (pool != b->s) {
		of_pool.s = pool;
		rc = sub_device(&of_pool, "metadata", meta);
		return rc ? rc : sub_device(&of_pool, "data", data);
	}
	rc = sub_device(b, "cache_pool", store);
	if (!rc)
		rc = map_pool_part(b, store, "metadata_start", "metadata_len", meta);
	return rc ? rc : map_pool_part(b, store, "data_start", "data_len", data);
}

static int build_cache(struct build *b)
{
	const struct lvm_value *pool = pool_segment(b);
	char meta[LVM_DEV_TEXT], data[LVM_DEV_TEXT], origin[LVM_DEV_TEXT];
	bool second = lvm_number(pool, "metadata_format") == 2;
	const char *mode = lvm_text(pool, "cache_mode", "writethrough");
	unsigned int chunk = 0;
	int rc = get_u32(b, pool, "chunk_size", &chunk);

	if (!rc && strcmp(mode, "writethrough") && strcmp(mode, "writeback") &&
	    strcmp(mode, "passthrough"))
		rc = lvm_damaged(b->v, "a cache has no mode");
	if (!rc)
		rc = cache_devices(b, pool, meta, data);
	if (!rc)
		rc = sub_device(b, "origin", origin);
	if (!rc)
		fprintf(b->out, "%s %s %s %u %u%s %s smq 0", meta, data, origin, chunk,
			second ? 2 : 1, second ? " metadata2" : "", mode);
	return rc;
}

static int build_writecache(struct build *b)
{
	char origin[LVM_DEV_TEXT], cache[LVM_DEV_TEXT];
	unsigned int block = 0;
	int rc = get_u32(b, b->s, "writecache_block_size", &block);

	if (!rc)
		rc = sub_device(b, "origin", origin);
	if (!rc)
		rc = sub_device(b, "writecache", cache);
	if (!rc)
		fprintf(b->out, "s %s %s %u 0", origin, cache, block);
	return rc;
}

/* ---- Other types of segments --------------------------------------------------------------- */

static int build_integrity(struct build *b)
{
	const char *hash = lvm_text(b->s, "internal_hash", "crc32c");
	const char *mode = lvm_text(b->s, "mode", "J");
	char origin[LVM_DEV_TEXT], meta[LVM_DEV_TEXT];
	unsigned int tag = 0, block = 0;
	int rc = get_u32(b, b->s, "tag_size", &tag);

	if (!rc)
		rc = get_u32(b, b->s, "block_size", &block);
	if (!rc)
		rc = sub_device(b, "origin", origin);
	if (!rc)
		rc = sub_device(b, "meta_dev", meta);
	if (!rc && (strlen(mode) != 1 || strpbrk(hash, " \t\n")))
		rc = lvm_damaged(b->v, "an integrity segment is invalid");
	if (!rc)
		fprintf(b->out, "%s 0 %u %s 3 block_size:%u internal_hash:%s meta_device:%s",
			origin, tag, mode, block, hash, meta);
	return rc;
}

static int build_nothing(struct build *b)
{
	return 0;
}

static const struct segment_type {
	const char *name;		/* a prefix if it ends in '*' */
	const char *target;
	int (*build)(struct build *b);
} types[] = {
	{ "striped", "linear", build_striped },
	{ "linear", "linear", build_striped },
	{ "mirror", "mirror", build_mirror },
	{ "raid*", "raid", build_raid },
	{ "thin-pool", "thin-pool", build_thin_pool },
	{ "thin", "thin", build_thin },
	{ "cache", "cache", build_cache },
	{ "writecache", "writecache", build_writecache },
	{ "integrity", "integrity", build_integrity },
	{ "error", "error", build_nothing },
	{ "zero", "zero", build_nothing },
};

static const struct segment_type *find_type(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		size_t len = strcspn(types[i].name, "*");

		if (types[i].name[len] ? !strncmp(types[i].name, name, len) :
					 !strcmp(types[i].name, name))
			return &types[i];
	}
	return NULL;
}

int lvm_segment_target(struct lvm_volume *v, const struct lvm_value *segment, uint64_t len,
		       const char **type, char **params)
{
	const char *name = lvm_text(segment, "type", "");
	const struct segment_type *t = find_type(name);
	struct build b = { .v = v, .s = segment, .len = len };
	size_t size;
	int rc;

	if (!t)
		return error_set(-EOPNOTSUPP, "%s/%s: segments of type \"%s\" are not supported",
				 v->group->object, v->name, name);
	b.target = t->target;
	b.out = open_memstream(params, &size);
	if (!b.out)
		return lvm_no_memory(v);
	rc = t->build(&b);
	if (fclose(b.out) && !rc)
		rc = lvm_no_memory(v);
	if (rc) {
		free(*params);
		*params = NULL;
	}
	*type = b.target;
	return rc;
}

int lvm_map_snapshot(struct lvm_volume *v, uint64_t *dev)
{
	struct build b = { .v = v, .s = v->snapshot };
	char origin[LVM_DEV_TEXT], store[LVM_DEV_TEXT], params[3 * LVM_DEV_TEXT];
	struct mapper_target t = { .type = "snapshot", .params = params };
	const struct lvm_volume *of;
	unsigned int chunk = 0;
	int rc = get_u32(&b, v->snapshot, "chunk_size", &chunk);

	if (!rc)
		rc = sub_device(&b, "origin", origin);
	if (!rc)
		rc = lvm_map_data(v);
	if (rc)
		return rc;
	of = lvm_find_volume(v->group, lvm_text(v->snapshot, "origin", ""));
	t.len = of->sectors;
	mapper_dev(v->data_dev, store, sizeof(store));
	snprintf(params, sizeof(params), "%s %s P %u", origin, store, chunk);
	return lvm_make_device(v, &t, 1, dev);
}
