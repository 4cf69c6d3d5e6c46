// SPDX-License-Identifier: GPL-2.0
/*
 * array.c - Linux RAID arrays (MD) for a JavaScript host
 *
 * The host adds members until none is missing, replaces the devices of read-only disks by
 * their shadows, and opens the array.  The kernel writes to the members only after the array is
 * written to, and never resynchronises them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "md-members.h"
#include "opened.h"

struct array_member {
	struct md_super super;
	char *object;			/* for messages */
	double dev;
	double array;			/* device of the open array that the member is in; 0: none */
};

static struct array_member *members[MEMBERS_MAX];
static unsigned int nr_members;

static int no_memory(const char *object)
{
	return error_set(-ENOMEM, "%s: out of memory", object);
}

static void member_free(struct array_member *m)
{
	if (m)
		free(m->object);
	free(m);
}

/* Read the superblock of a member.  Returns the member's number, or -errno with a text. */
EXPORT(addArrayMember)
int volumes_add_array_member(const char *object, double dev, double size)
{
	struct device d = { .dev = dev, .size = size, .block = 512, .fd = -1 };
	struct array_member *m;
	int rc;

	if (nr_members == MEMBERS_MAX)
		return error_set(-E2BIG, "%s: the disks have too many members of RAID arrays", object);
	m = calloc(1, sizeof(*m));
	if (m)
		m->object = strdup(object);
	if (!m || !m->object) {
		member_free(m);
		return no_memory(object);
	}
	rc = md_super_read(&d, object, &m->super);
	if (rc) {
		member_free(m);
		return rc == -ENOENT ? error_set(-EUCLEAN,
			"%s: the superblock of the RAID array is damaged", object) : rc;
	}
	m->dev = dev;
	members[nr_members] = m;
	return nr_members++;
}

/*
 * Returns the members of the array of @first, which is not open; copies of a member are left out.
 * The caller frees the result.  NULL: out of memory.
 */
static struct md_members *find_members(struct array_member *first)
{
	struct md_members *found = calloc(1, sizeof(*found));

	if (!found)
		return NULL;
	md_members_add(found, &first->super, first);
	for (unsigned int i = 0; i < nr_members; i++)
		if (members[i] != first && !members[i]->array &&
		    md_is_same_array(&first->super, &members[i]->super))
			md_members_add(found, &members[i]->super, members[i]);
	return found;
}

/* Returns how many members the array of member @number still lacks, or -ENOMEM with a text. */
EXPORT(missingOfArray)
int volumes_missing_of_array(unsigned int number)
{
	struct md_members *found = find_members(members[number]);
	int missing;

	if (!found)
		return no_memory(members[number]->object);
	missing = md_members_missing(found);
	free(found);
	return missing;
}

/* The device of the open array that member @number is in; 0: none. */
EXPORT(arrayOf)
double volumes_array_of(unsigned int number)
{
	return members[number]->array;
}

/* Whether two members belong to the same array. */
EXPORT(isSameArray)
int volumes_is_same_array(unsigned int a, unsigned int b)
{
	return md_is_same_array(&members[a]->super, &members[b]->super);
}

/* Use @dev instead of the device of the member @number. */
EXPORT(replaceArrayDevice)
void volumes_replace_array_device(unsigned int number, double dev)
{
	members[number]->dev = dev;
}

static int check_missing(const char *object, struct md_members *found, int degraded)
{
	unsigned int missing = md_members_missing(found);
	const struct md_member *stale = md_members_stale(found);

	if (!missing || degraded)
		return 0;
	return error_set(-ENXIO, "%s: the RAID array lacks %u of its %u members%s%s; open the missing images together with this one, or the array without them (--degraded)",
			 object, missing, found->super.raid_disks,
			 stale ? ", the array was written to without " : "",
			 stale ? ((struct array_member *)stale->device)->object : "");
}

/* Start the array of the members that are up to date. */
static int start(const char *object, const struct md_members *found, int degraded,
		 struct md_array *array)
{
	const struct md_start how = {
		.major = found->super.major, .minor = found->super.minor, .degraded = degraded,
	};
	uint64_t devs[MD_MEMBERS_MAX];
	char why[MD_WHY];
	unsigned int nr = 0;
	int rc;

	for (unsigned int i = 0; i < found->nr; i++)
		if (!found->list[i].is_stale)
			devs[nr++] = ((struct array_member *)found->list[i].device)->dev;
	rc = md_array_start(NULL, devs, nr, &how, array, why);
	if (!rc)
		return 0;
	return error_set(rc, "%s: the kernel cannot start the RAID array: %s%s%s%s", object,
			 error_name(rc), *why ? ": " : "", why,
			 degraded || !strstr(why, "dirty degraded") ? "" : "; --degraded starts it");
}

/* Open the array of member @number.  Returns its device number, or -errno with a text. */
EXPORT(openArray)
double volumes_open_array(const char *object, unsigned int number, int degraded)
{
	struct md_members *found = find_members(members[number]);
	struct opened *o = calloc(1, sizeof(*o));
	int rc = o && found ? check_missing(object, found, degraded) : no_memory(object);
	double dev;

	if (!rc)
		rc = start(object, found, degraded, &o->array);
	if (rc) {
		free(found);
		free(o);
		return rc;
	}
	add_opened(o);
	dev = o->array.dev;
	for (unsigned int i = 0; i < found->nr; i++)
		((struct array_member *)found->list[i].device)->array = dev;
	free(found);
	return dev;
}
