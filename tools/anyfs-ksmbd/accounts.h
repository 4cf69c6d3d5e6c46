/* SPDX-License-Identifier: GPL-2.0 */
/*
 * accounts.h - names of security identifiers (SIDs), which stand for owners of files, users and
 * groups
 */
#ifndef ANYFS_KSMBD_ACCOUNTS_H
#define ANYFS_KSMBD_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "ksmbd.h"
#include "ndr.h"

#define SID_NUMBERS_MAX	15u
#define SID_TEXT_MAX	192		/* bytes of a SID as text */

struct sid {
	uint64_t authority;		/* 48 bits */
	unsigned int nr;
	uint32_t numbers[SID_NUMBERS_MAX];
};

/* A SID is that of a domain, and a relative identifier (RID). */
enum domain {
	DOMAIN_SERVER,			/* users, and owners of files */
	DOMAIN_BUILTIN,
	DOMAIN_UNIX_USER, DOMAIN_UNIX_GROUP,
	DOMAIN_NT, DOMAIN_WORLD, DOMAIN_CREATOR,
	DOMAIN_UNKNOWN,
};
#define DOMAINS		DOMAIN_UNKNOWN	/* the number of domains */

/* Types of names, as on the wire. */
enum account_type {
	TYPE_USER = 1, TYPE_GROUP = 2, TYPE_ALIAS = 4, TYPE_WELL_KNOWN = 5, TYPE_UNKNOWN = 8,
};

struct account {
	enum account_type type;
	enum domain domain;
	uint32_t rid;
	char name[SID_TEXT_MAX];	/* UTF-8 */
};

/*
 * RIDs of users and of their group in DOMAIN_SERVER; lower ones are numbers of owners of files.
 * The numbers from 0x70000000 are those that systemd leaves unused.
 */
#define RID_GROUP	0x70000000u
#define RID_USERS	0x70000001u

/*
 * Describe the owner of @sid: a name, or the SID as text if there is none.  A guest does not see
 * the names of users.
 */
void account_of_sid(const struct ksmbd *k, bool guest, const struct sid *sid, struct account *a);
/* Find "NAME" or "DOMAIN\NAME".  The type is TYPE_UNKNOWN if there is none. */
void account_of_name(const struct ksmbd *k, bool guest, const char *name, struct account *a);

/* The same in one domain. */
void account_of_rid(const struct ksmbd *k, bool guest, enum domain domain, uint32_t rid,
		    struct account *a);
void account_in_domain(const struct ksmbd *k, bool guest, enum domain domain, const char *name,
		       struct account *a);

const char *domain_name(enum domain domain);
struct sid domain_sid(const struct ksmbd *k, enum domain domain);
struct sid account_sid(const struct ksmbd *k, const struct account *a);

/* sid.c */

bool sid_equal(const struct sid *a, const struct sid *b);

/* A SID as DCE/RPC marshals it. */
void ndr_read_sid(struct ndr *n, struct sid *sid);
void ndr_write_sid(struct ndr *n, const struct sid *sid);

#endif /* ANYFS_KSMBD_ACCOUNTS_H */
