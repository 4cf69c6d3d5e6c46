// SPDX-License-Identifier: GPL-2.0
/*
 * mkdisk-parse.c - parse the option --part of anyfs mkdisk
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "mkdisk.h"
#include "options.h"
#include "parse.h"
#include "run.h"
#include "words.h"

#define SECTOR		512u
#define GPT_NAME_MAX	36		/* characters */

bool mkdisk_is_uuid(const char *text)
{
	for (int i = 0; i < 36; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' :
		    !isxdigit((unsigned char)text[i]))
			return false;
	return !text[36];
}

/* The number of characters of UTF-8 text. */
static size_t count_characters(const char *text)
{
	size_t nr = 0;

	for (; *text; text++)
		nr += (*text & 0xc0) != 0x80;
	return nr;
}

static void set_options(struct tool *t, struct mkdisk_part *part, const char *value)
{
	size_t nr;

	part->job.options = words_split(value, &nr);
	if (!part->job.options)
		tool_usage(t, "--part %s: options=%s: a quote is not closed", part->name, value);
}

static void set_option(struct tool *t, struct mkdisk_part *part, const char *name,
		       const char *value)
{
	if (!strcmp(name, "label"))
		part->job.label = value;
	else if (!strcmp(name, "fs-uuid"))
		part->job.uuid = value;
	else if (!strcmp(name, "uuid"))
		part->uuid = value;
	else if (!strcmp(name, "type"))
		part->type = value;
	else if (!mkdisk_luks_option(t, part, name, value))
		tool_usage(t, "--part %s: unknown option %s; known: label, uuid, fs-uuid, type, options, luks and those of anyfs-mkdisk(1) for encrypted partitions",
			   part->name, name);
	if (!*value)
		tool_usage(t, "--part %s: %s has no value", part->name, name);
	if (!strcmp(name, "uuid") && !mkdisk_is_uuid(value))
		tool_usage(t, "--part %s: uuid=%s: give a UUID, such as 6f8b3c1e-2d4a-4c5f-9e7b-a1b2c3d4e5f6",
			   part->name, value);
}

/*
 * Parse the options after the size: "label=root:luks:options=-m 0".  options= takes all that
 * follows; luks may have no value.
 */
static void parse_options(struct tool *t, struct mkdisk_part *part, char *text)
{
	while (text) {
		char *value = strchr(text, '='), *end;

		if (!strncmp(text, "luks", 4) && (text[4] == ':' || !text[4])) {
			set_option(t, part, "luks", "2");
			text = text[4] ? text + 5 : NULL;
			continue;
		}
		if (!value || value > text + strcspn(text, ":"))
			tool_usage(t, "--part %s: %s: give OPTION=VALUE, such as label=root", part->name, text);
		*value++ = '\0';
		if (!strcmp(text, "options")) {
			set_options(t, part, value);
			return;
		}
		end = strchr(value, ':');
		if (end)
			*end++ = '\0';
		set_option(t, part, text, value);
		text = end;
	}
}

static void parse_size_field(struct tool *t, struct mkdisk_part *part, const char *text)
{
	part->rest = !strcmp(text, "rest");
	if (!part->rest && (!parse_size(text, &part->size) || !part->size || part->size % SECTOR))
		tool_usage(t, "--part %s: size %s: give a multiple of 512 bytes, a size such as 256M, or rest",
			   part->name, text);
}

static void find_tool(struct tool *t, struct mkdisk_part *part)
{
	const char *missing;

	if (!strcmp(part->fs, "none")) {
		if (part->job.label || part->job.uuid || part->job.options)
			tool_usage(t, "--part %s: label, fs-uuid and options need a file system",
				   part->name);
		return;
	}
	part->job.tool = mkfs_find(t, part->fs);
	if (!part->job.tool)
		tool_exit(t, EXIT_USAGE);
	missing = mkfs_lacks(&part->job);
	if (missing)
		tool_usage(t, "--part %s: the program that makes %s sets no %s", part->name,
			   part->fs, missing);
}

void mkdisk_add_part(struct tool *t, struct mkdisk *disk, const char *text)
{
	struct mkdisk_part *part = &disk->parts[disk->nr_parts];
	char *next = tool_strdup(t, text), *size;

	if (disk->nr_parts++ == MKDISK_PARTS_MAX)
		tool_usage(t, "--part: a disk has at most %d partitions", MKDISK_PARTS_MAX);
	part->name = strsep(&next, ":");
	part->fs = strsep(&next, ":");
	size = strsep(&next, ":");
	if (!*part->name || !part->fs || !*part->fs || !size)
		tool_usage(t, "--part %s: give NAME:FILESYSTEM:SIZE", text);
	if (count_characters(part->name) > GPT_NAME_MAX)
		tool_usage(t, "--part %s: a name has at most %d characters", part->name, GPT_NAME_MAX);
	parse_size_field(t, part, size);
	parse_options(t, part, next);
	mkdisk_luks_check(t, part);
	part->job.sector_size = part->luks.version ? mkdisk_luks_sector(&part->luks) : 0;
	find_tool(t, part);
}
