// SPDX-License-Identifier: GPL-2.0
/*
 * tree.c - describe an image as JSON: its partitions, and the tree of its nodes
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "disk.h"

static const char *const kinds[] = {
	[ANYFS_NODE_DISK] = "disk", [ANYFS_NODE_PARTITION] = "partition",
	[ANYFS_NODE_TABLE] = "table", [ANYFS_NODE_CRYPT] = "crypt",
	[ANYFS_NODE_GROUP] = "group", [ANYFS_NODE_VOLUME] = "volume",
	[ANYFS_NODE_FILESYSTEM] = "filesystem", [ANYFS_NODE_OTHER] = "other",
	[ANYFS_NODE_ARRAY] = "array", [ANYFS_NODE_FILE] = "file",
	[ANYFS_NODE_VERITY] = "verity",
};

static const char *const states[] = {
	[ANYFS_NODE_NEW] = "new", [ANYFS_NODE_OPENING] = "opening",
	[ANYFS_NODE_OPEN] = "open", [ANYFS_NODE_FAILED] = "failed",
};

/* Labels are bytes of the image: JavaScript decodes the JSON as UTF-8 with replacements. */
static void put_string(FILE *f, const char *name, const char *value)
{
	fprintf(f, "\"%s\":\"", name);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			fprintf(f, "\\%c", *value);
		else if ((unsigned char)*value < 0x20)
			fprintf(f, "\\u%04x", *value);
		else
			fputc(*value, f);
	}
	fputc('"', f);
}

void put_strings(FILE *f, const struct json_string *strings)
{
	for (const struct json_string *s = strings; s->name; s++) {
		if (s > strings)
			fputc(',', f);
		put_string(f, s->name, s->value);
	}
}

static void put_part(FILE *f, const AnyfsPart *p)
{
	const struct json_string strings[] = {
		{ "path", p->path }, { "type", p->type }, { "name", p->name },
		{ "partuuid", p->partuuid }, { "fstype", p->fstype }, { "label", p->label },
		{ "uuid", p->uuid }, { NULL, NULL },
	};

	fprintf(f, "{\"number\":%u,\"start\":%llu,\"size\":%llu,", p->number,
		(unsigned long long)p->start, (unsigned long long)p->size);
	put_strings(f, strings);
	fputc('}', f);
}

static int put_parts(FILE *f, struct disk *d)
{
	AnyfsPart *parts;
	int n = anyfs_image_parts(d->image, &parts);

	if (n < 0)
		return n;
	fputc('[', f);
	for (int i = 0; i < n; i++) {
		if (i)
			fputc(',', f);
		put_part(f, &parts[i]);
	}
	fputc(']', f);
	anyfs_free(parts);
	return 0;
}

static void put_node_strings(FILE *f, const struct anyfs_node *n)
{
	const struct json_string strings[] = {
		{ "name", anyfs_node_name(n) }, { "path", anyfs_node_path(n) },
		{ "type", anyfs_node_type(n) }, { "fstype", anyfs_node_fstype(n) },
		{ "label", anyfs_node_label(n) }, { "uuid", anyfs_node_uuid(n) }, { NULL, NULL },
	};

	put_strings(f, strings);
}

static void put_node(FILE *f, struct anyfs_node *n, unsigned int depth)
{
	const char *reason = "";
	struct anyfs_node *child;
	int err;

	/* An error stays in the node; the nodes beside it can still be described. */
	anyfs_node_enter(n);
	err = anyfs_node_error(n, &reason);
	fprintf(f, "{\"kind\":\"%s\",\"state\":\"%s\",\"size\":%llu,", kinds[anyfs_node_kind(n)],
		states[anyfs_node_state(n)], (unsigned long long)anyfs_node_size(n));
	if (err) {
		put_string(f, "error", reason);
		fprintf(f, ",\"errno\":%d,", err);
	}
	put_node_strings(f, n);
	fputs(",\"children\":[", f);
	for (unsigned int i = 0; depth && (child = anyfs_node_child(n, i)); i++) {
		if (i)
			fputc(',', f);
		put_node(f, child, depth - 1);
	}
	fputs("]}", f);
}

static int put_info(FILE *f, struct disk *d)
{
	int id = anyfs_image_disk(d->image), rc;
	int64_t size = anyfs_disk_size(id);
	char text[64] = "";

	if (size < 0)
		return size;
	fprintf(f, "{\"size\":%lld,\"partitioned\":%s,", (long long)size,
		d->partitioned ? "true" : "false");
	rc = anyfs_disk_format(id, text, sizeof(text));
	if (rc)
		return rc;
	put_string(f, "format", text);
	fputc(',', f);
	rc = anyfs_disk_table(id, text, sizeof(text));
	put_string(f, "table", rc ? "" : text);
	fputc(',', f);
	put_string(f, "kernel", anyfs_kernel_release(d->kernel));
	fputc('}', f);
	return 0;
}

void tree_run(struct disk *d, struct job *job)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f) {
		job->result = -ENOMEM;
		return;
	}
	if (job->kind == JOB_PARTS)
		job->result = put_parts(f, d);
	else if (job->kind == JOB_INFO)
		job->result = put_info(f, d);
	else
		put_node(f, anyfs_image_node(d->image), 32);
	if (fclose(f) && !job->result)
		job->result = -ENOMEM;
	if (!job->result) {
		job->text = text;
		return;
	}
	free(text);
	job->text = strdup(anyfs_strerror_last());
}
