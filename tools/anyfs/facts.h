/* SPDX-License-Identifier: GPL-2.0 */
/*
 * facts.h - facts from the superblock of a file system, as named values
 *
 * A key is a JSON name, such as "last_mounted".  Text output shows it with spaces.
 */
#ifndef ANYFS_FACTS_H
#define ANYFS_FACTS_H

#include <stdint.h>
#include "tool.h"

enum fact_kind {
	FACT_TEXT,
	FACT_NUMBER,
	FACT_TIME,		/* seconds since 1970 */
	FACT_LIST,		/* words, separated by spaces */
};

struct fact {
	const char *key;
	enum fact_kind kind;
	char *text;
	int64_t number;
};

struct facts {
	struct tool *t;
	struct fact *list;
	unsigned int nr;
};

/* A text that is empty is left out. */
void fact_text(struct facts *f, const char *key, const char *text);
/* Like fact_text(), for at most @len bytes that need not end with a zero. */
void fact_bytes(struct facts *f, const char *key, const void *text, size_t len);
/* The 16 bytes of a UUID; left out if all are zero. */
void fact_uuid(struct facts *f, const char *key, const uint8_t uuid[16]);
void fact_number(struct facts *f, const char *key, uint64_t number);
/* Left out if it is 0, which means never. */
void fact_time(struct facts *f, const char *key, int64_t seconds);

/* The name of each bit of a feature mask. */
struct feature_name {
	uint64_t bit;
	const char *name;
};

/*
 * Add a list of the bits in @mask; @names ends with a NULL name.  A bit without a name is
 * shown as "0x4000".
 */
void fact_features(struct facts *f, const char *key, uint64_t mask,
		   const struct feature_name *names);

bool facts_have(const struct facts *f, const char *key);

/* One line for each fact, indented. */
void facts_print(const struct facts *f);
/* Members of a JSON object, each preceded by a comma. */
void facts_print_json(const struct facts *f);
void facts_free(struct facts *f);

#endif /* ANYFS_FACTS_H */
