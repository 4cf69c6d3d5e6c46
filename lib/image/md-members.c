// SPDX-License-Identifier: GPL-2.0
/*
 * md-members.c - which devices belong to a Linux RAID array, according to their superblocks
 */
#include <string.h>
#include "md-members.h"

bool md_is_same_array(const struct md_super *a, const struct md_super *b)
{
	return !memcmp(a->uuid, b->uuid, sizeof(a->uuid)) && a->major == b->major &&
	       a->minor == b->minor;
}

/* A copy of a member has the same number. */
static bool has_number(const struct md_members *m, uint32_t number)
{
	for (unsigned int i = 0; i < m->nr; i++)
		if (m->list[i].number == number)
			return true;
	return false;
}

bool md_members_add(struct md_members *m, const struct md_super *s, void *device)
{
	if (has_number(m, s->number) || m->nr == MD_MEMBERS_MAX)
		return false;
	m->list[m->nr++] = (struct md_member){
		.device = device, .events = s->events, .number = s->number,
	};
	if (m->nr == 1 || s->events > m->super.events)
		m->super = *s;
	return true;
}

/*
 * A member that missed writes is older by more than one event.  A difference of one is
 * normal after a crash between the writes of two superblocks.
 */
static void mark_stale(struct md_members *m)
{
	for (unsigned int i = 0; i < m->nr; i++)
		m->list[i].is_stale = m->list[i].events + 1 < m->super.events;
}

static bool has_slot(const struct md_members *m, unsigned int slot)
{
	for (unsigned int i = 0; i < m->nr; i++) {
		const struct md_member *one = &m->list[i];

		if (!one->is_stale && one->number < m->super.nr_roles &&
		    m->super.roles[one->number] == slot)
			return true;
	}
	return false;
}

unsigned int md_members_missing(struct md_members *m)
{
	unsigned int missing = 0;

	mark_stale(m);
	for (uint32_t i = 0; i < m->super.nr_roles; i++) {
		uint16_t slot = m->super.roles[i];

		missing += slot < MD_ROLE_MAX && slot < m->super.raid_disks && !has_slot(m, slot);
	}
	return missing;
}

const struct md_member *md_members_stale(const struct md_members *m)
{
	for (unsigned int i = 0; i < m->nr; i++)
		if (m->list[i].is_stale)
			return &m->list[i];
	return NULL;
}
