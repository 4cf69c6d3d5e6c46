// SPDX-License-Identifier: GPL-2.0
/*
 * md-super.c - read the superblock of a member of a Linux RAID array
 *
 * A superblock of version 0.90 is in the last 128 KiB, in the byte order of the machine
 * that created it.  Versions 1.x are little endian: 1.0 is near the end, 1.1 at the start,
 * 1.2 at 4 KiB.
 *
 * Reference: include/uapi/linux/raid/md_p.h of Linux describes both structures.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "bytes.h"
#include "error.h"
#include "md-super.h"

#define MD_MAGIC	0xa92b4efcu
#define MD_BYTES	4096u
#define NO_ROLE		0xffffu

/* ---- Version 0.90: 1024 words of 32 bits ----------------------------------------- */

#define V0_UNIT		65536u		/* bytes; the superblock begins the last whole unit */
#define V0_MINOR	2u		/* this and the following: indices of words */
#define V0_UUID0	5u
#define V0_CREATED	6u
#define V0_LEVEL	7u
#define V0_RAID_DISKS	10u
#define V0_UUID1	13u
#define V0_SUM		38u
#define V0_EVENTS_LOW	39u
#define V0_EVENTS_HIGH	40u
#define V0_RESHAPE_LOW	44u		/* the position; all ones: not reshaping */
#define V0_DISKS	128u		/* descriptors of 32 words */
#define V0_DISK_WORDS	32u
#define V0_DISKS_MAX	27u
#define V0_THIS_DISK	992u
#define V0_STATE_SYNC	4u		/* bit of a descriptor's state: member is in sync */

static uint32_t get_word(const uint8_t *sb, unsigned int index)
{
	return get_le32(sb + 4 * index);
}

static uint32_t fold_sum(uint64_t sum)
{
	return (uint32_t)sum + (uint32_t)(sum >> 32);
}

static uint32_t v0_sum(const uint8_t *sb)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < MD_BYTES / 4; i++)
		sum += i == V0_SUM ? 0 : get_word(sb, i);
	return fold_sum(sum);
}

static void v0_roles(const uint8_t *sb, struct md_super *s)
{
	s->nr_roles = V0_DISKS_MAX;
	for (unsigned int i = 0; i < V0_DISKS_MAX; i++) {
		unsigned int at = V0_DISKS + i * V0_DISK_WORDS;
		uint32_t slot = get_word(sb, at + 3);

		s->roles[i] = get_word(sb, at + 4) & V0_STATE_SYNC && slot < s->raid_disks ?
			      slot : NO_ROLE;
	}
}

static int v0_parse(const uint8_t *sb, const char *object, struct md_super *s)
{
	if (get_word(sb, V0_SUM) != v0_sum(sb))
		return error_set(-EUCLEAN, "%s: the RAID superblock has a wrong checksum", object);
	*s = (struct md_super){
		.minor = get_word(sb, V0_MINOR), .level = get_word(sb, V0_LEVEL),
		.raid_disks = get_word(sb, V0_RAID_DISKS), .created = get_word(sb, V0_CREATED),
		.events = (uint64_t)get_word(sb, V0_EVENTS_HIGH) << 32 |
			  get_word(sb, V0_EVENTS_LOW),
		.number = get_word(sb, V0_THIS_DISK),
	};
	memcpy(s->uuid, sb + 4 * V0_UUID0, 4);
	memcpy(s->uuid + 4, sb + 4 * V0_UUID1, 12);
	s->reshaping = s->minor > 90 && (get_word(sb, V0_RESHAPE_LOW) != UINT32_MAX ||
					 get_word(sb, V0_RESHAPE_LOW + 1) != UINT32_MAX);
	if (s->raid_disks > V0_DISKS_MAX || s->number >= V0_DISKS_MAX)
		return error_set(-EUCLEAN, "%s: the RAID superblock is damaged: it belongs to member %u of %u",
				 object, s->number, s->raid_disks);
	v0_roles(sb, s);
	return 0;
}

static int v0_read(const struct device *d, const char *object, struct md_super *s)
{
	uint64_t units = d->size / V0_UNIT;
	uint8_t sb[MD_BYTES];
	int rc;

	if (units < 2)
		return -ENOENT;
	rc = device_read(d, sb, sizeof(sb), (units - 1) * V0_UNIT);
	if (rc)
		return rc;
	if (get_word(sb, 0) == __builtin_bswap32(MD_MAGIC))
		return error_set(-EOPNOTSUPP, "%s: its RAID array (metadata 0.90) was made on a machine of the other byte order",
			object);
	if (get_word(sb, 0) != MD_MAGIC || get_word(sb, 1) != 0)
		return -ENOENT;
	return v0_parse(sb, object, s);
}

/* ---- Versions 1.x: struct mdp_superblock_1 ----------------------------------------- */

#define V1_FEATURES	8u
#define V1_UUID		16u
#define V1_NAME		32u		/* 32 bytes */
#define V1_CREATED	64u		/* u64: seconds in the low 40 bits */
#define V1_LEVEL	72u
#define V1_RAID_DISKS	92u
#define V1_DATA_OFFSET	128u		/* u64: sectors, like the next two */
#define V1_DATA_SIZE	136u
#define V1_OFFSET	144u		/* u64: of this superblock */
#define V1_NUMBER	160u
#define V1_EVENTS	200u		/* u64 */
#define V1_SUM		216u
#define V1_NR_ROLES	220u
#define V1_ROLES	256u		/* u16 each */
#define V1_RESHAPING	4u		/* bit of V1_FEATURES */

static uint32_t v1_sum(const uint8_t *sb, uint32_t nr_roles)
{
	uint32_t len = V1_ROLES + 2 * nr_roles, at;
	uint64_t sum = 0;

	for (at = 0; at + 4 <= len; at += 4)
		sum += at == V1_SUM ? 0 : get_le32(sb + at);
	if (at < len)
		sum += get_le16(sb + at);
	return fold_sum(sum);
}

static void v1_fill(const uint8_t *sb, int minor, struct md_super *s)
{
	*s = (struct md_super){
		.major = 1, .minor = minor, .level = (int32_t)get_le32(sb + V1_LEVEL),
		.raid_disks = get_le32(sb + V1_RAID_DISKS), .events = get_le64(sb + V1_EVENTS),
		.created = get_le64(sb + V1_CREATED) & ((1ull << 40) - 1),
		.number = get_le32(sb + V1_NUMBER), .nr_roles = get_le32(sb + V1_NR_ROLES),
		.reshaping = get_le32(sb + V1_FEATURES) & V1_RESHAPING,
	};
	memcpy(s->uuid, sb + V1_UUID, sizeof(s->uuid));
	memcpy(s->name, sb + V1_NAME, sizeof(s->name) - 1);
	for (uint32_t i = 0; i < s->nr_roles; i++)
		s->roles[i] = get_le16(sb + V1_ROLES + 2 * i);
}

static int v1_parse(const uint8_t *sb, const struct device *d, int minor, const char *object,
		    struct md_super *s)
{
	uint64_t start = get_le64(sb + V1_DATA_OFFSET), size = get_le64(sb + V1_DATA_SIZE);
	uint32_t nr_roles = get_le32(sb + V1_NR_ROLES);

	if (nr_roles > MD_NUMBERS_MAX)
		return error_set(-EUCLEAN, "%s: the RAID superblock is damaged: it lists %u members",
				 object, nr_roles);
	if (get_le32(sb + V1_SUM) != v1_sum(sb, nr_roles))
		return error_set(-EUCLEAN, "%s: the RAID superblock has a wrong checksum", object);
	if (start > d->size / 512 || size > d->size / 512 - start)
		return error_set(-EUCLEAN, "%s: this member of a RAID array is truncated: its data end at byte %llu, it has %llu",
				 object, (unsigned long long)(start + size) * 512,
				 (unsigned long long)d->size);
	v1_fill(sb, minor, s);
	return 0;
}

/* Sector of the superblock of version 1.@minor. */
static uint64_t v1_place(const struct device *d, int minor)
{
	return minor == 0 ? (d->size / 512 - 16) & ~7ull : minor == 1 ? 0 : 8;
}

static int v1_read(const struct device *d, int minor, const char *object, struct md_super *s)
{
	uint64_t place = v1_place(d, minor);
	uint8_t sb[MD_BYTES];
	int rc;

	if (d->size < 16 * 512)
		return -ENOENT;
	rc = device_read(d, sb, sizeof(sb), place * 512);
	if (rc == -ENXIO)
		return -ENOENT;
	if (rc)
		return rc;
	if (get_le32(sb) != MD_MAGIC || get_le32(sb + 4) != 1 || get_le64(sb + V1_OFFSET) != place)
		return -ENOENT;
	return v1_parse(sb, d, minor, object, s);
}

/* ---- Both versions ----------------------------------------------------------------------- */

static int read_version(const struct device *d, int version, const char *object,
			struct md_super *s)
{
	return version < 3 ? v1_read(d, version, object, s) : v0_read(d, object, s);
}

int md_super_read(const struct device *d, const char *object, struct md_super *s)
{
	struct md_super other;
	bool found = false;
	int err = -ENOENT;

	/* A member may have an older superblock of another version in another place. */
	for (int version = 0; version <= 3; version++) {
		int rc = read_version(d, version, object, &other);

		if (rc && rc != -ENOENT)
			err = rc;
		if (rc || (found && other.created <= s->created))
			continue;
		*s = other;
		found = true;
	}
	return found ? 0 : err;
}
