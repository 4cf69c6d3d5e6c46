// SPDX-License-Identifier: GPL-2.0
/*
 * host.c - joins lib/crypt and the LVM2 reader of lib/image to a JavaScript host; array.c does
 * the same for arrays
 *
 * Keys are derived in a separate instance, so that its memory is freed afterwards; the host
 * copies the unlocked volume from there to the instance that maps devices.  Device numbers and
 * sizes cross as doubles, which are exact up to 2^53.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "crypt-source.h"
#include "crypt-tags.h"
#include "error.h"
#include "internal.h"
#include "lvm-label.h"
#include "opened.h"

/* Returns milliseconds of a clock that never goes back. */
IMPORT(now) double js_now(void);
IMPORT(random) void js_random(void *buf, size_t len);

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	double ms = js_now();

	ts->tv_sec = ms / 1000;
	ts->tv_nsec = (ms - ts->tv_sec * 1000.0) * 1e6;
	return 0;
}

/* For the hash tables of json-c. */
int json_c_get_random_seed(void)
{
	int seed;

	js_random(&seed, sizeof(seed));
	return seed;
}

static struct device device_of(double dev, double size)
{
	return (struct device){ .dev = dev, .size = size, .block = 512, .fd = -1 };
}

static struct opened *opened;

void add_opened(struct opened *o)
{
	o->next = opened;
	opened = o;
}

/* ---- Encrypted volumes ------------------------------------------------------------ */

static struct crypt_volume volume;	/* the host copies it between instances */

/*
 * Find the key of a LUKS volume or, with @bitlocker, of a BitLocker volume.  @memory (KiB) and
 * @seconds limit key derivation; 0: the default.  Returns 0 or -errno with a text.
 */
EXPORT(unlock)
int volumes_unlock(int bitlocker, double dev, double size, const void *secret, size_t len,
		   double memory, double seconds)
{
	struct crypt_request rq = {
		.passphrase = secret, .passphrase_len = len,
		.kdf_memory = memory, .kdf_seconds = seconds,
	};
	char text[CRYPT_TEXT_MAX] = "";
	struct device d = device_of(dev, size);
	struct crypt_source src = crypt_source_of(&d);
	struct attempt a = { .src = &src, .rq = &rq, .volume = &volume, .text = text };
	int rc = bitlocker ? bitlocker_unlock(&a) : luks_unlock(&a);

	return rc ? error_set(rc, "%s", text) : 0;
}

EXPORT(volume)
struct crypt_volume *volumes_volume(void)
{
	return &volume;
}

EXPORT(volumeSize)
size_t volumes_volume_size(void)
{
	return sizeof(volume);
}

/* The journal of authentication tags cannot be replayed if the disk is only read. */
static int check_journal(const char *object, double dev, double size)
{
	const struct crypt_segment *s = &volume.segments[0];
	struct device d = device_of(dev, size);
	int rc = s->tag_size ? tags_need_replay(&d, object, s) : 0;

	return rc == 1 ? error_set(-EROFS, "%s: the journal of its authentication tags must be replayed: open the disk with { overlay: true } or { write: true }",
				   object) : rc;
}

/* Map the volume over a device.  Returns the new device's number, or -errno with a text. */
EXPORT(mapCrypt)
double volumes_map_crypt(const char *object, double dev, double size, int read_only)
{
	struct opened *o = calloc(1, sizeof(*o));
	int rc = o ? 0 : error_set(-ENOMEM, "%s: out of memory", object);

	if (!rc && read_only)
		rc = check_journal(object, dev, size);
	if (!rc)
		rc = crypt_map(NULL, object, &volume, dev, size, read_only, &o->crypt);
	if (rc) {
		free(o);
		return rc;
	}
	add_opened(o);
	return crypt_map_dev(&o->crypt);
}

/* ---- LVM2 -------------------------------------------------------------------------- */

struct member {
	struct lvm_pv pv;
	double dev, size;
	char group[40];			/* UUID; "": without metadata */
	int64_t seqno;
	struct lvm_group *in;		/* NULL: no group was opened with it */
};

static struct member members[MEMBERS_MAX];
static unsigned int nr_members;

/* Read the label of a physical volume.  Returns the member's number, or -errno with a text. */
EXPORT(addMember)
int volumes_add_member(const char *object, double dev, double size)
{
	struct device d = device_of(dev, size);
	struct member *m = &members[nr_members];
	int rc;

	if (nr_members == MEMBERS_MAX)
		return error_set(-E2BIG, "%s: the disk has too many physical volumes", object);
	rc = lvm_pv_read(&d, object, &m->pv);
	if (rc)
		return rc == -ENOENT ? error_set(-EUCLEAN,
			"%s: the label of the LVM2 physical volume is damaged", object) : rc;
	m->dev = dev;
	m->size = size;
	m->seqno = lvm_group_identify(m->pv.text, m->pv.len, m->group, sizeof(m->group));
	return nr_members++;
}

/* Whether @m can be in the group of @first.  If @m has no metadata, its UUID decides later. */
static bool may_belong(const struct member *m, const struct member *first)
{
	return m == first || (!m->in && (!*m->group || !strcmp(m->group, first->group)));
}

static bool is_found(const struct lvm_member *found, unsigned int nr, const char *uuid)
{
	for (unsigned int i = 0; i < nr; i++)
		if (!strcmp(found[i].uuid, uuid))
			return true;
	return false;
}

/*
 * The members of the group that @first belongs to, @first in front; copies of a member are left
 * out.
 */
static unsigned int find_members(const struct member *first, struct lvm_member *found,
				 const struct member **newest)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i <= nr_members; i++) {
		const struct member *m = i ? &members[i - 1] : first;

		if (!may_belong(m, first) || is_found(found, nr, m->pv.uuid))
			continue;
		found[nr] = (struct lvm_member){ .dev = m->dev, .size = m->size };
		memcpy(found[nr++].uuid, m->pv.uuid, sizeof(m->pv.uuid));
		if (*m->group && (!*newest || m->seqno > (*newest)->seqno))
			*newest = m;
	}
	return nr;
}

static void take_members(struct lvm_group *g, const struct lvm_member *found, unsigned int nr)
{
	for (unsigned int i = 0; i < nr_members; i++)
		for (unsigned int j = 0; j < nr; j++)
			if (members[i].dev == found[j].dev &&
			    lvm_group_has_member(g, members[i].pv.uuid))
				members[i].in = g;
}

/* Open the group of @first with the members that were added.  Returns 0 or -errno with a text. */
static int open_group(const char *object, const struct member *first, bool degraded,
		      struct lvm_member *found, unsigned int *nr, struct lvm_group **group)
{
	const struct member *newest = NULL;

	*nr = find_members(first, found, &newest);
	if (!newest || !*first->group)
		return error_set(-ENODATA, "%s: this LVM2 physical volume belongs to no group, or has no copy of the group's metadata",
				 object);
	return lvm_group_open(NULL, newest->pv.text, newest->pv.len, found, *nr, object, false,
			      degraded, group);
}

/* Returns how many members the group of member @number still lacks, or -errno with a text. */
EXPORT(missingOfGroup)
int volumes_missing_of_group(const char *object, unsigned int number)
{
	struct lvm_member found[MEMBERS_MAX];
	struct lvm_group *g;
	unsigned int nr;
	int missing, rc = open_group(object, &members[number], false, found, &nr, &g);

	if (rc)
		return rc;
	missing = lvm_group_missing(g);
	lvm_group_close(g);
	return missing;
}

/* Open the group of member @number with all added members.  Returns NULL with a text on error. */
EXPORT(openGroup)
struct lvm_group *volumes_open_group(const char *object, unsigned int number, int degraded)
{
	struct opened *o = calloc(1, sizeof(*o));
	struct lvm_member found[MEMBERS_MAX];
	unsigned int nr;
	int rc = o ? open_group(object, &members[number], degraded, found, &nr, &o->group) :
		     error_set(-ENOMEM, "%s: out of memory", object);

	if (rc) {
		free(o);
		return NULL;
	}
	add_opened(o);
	take_members(o->group, found, nr);
	return o->group;
}

/* The open group of the member @number, even if it was opened without that member; NULL: none. */
EXPORT(groupOf)
struct lvm_group *volumes_group_of(unsigned int number)
{
	const struct member *m = &members[number];

	for (struct opened *o = m->in ? NULL : opened; o; o = o->next)
		if (o->group && !strcmp(lvm_group_uuid(o->group), m->group) &&
		    !lvm_group_has_member(o->group, m->pv.uuid))
			return o->group;
	return m->in;
}

/*
 * Move @g to the front of the list, so that it is closed before the devices that were mapped since
 * it was opened.
 */
static void make_newest(struct lvm_group *g)
{
	for (struct opened **p = &opened, *o; (o = *p); p = &o->next) {
		if (o->group != g)
			continue;
		*p = o->next;
		add_opened(o);
		return;
	}
}

/* Map the group's volumes over the device @dev instead of the member @number. */
EXPORT(replaceDevice)
void volumes_replace_device(struct lvm_group *g, unsigned int number, double dev)
{
	struct lvm_member m = { .dev = dev, .size = members[number].size };

	memcpy(m.uuid, members[number].pv.uuid, sizeof(m.uuid));
	lvm_group_set_devices(g, &m, 1);
	make_newest(g);
}

EXPORT(groupName)
const char *volumes_group_name(const struct lvm_group *g)
{
	return lvm_group_name(g);
}

EXPORT(groupUuid)
const char *volumes_group_uuid(const struct lvm_group *g)
{
	return lvm_group_uuid(g);
}

/* Result of groupVolume(); containers.ts knows its layout. */
struct found_volume {
	const char *name, *uuid, *type;
	uint32_t pad;
	double size;			/* bytes */
};

/* The @index-th volume; NULL: there are no more. */
EXPORT(groupVolume)
const struct found_volume *volumes_group_volume(const struct lvm_group *g, unsigned int index)
{
	static struct found_volume found;
	struct lvm_volume_info info;

	if (!lvm_group_volume(g, index, &info))
		return NULL;
	found = (struct found_volume){ info.name, info.uuid, info.type, 0, info.size };
	return &found;
}

/* Map a volume.  Returns the number of its device, or -errno with a text. */
EXPORT(openVolume)
double volumes_open_volume(struct lvm_group *g, unsigned int index)
{
	uint64_t dev;
	int rc = lvm_volume_open(g, index, &dev);

	return rc ? rc : (double)dev;
}

/* ---- All ---------------------------------------------------------------------------- */

static int close_opened(struct opened *o)
{
	if (o->group)
		return lvm_group_close(o->group);
	return o->array.dev ? md_array_stop(&o->array) : crypt_unmap(&o->crypt);
}

/* Remove all mapped devices and stop all arrays.  Returns 0 or the first -errno. */
EXPORT(close)
int volumes_close(void)
{
	int rc = 0;

	while (opened) {
		struct opened *o = opened;
		int err = close_opened(o);

		opened = o->next;
		free(o);
		rc = rc ? rc : err;
	}
	return rc;
}

EXPORT(text)
const char *volumes_text(void)
{
	return error_last();
}

EXPORT(allocate)
void *allocate(size_t len)
{
	return malloc(len);
}

EXPORT(release)
void release(void *buf)
{
	free(buf);
}
