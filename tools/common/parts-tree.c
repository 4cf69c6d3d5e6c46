// SPDX-License-Identifier: GPL-2.0
/*
 * parts-tree.c - print the tree of an image, as a drawing and as JSON
 *
 * All nodes are opened except file systems, which would have to be mounted.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "output.h"
#include "parts-tree.h"

/* The type names of lsblk, for the types that lsblk knows. */
static const char *kind_name(struct anyfs_node *n)
{
	switch (anyfs_node_kind(n)) {
	case ANYFS_NODE_DISK:
		return "disk";
	case ANYFS_NODE_PARTITION:
		return "part";
	case ANYFS_NODE_TABLE:
		return "table";
	case ANYFS_NODE_CRYPT:
		return "crypt";
	case ANYFS_NODE_VERITY:
		return "verity";
	case ANYFS_NODE_GROUP:
		return "group";
	case ANYFS_NODE_VOLUME:
		return "lvm";
	case ANYFS_NODE_ARRAY:
		if (anyfs_node_shown_at(n))
			n = anyfs_node_shown_at(n);
		return *anyfs_node_type(n) ? anyfs_node_type(n) : "raid";
	case ANYFS_NODE_FILE:
		return "loop";
	case ANYFS_NODE_FILESYSTEM:
		return "filesystem";
	case ANYFS_NODE_OTHER:
		break;
	}
	return "other";
}

static const char *state_name(struct anyfs_node *n)
{
	switch (anyfs_node_state(n)) {
	case ANYFS_NODE_NEW:
		return "new";
	case ANYFS_NODE_OPENING:
		return "opening";
	case ANYFS_NODE_OPEN:
		return "open";
	case ANYFS_NODE_FAILED:
		break;
	}
	return "failed";
}

/*
 * Get the children of @n; nodes that cannot be opened have the reason in their state.  Lack of
 * memory is an error instead, since it is not a state of the node.
 */
static void enter(struct tool *t, struct anyfs_node *n)
{
	enum anyfs_node_kind kind = anyfs_node_kind(n);
	int rc = kind != ANYFS_NODE_FILESYSTEM ? anyfs_node_enter(n) : 0;

	if (rc == -ENOMEM && kind != ANYFS_NODE_CRYPT)
		tool_failed(t, anyfs_node_path(n), anyfs_strerror_last(), rc);
}

/* An only child has no name: print its content instead. */
static const char *shown_name(struct tool *t, struct anyfs_node *n)
{
	if (*anyfs_node_name(n))
		return anyfs_node_name(n);
	if (!anyfs_node_parent(n))
		return t->image_path;
	return *anyfs_node_fstype(n) ? anyfs_node_fstype(n) : "-";
}

static void draw_row(struct tool *t, struct anyfs_node *n, const char *indent, bool bytes)
{
	struct anyfs_node *at = anyfs_node_shown_at(n);
	char *name = escape_text(shown_name(t, n), true);
	char *label = escape_text(anyfs_node_label(n), true);
	char size[32];

	if (!name || !label)
		tool_no_memory(t);
	if (bytes)
		snprintf(size, sizeof(size), "%llu", (unsigned long long)anyfs_node_size(n));
	else
		format_size(anyfs_node_size(n), size, sizeof(size));
	printf("%s%s %s", indent, name, kind_name(n));
	if (anyfs_node_size(n))
		printf(" %s", size);
	if (*label)
		printf(" %s", label);
	if (*anyfs_node_uuid(n))
		printf(" %s", anyfs_node_uuid(n));
	if (at)
		printf(" -> %s", anyfs_node_path(at));
	else if (anyfs_node_state(n) == ANYFS_NODE_FAILED)
		fputs(" (failed)", stdout);
	putchar('\n');
	free(name);
	free(label);
}

/* Draw the rows of @n and its children.  @above is the indent: two characters for each parent. */
static void draw(struct tool *t, struct anyfs_node *n, const char *above, bool last, bool bytes)
{
	bool root = !anyfs_node_parent(n);
	size_t room = strlen(above) + 16;
	char *indent = malloc(room);
	struct anyfs_node *c, *next;

	if (!indent)
		tool_no_memory(t);
	snprintf(indent, room, "%s%s", above, root ? "" : last ? "`-" : "|-");
	enter(t, n);
	draw_row(t, n, indent, bytes);
	snprintf(indent, room, "%s%s", above, root ? "" : last ? "  " : "| ");
	if (!anyfs_node_shown_at(n))
		for (unsigned int i = 0; (c = anyfs_node_child(n, i)); i++) {
			next = anyfs_node_child(n, i + 1);
			draw(t, c, indent, !next, bytes);
		}
	free(indent);
}

void parts_tree_draw(struct tool *t, bool bytes)
{
	draw(t, anyfs_image_node(t->image), "", true, bytes);
}

static void print_node(struct tool *t, struct anyfs_node *n)
{
	struct anyfs_node *at = anyfs_node_shown_at(n), *c;
	const struct { const char *key, *value; } texts[] = {
		{ "name", shown_name(t, n) }, { "path", anyfs_node_path(n) },
		{ "type", kind_name(n) }, { "state", state_name(n) },
		{ "fstype", anyfs_node_fstype(n) }, { "label", anyfs_node_label(n) },
		{ "uuid", anyfs_node_uuid(n) }, { "parttype", anyfs_node_type(n) },
	};
	const char *reason;

	putchar('{');
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_text(texts[i].key, texts[i].value);
		fputs(", ", stdout);
	}
	printf("\"size\": %llu", (unsigned long long)anyfs_node_size(n));
	if (at) {
		fputs(", ", stdout);
		json_text("shown_at", anyfs_node_path(at));
	} else if (anyfs_node_error(n, &reason)) {
		fputs(", ", stdout);
		json_text("reason", reason);
	}
	if (!at && anyfs_node_child(n, 0)) {
		fputs(", \"children\": [", stdout);
		for (unsigned int i = 0; (c = anyfs_node_child(n, i)); i++) {
			fputs(i ? ",\n" : "\n", stdout);
			enter(t, c);
			print_node(t, c);
		}
		putchar(']');
	}
	putchar('}');
}

void parts_tree_json(struct tool *t)
{
	struct anyfs_node *root = anyfs_image_node(t->image);

	enter(t, root);
	fputs("\"blockdevices\": [\n", stdout);
	print_node(t, root);
	fputs("], ", stdout);
}
