// SPDX-License-Identifier: GPL-2.0
/*
 * vmdk-descriptor.c - the text that describes a VMDK disk
 *
 * Specification: VMware, "Virtual Disk Format 5.0", chapter "The Descriptor File".
 * Lines are "key=value", and for each extent "access sectors kind "file" offset".
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "vmdk.h"

#define SECTOR		512u
#define MAX_SECTORS	(1ull << 41)	/* 1 PiB */

static int damaged(const char *name, const char *reason)
{
	return error_set(-EINVAL, "%s: the VMDK descriptor is damaged: %s", name, reason);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char *skip_blanks(char *p)
{
	while (is_blank(*p))
		p++;
	return p;
}

/* Terminate the word at *@p, move *@p past it, and return the word. */
static char *next_word(char **p)
{
	char *word = skip_blanks(*p), *end = word;

	while (*end && !is_blank(*end))
		end++;
	*p = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

/* Cut a quoted name off *@p.  NULL: there is none. */
static char *next_quoted(char **p)
{
	char *start = strchr(*p, '"'), *end = start ? strchr(start + 1, '"') : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	*p = end + 1;
	return start + 1;
}

/* Parse @word, which must be a number of @base 10 or 16 and at most @max. */
static bool parse_number(const char *word, unsigned int base, uint64_t max, uint64_t *value)
{
	uint64_t v = 0;

	if (!*word)
		return false;
	for (; *word; word++) {
		unsigned int digit = *word >= '0' && *word <= '9' ? *word - '0' :
				     (*word | 0x20) >= 'a' && (*word | 0x20) <= 'f' ?
				     (*word | 0x20) - 'a' + 10 : 16;

		if (digit >= base || v > (max - digit) / base)
			return false;
		v = v * base + digit;
	}
	*value = v;
	return true;
}

static int parse_kind(const char *word, const char *name, struct vmdk_extent *e)
{
	static const struct { const char *word; enum vmdk_kind kind; } kinds[] = {
		{ "FLAT", VMDK_FLAT }, { "VMFS", VMDK_FLAT }, { "ZERO", VMDK_ZERO },
		{ "SPARSE", VMDK_TABLES }, { "VMFSSPARSE", VMDK_TABLES },
		{ "SESPARSE", VMDK_TABLES },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].word, word)) {
			e->kind = kinds[i].kind;
			return 0;
		}
	return error_set(-EOPNOTSUPP, "%s: VMDK extents of kind %.32s are not supported", name, word);
}

/* Parse an extent line, which begins with the allowed access ("RW"). */
static int parse_extent(char *line, const char *name, struct vmdk_descriptor *d)
{
	struct vmdk_extent *e = &d->extents[d->nr];
	uint64_t sectors, offset = 0;
	char *file = NULL;
	int err;

	next_word(&line);
	if (d->nr == VMDK_EXTENTS_MAX)
		return error_set(-EOPNOTSUPP, "%s: has more than %u extents", name, VMDK_EXTENTS_MAX);
	if (!parse_number(next_word(&line), 10, MAX_SECTORS, &sectors) || !sectors)
		return damaged(name, "the size of an extent is invalid");
	err = parse_kind(next_word(&line), name, e);
	if (err)
		return err;
	if (e->kind != VMDK_ZERO) {
		file = next_quoted(&line);
		if (!file || !*file)
			return damaged(name, "an extent names no file");
		line = skip_blanks(line);
	}
	if (e->kind == VMDK_FLAT && *line &&
	    !parse_number(next_word(&line), 10, MAX_SECTORS, &offset))
		return damaged(name, "the offset of an extent is invalid");
	e->len = sectors * SECTOR;
	e->offset = offset * SECTOR;
	e->name = file;
	d->nr++;
	return 0;
}

/* Get the value of "key=value" without its blanks and quotes; NULL: @line has another key. */
static char *value_of(char *line, const char *key)
{
	size_t len = strlen(key);
	char *value, *end;

	if (strncmp(line, key, len))
		return NULL;
	value = skip_blanks(line + len);
	if (*value != '=')
		return NULL;
	value = skip_blanks(value + 1);
	if (*value == '"') {
		value++;
		end = strchr(value, '"');
		end = end ? end : value + strlen(value);
	} else {
		for (end = value; *end && !is_blank(*end);)
			end++;
	}
	*end = '\0';
	return value;
}

static bool begins_extent(const char *line)
{
	return !strncmp(line, "RW ", 3) || !strncmp(line, "RDONLY ", 7);
}

static int parse_line(char *line, const char *name, struct vmdk_descriptor *d)
{
	uint64_t number;
	char *value;

	line = skip_blanks(line);
	if (begins_extent(line))
		return parse_extent(line, name, d);
	if (!strncmp(line, "NOACCESS ", 9))
		return error_set(-EOPNOTSUPP, "%s: has an extent with the access NOACCESS", name);
	if ((value = value_of(line, "CID")) || (value = value_of(line, "parentCID"))) {
		if (!parse_number(value, 16, 0xffffffff, &number))
			return damaged(name, "a content ID is not a number");
		*(*line == 'C' ? &d->cid : &d->parent_cid) = number;
	} else if ((value = value_of(line, "parentFileNameHint"))) {
		d->parent = value;
	}
	return 0;
}

int vmdk_parse_descriptor(char *text, size_t len, const char *name, struct vmdk_descriptor *d)
{
	char *line = text, *end;
	int err = 0;

	*d = (struct vmdk_descriptor){
		.text = text, .cid = VMDK_NO_CID, .parent_cid = VMDK_NO_CID, .parent = "",
		.extents = calloc(VMDK_EXTENTS_MAX, sizeof(*d->extents)),
	};
	if (!d->extents)
		return error_set(-ENOMEM, "%s: out of memory", name);
	text[len] = '\0';
	while (!err && *line) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		err = parse_line(line, name, d);
		line = end;
	}
	return err;
}

void vmdk_free_descriptor(struct vmdk_descriptor *d)
{
	free(d->text);
	free(d->extents);
}

bool vmdk_is_descriptor(const uint8_t *head, size_t len)
{
	static const char first[] = "# disk descriptorfile";
	size_t i = 0;

	if (len < sizeof(first))
		return false;
	while (i < sizeof(first) - 1 &&
	       (head[i] | (head[i] >= 'A' && head[i] <= 'Z' ? 0x20 : 0)) == (uint8_t)first[i])
		i++;
	return i == sizeof(first) - 1;
}
