// SPDX-License-Identifier: GPL-2.0
/*
 * owner-names.c - the names of users and groups, from the image's own /etc/passwd
 *
 * A name with other characters than NAME_CHARS is left out: it could look like two columns of
 * the output, or control a terminal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "image-path.h"
#include "messages.h"
#include "owner.h"

struct owner_name {
	uint32_t id;
	size_t line;			/* order in the file: the first name of a number counts */
	const char *name;
};

#define NAME_CHARS	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-$"

/*
 * Cut the line "name:password:id:..." at @line into name and number; false if it has another form.
 */
static bool parse_line(char *line, struct owner_name *out)
{
	size_t len = strspn(line, NAME_CHARS);
	const char *p = line + len;
	char *end;
	unsigned long long id;

	if (!len || *p++ != ':')
		return false;
	p += strcspn(p, ":\n");
	if (*p++ != ':' || *p < '0' || *p > '9')
		return false;
	id = strtoull(p, &end, 10);
	if (id >= OWNER_KEEP || !strchr(":\n", *end))
		return false;
	line[len] = '\0';
	*out = (struct owner_name){ .id = id, .name = line };
	return true;
}

static int by_id(const void *a, const void *b)
{
	const struct owner_name *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* Make a sorted list of the lines of @text. */
static struct owner_name *make_list(struct tool *t, char *text, size_t *nr)
{
	struct owner_name *list = NULL;
	size_t size = 0;

	*nr = 0;
	for (char *line = text; line && *line;) {
		char *next = line + strcspn(line, "\n");
		struct owner_name name;

		next += *next == '\n';
		if (parse_line(line, &name)) {
			if (*nr == size) {
				size = size ? size * 2 : 64;
				list = realloc(list, size * sizeof(*list));
				if (!list)
					tool_no_memory(t);
			}
			name.line = *nr;
			list[(*nr)++] = name;
		}
		line = next;
	}
	if (*nr)
		qsort(list, *nr, sizeof(*list), by_id);
	return list;
}

static void load(struct tool *t, struct owner_names *names, const char *path)
{
	int root = owner_open_root(t, path);

	for (int i = 0; root >= 0 && i < 2; i++) {
		names->texts[i] = owner_list(t, root, i);
		names->lists[i] = make_list(t, names->texts[i], &names->nr[i]);
	}
	if (root >= 0)
		lkl_sys_close(root);
}

void owner_names_load(struct tool *t, struct owner_names *names, const char *path)
{
	const char *rest;
	size_t len;

	if (anyfs_image_split_path(t->image, path, &rest))
		rest = path;		/* above the partitions, where no file has an owner */
	len = rest - path;
	if (names->top && strlen(names->top) == len && !strncmp(names->top, path, len))
		return;
	owner_names_free(names);
	names->top = strndup(path, len);
	if (!names->top)
		tool_no_memory(t);
	if (!tool_is_root(t, path))
		load(t, names, path);
}

const char *owner_name(const struct owner_names *names, bool group, uint32_t id)
{
	size_t low = 0, high = names->nr[group];

	/* Find the first line with this number. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (names->lists[group][middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == names->nr[group] || names->lists[group][low].id != id)
		return NULL;
	return names->lists[group][low].name;
}

const char *owner_text(const struct owner_names *names, bool group, uint32_t id, char buf[11])
{
	const char *name = owner_name(names, group, id);

	if (name)
		return name;
	sprintf(buf, "%u", id);
	return buf;
}

/* Find the first line of @name. */
static bool find_name(const struct owner_names *names, bool group, const char *name, uint32_t *id)
{
	const struct owner_name *found = NULL;

	for (size_t i = 0; i < names->nr[group]; i++) {
		const struct owner_name *n = &names->lists[group][i];

		if (!strcmp(n->name, name) && (!found || n->line < found->line))
			found = n;
	}
	if (found)
		*id = found->id;
	return found;
}

bool owner_id(struct owner_names *names, bool group, const char *text, uint32_t *id)
{
	typeof(names->last[0]) *last = &names->last[group];

	if (last->text != text) {
		last->text = text;
		last->found = find_name(names, group, text, &last->id) ||
			      owner_parse_number(text, strlen(text), &last->id);
	}
	*id = last->id;
	return last->found;
}

void owner_names_free(struct owner_names *names)
{
	for (int i = 0; i < 2; i++) {
		free(names->texts[i]);
		free(names->lists[i]);
	}
	free(names->top);
	memset(names, 0, sizeof(*names));
}
