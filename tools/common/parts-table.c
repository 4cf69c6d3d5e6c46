// SPDX-License-Identifier: GPL-2.0
/*
 * parts-table.c - the table of partitions, for anyfs parts and anyfs-lspart
 *
 * Every cell is one word: blanks are escaped, and "-" stands for an empty cell.
 */
#include <stdlib.h>
#include <string.h>
#include "image-path.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "parts-table.h"
#include "parts-tree.h"
#include "run.h"

#define COLUMNS	6

struct row {
	char *cells[COLUMNS];
};

static char *cell_text(struct tool *t, const char *text)
{
	char *safe = escape_text(*text ? text : "-", true);

	if (!safe)
		tool_no_memory(t);
	return safe;
}

static void fill_row(struct tool *t, struct row *row, const AnyfsPart *p, bool bytes)
{
	char size[32];

	if (bytes)
		snprintf(size, sizeof(size), "%llu", (unsigned long long)p->size);
	else
		format_size(p->size, size, sizeof(size));
	row->cells[0] = cell_text(t, p->path);
	row->cells[1] = cell_text(t, p->type);
	row->cells[2] = cell_text(t, size);
	row->cells[3] = cell_text(t, p->fstype);
	row->cells[4] = cell_text(t, p->label);
	row->cells[5] = cell_text(t, p->uuid);
}

static void print_row(FILE *out, const struct row *row, const int *width)
{
	for (int c = 0; c < COLUMNS; c++) {
		if (c == COLUMNS - 1)
			fprintf(out, "%s\n", row->cells[c]);
		else if (c == 2)
			fprintf(out, "%*s ", width[c], row->cells[c]);
		else
			fprintf(out, "%-*s ", width[c], row->cells[c]);
	}
}

static void print_table(struct tool *t, FILE *out, const AnyfsPart *parts, int nr, bool bytes)
{
	static const struct row head = { { "PATH", "TYPE", "SIZE", "FSTYPE", "LABEL", "UUID" } };
	struct row *rows = calloc(nr + 1, sizeof(*rows));
	int width[COLUMNS] = { 0 };

	if (!rows)
		tool_no_memory(t);
	rows[0] = head;
	for (int i = 0; i < nr; i++)
		fill_row(t, &rows[i + 1], &parts[i], bytes);
	for (int i = 0; i <= nr; i++)
		for (int c = 0; c < COLUMNS; c++)
			if ((int)strlen(rows[i].cells[c]) > width[c])
				width[c] = strlen(rows[i].cells[c]);
	for (int i = 0; i <= nr; i++)
		print_row(out, &rows[i], width);
	for (int i = 1; i <= nr; i++)
		for (int c = 0; c < COLUMNS; c++)
			free(rows[i].cells[c]);
	free(rows);
}

char *parts_text(struct tool *t, struct anyfs_image *image)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	AnyfsPart *parts;
	int nr;

	if (!out)
		tool_no_memory(t);
	nr = anyfs_image_parts(image, &parts);
	if (nr < 0) {
		tool_error(t, "%s", anyfs_strerror_last());
		fclose(out);
		free(text);
		return NULL;
	}
	print_table(t, out, parts, nr, false);
	anyfs_free(parts);
	if (fclose(out))
		tool_no_memory(t);
	return text;
}

static void print_json(struct tool *t, const char *table, const char *format,
		       const AnyfsPart *parts, int nr)
{
	putchar('{');
	json_text("image", t->image_path);
	printf(", \"size\": %lld, ", (long long)anyfs_disk_size(anyfs_image_disk(t->image)));
	json_text("format", format);
	printf(", ");
	json_text("table", table);
	printf(", \"partitions\": [");
	for (int i = 0; i < nr; i++) {
		const AnyfsPart *p = &parts[i];

		printf("%s\n{", i ? "," : "");
		json_text("path", p->path);
		printf(", \"number\": %u, \"start\": %llu, \"size\": %llu, ", p->number,
		       (unsigned long long)p->start, (unsigned long long)p->size);
		json_text("type", p->type);
		printf(", ");
		json_text("name", p->name);
		printf(", ");
		json_text("partuuid", p->partuuid);
		printf(", ");
		json_text("fstype", p->fstype);
		printf(", ");
		json_text("label", p->label);
		printf(", ");
		json_text("uuid", p->uuid);
		putchar('}');
	}
	printf("\n], ");
	parts_tree_json(t);
	result_end_object(t);
}

/*
 * True if the image has neither a partition table nor a known file system.  Opening its root
 * then reports the reason.
 */
static bool report_unrecognised(struct tool *t, const AnyfsPart *parts, int nr)
{
	int fd;

	if (nr != 1 || parts->number || *parts->fstype)
		return false;
	fd = tool_openat(t, "/", LKL_O_PATH);
	if (fd < 0)
		return true;
	lkl_sys_close(fd);
	return false;
}

/* Report encrypted volumes that were opened and have no known content: they have no row. */
static void note_opened(struct tool *t, struct anyfs_node *n)
{
	struct anyfs_node *c;

	if (anyfs_node_shown_at(n))
		return;
	for (unsigned int i = 0; (c = anyfs_node_child(n, i)); i++) {
		if (anyfs_node_kind(n) == ANYFS_NODE_CRYPT &&
		    anyfs_node_kind(c) == ANYFS_NODE_OTHER && !*anyfs_node_fstype(c) &&
		    anyfs_node_enter(c))
			tool_note(t, "%s", anyfs_strerror_last());
		note_opened(t, c);
	}
}

static void show(struct tool *t, bool bytes, bool tree)
{
	int disk = anyfs_image_disk(t->image);
	char table[32], format[64];
	AnyfsPart *parts;
	int nr = anyfs_disk_table(disk, table, sizeof(table));

	if (nr >= 0)
		nr = anyfs_disk_format(disk, format, sizeof(format));
	if (nr >= 0)
		nr = anyfs_image_parts(t->image, &parts);
	if (nr < 0) {
		tool_error(t, "%s", anyfs_strerror_last());
		return;
	}
	if (!report_unrecognised(t, parts, nr)) {
		if (t->json)
			print_json(t, table, format, parts, nr);
		else if (tree)
			parts_tree_draw(t, bytes);
		else
			print_table(t, stdout, parts, nr, bytes);
		if (!t->json)
			note_opened(t, anyfs_image_node(t->image));
	}
	anyfs_free(parts);
}

int parts_run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "bytes", no_argument, NULL, 'b' },
		{ "tree", no_argument, NULL, OPT_VERB },
		TOOL_LONG_OPTIONS
	};
	bool bytes = false, tree = false;
	int c;

	while ((c = tool_getopt(t, argc, argv, "b", options)) != -1) {
		bytes |= c == 'b';
		tree |= c == OPT_VERB;
	}
	tool_need_args(t, argc, 1, 1);
	tool_open(t, argv[optind]);
	show(t, bytes, tree);
	return 0;
}
