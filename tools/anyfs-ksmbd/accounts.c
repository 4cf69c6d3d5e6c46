// SPDX-License-Identifier: GPL-2.0
/*
 * accounts.c - names of security identifiers
 *
 * The server (fs/smb/server/smbacl.c of the kernel) makes the SIDs of a file from its numeric
 * owner and group: owner 0 is S-1-22-1-0, any other owner N is N appended to the SID of the
 * server, and group N is S-1-22-2-N.  The names of owners and groups, if any, are in files of
 * the image, which are not read: the name of an account is its number.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "accounts.h"

static const struct {
	const char *name;
	struct sid sid;
} domains[DOMAINS] = {
	[DOMAIN_SERVER] = { SERVER_NAME, { 5, 4, { 21 } } },	/* and three random numbers */
	[DOMAIN_BUILTIN] = { "BUILTIN", { 5, 1, { 32 } } },
	[DOMAIN_UNIX_USER] = { "Unix User", { 22, 1, { 1 } } },
	[DOMAIN_UNIX_GROUP] = { "Unix Group", { 22, 1, { 2 } } },
	[DOMAIN_NT] = { "NT AUTHORITY", { 5, 0, { 0 } } },
	[DOMAIN_WORLD] = { "", { 1, 0, { 0 } } },
	[DOMAIN_CREATOR] = { "", { 3, 0, { 0 } } },
};

static const struct account fixed[] = {
	{ TYPE_WELL_KNOWN, DOMAIN_WORLD, 0, "Everyone" },
	{ TYPE_WELL_KNOWN, DOMAIN_CREATOR, 0, "CREATOR OWNER" },
	{ TYPE_WELL_KNOWN, DOMAIN_CREATOR, 1, "CREATOR GROUP" },
	{ TYPE_WELL_KNOWN, DOMAIN_NT, 2, "NETWORK" },
	{ TYPE_WELL_KNOWN, DOMAIN_NT, 4, "INTERACTIVE" },
	{ TYPE_WELL_KNOWN, DOMAIN_NT, 7, "ANONYMOUS LOGON" },
	{ TYPE_WELL_KNOWN, DOMAIN_NT, 11, "Authenticated Users" },
	{ TYPE_WELL_KNOWN, DOMAIN_NT, 18, "SYSTEM" },
	{ TYPE_ALIAS, DOMAIN_BUILTIN, 544, "Administrators" },
	{ TYPE_ALIAS, DOMAIN_BUILTIN, 545, "Users" },
	{ TYPE_ALIAS, DOMAIN_BUILTIN, 546, "Guests" },
	{ TYPE_GROUP, DOMAIN_SERVER, RID_GROUP, "None" },
	{ TYPE_USER, DOMAIN_UNIX_USER, 0, "root" },
	{ TYPE_GROUP, DOMAIN_UNIX_GROUP, 0, "root" },
};
#define NR_FIXED	(sizeof(fixed) / sizeof(fixed[0]))

const char *domain_name(enum domain domain)
{
	return domains[domain].name;
}

struct sid domain_sid(const struct ksmbd *k, enum domain domain)
{
	struct sid sid = domains[domain].sid;

	if (domain == DOMAIN_SERVER)
		memcpy(sid.numbers + 1, k->domain, sizeof(k->domain));
	return sid;
}

struct sid account_sid(const struct ksmbd *k, const struct account *a)
{
	struct sid sid = domain_sid(k, a->domain);

	sid.numbers[sid.nr++] = a->rid;
	return sid;
}

/* Whether @rid of @domain is the number of an owner or group of files. */
static bool has_numbers(enum domain domain, uint32_t rid)
{
	return domain == DOMAIN_UNIX_USER || domain == DOMAIN_UNIX_GROUP ||
	       (domain == DOMAIN_SERVER && rid < RID_GROUP);
}

static void set_number(struct account *a, enum domain domain, uint32_t rid)
{
	*a = (struct account){
		domain == DOMAIN_UNIX_GROUP ? TYPE_GROUP : TYPE_USER, domain, rid, "",
	};
	snprintf(a->name, sizeof(a->name), "%" PRIu32, rid);
}

static void set_user(const struct ksmbd *k, struct account *a, size_t i)
{
	*a = (struct account){ TYPE_USER, DOMAIN_SERVER, RID_USERS + i, "" };
	snprintf(a->name, sizeof(a->name), "%s", k->users[i].name);
}

/* ---- From SIDs ---- */

static bool find_rid(const struct ksmbd *k, bool guest, enum domain domain, uint32_t rid,
		     struct account *a)
{
	for (size_t i = 0; i < NR_FIXED; i++) {
		if (fixed[i].domain != domain || fixed[i].rid != rid)
			continue;
		*a = fixed[i];
		return true;
	}
	if (has_numbers(domain, rid))
		set_number(a, domain, rid);
	else if (domain == DOMAIN_SERVER && rid - RID_USERS < k->nr_users && !guest)
		set_user(k, a, rid - RID_USERS);
	else
		return false;
	return true;
}

static void set_unknown(struct account *a)
{
	*a = (struct account){ TYPE_UNKNOWN, DOMAIN_UNKNOWN, 0, "" };
}

void account_of_rid(const struct ksmbd *k, bool guest, enum domain domain, uint32_t rid,
		    struct account *a)
{
	if (!find_rid(k, guest, domain, rid, a))
		set_unknown(a);
}

static void write_text(char *text, size_t size, const struct sid *sid)
{
	size_t len = snprintf(text, size, "S-1-%" PRIu64, sid->authority);

	for (unsigned int i = 0; i < sid->nr; i++)
		len += snprintf(text + len, size - len, "-%" PRIu32, sid->numbers[i]);
}

void account_of_sid(const struct ksmbd *k, bool guest, const struct sid *sid, struct account *a)
{
	struct sid parent = *sid;
	uint32_t rid = sid->nr ? sid->numbers[--parent.nr] : 0;

	for (int domain = 0; sid->nr && domain < DOMAINS; domain++) {
		struct sid of_domain = domain_sid(k, domain);

		if (sid_equal(&of_domain, &parent) && find_rid(k, guest, domain, rid, a))
			return;
	}
	set_unknown(a);
	write_text(a->name, sizeof(a->name), sid);
}

/* ---- From names ---- */

static bool find_user(const struct ksmbd *k, const char *name, struct account *a)
{
	for (size_t i = 0; i < k->nr_users; i++) {
		if (strcasecmp(k->users[i].name, name))
			continue;
		set_user(k, a, i);
		return true;
	}
	return false;
}

/* Find a name in @domain, or in all domains if it is DOMAIN_UNKNOWN. */
static bool find_fixed(enum domain domain, const char *name, struct account *a)
{
	for (size_t i = 0; i < NR_FIXED; i++) {
		if ((domain != DOMAIN_UNKNOWN && fixed[i].domain != domain) ||
		    strcasecmp(fixed[i].name, name))
			continue;
		*a = fixed[i];
		return true;
	}
	return false;
}

static bool find_number(enum domain domain, const char *name, struct account *a)
{
	unsigned long long rid;
	char *end;

	if (*name < '0' || *name > '9')
		return false;
	rid = strtoull(name, &end, 10);
	if (*end || rid > UINT32_MAX || !has_numbers(domain, rid))
		return false;
	set_number(a, domain, rid);
	return true;
}

static enum domain find_domain(const char *name, size_t len)
{
	for (int i = 0; i < DOMAINS; i++)
		if (strlen(domains[i].name) == len && !strncasecmp(domains[i].name, name, len))
			return i;
	return DOMAIN_UNKNOWN;
}

void account_in_domain(const struct ksmbd *k, bool guest, enum domain domain, const char *name,
		       struct account *a)
{
	bool users = !guest && (domain == DOMAIN_SERVER || domain == DOMAIN_UNKNOWN);

	if (!(users && find_user(k, name, a)) && !find_fixed(domain, name, a) &&
	    !find_number(domain, name, a))
		set_unknown(a);
}

void account_of_name(const struct ksmbd *k, bool guest, const char *name, struct account *a)
{
	const char *slash = strchr(name, '\\');
	enum domain domain = slash ? find_domain(name, slash - name) : DOMAIN_UNKNOWN;

	if (slash && domain == DOMAIN_UNKNOWN)
		set_unknown(a);
	else
		account_in_domain(k, guest, domain, slash ? slash + 1 : name, a);
}
