// SPDX-License-Identifier: GPL-2.0
/*
 * owner.c - look up users and groups in the image's own /etc/passwd and /etc/group
 *
 * The host's names do not apply to the image.  The image's files are hostile: they are read
 * up to a limit, and a number field must consist of digits only.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "image-path.h"
#include "messages.h"
#include "owner.h"
#include <lkl/linux/openat2.h>

#define FILE_BYTES_MAX	(4u << 20)

bool owner_parse_number(const char *text, size_t len, uint32_t *id)
{
	uint64_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		n = n * 10 + (text[i] - '0');
		if (n >= OWNER_KEEP)
			return false;
	}
	*id = n;
	return len > 0;
}

char *owner_list(struct tool *t, int root, bool group)
{
	const struct lkl_open_how how = {
		.flags = LKL_O_RDONLY | LKL_O_NONBLOCK,
		.resolve = LKL_RESOLVE_IN_ROOT | LKL_RESOLVE_NO_MAGICLINKS,
	};
	const char *path = group ? "etc/group" : "etc/passwd";
	long fd = lkl_sys_openat2(root, path, (void *)&how, sizeof(how));
	size_t used = 0;
	char *text;
	long n = 1;

	if (fd < 0)
		return NULL;
	text = tool_alloc(t, FILE_BYTES_MAX + 1);
	while (used < FILE_BYTES_MAX &&
	       (n = lkl_sys_read(fd, text + used, FILE_BYTES_MAX - used)) > 0)
		used += n;
	lkl_sys_close(fd);
	text[n < 0 ? 0 : used] = '\0';
	return text;
}

/* Parse field @nr, from 0, of the line of @name: "name:password:id:..." */
static bool find_field(const char *text, const char *name, int nr, uint32_t *id)
{
	size_t len = strlen(name);

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *p = line;

		if (strncmp(line, name, len) || line[len] != ':')
			continue;
		for (int i = 0; i < nr && *p && *p != '\n'; i++)
			p += strcspn(p, ":\n"), p += *p == ':';
		return owner_parse_number(p, strcspn(p, ":\n"), id);
	}
	return false;
}

static bool look_up(struct tool *t, int root, bool group, const char *name, int field,
		    uint32_t *id)
{
	char *text = owner_list(t, root, group);
	bool found = text && find_field(text, name, field, id);

	free(text);
	return found;
}

bool owner_number(struct tool *t, int root, bool group, const char *name, uint32_t *id)
{
	return look_up(t, root, group, name, 2, id);
}

int owner_open_root(struct tool *t, const char *path)
{
	const char *rest;
	char *top;
	int fd;

	if (anyfs_image_split_path(t->image, path, &rest))
		return tool_openat(t, path, LKL_O_PATH | LKL_O_DIRECTORY);
	if (asprintf(&top, "/%.*s", (int)(rest - path), path) < 0)
		tool_no_memory(t);
	fd = tool_openat(t, top, LKL_O_PATH | LKL_O_DIRECTORY);
	free(top);
	return fd;
}

static bool parse_one(struct tool *t, int root, bool group, const char *name, uint32_t *id)
{
	if (owner_parse_number(name, strlen(name), id) || owner_number(t, root, group, name, id))
		return true;
	tool_error(t, "%s: no such %s in the image; give its number", name,
		   group ? "group" : "user");
	return false;
}

static bool parse_both(struct tool *t, int root, const char *user, const char *group,
		       struct owner *o)
{
	if (*user && !parse_one(t, root, false, user, &o->uid))
		return false;
	if (group && *group)
		return parse_one(t, root, true, group, &o->gid);
	if (!group || !*user)
		return true;
	/* "USER:": the fourth field of passwd; a number has none. */
	if (look_up(t, root, false, user, 3, &o->gid))
		return true;
	tool_error(t, "%s: /etc/passwd in the image has no group for this user; give USER:GROUP", user);
	return false;
}

bool owner_parse(struct tool *t, const char *path, const char *text, struct owner *o)
{
	char *user = strdup(text), *group;
	int root = owner_open_root(t, path);
	bool ok;

	if (!user)
		tool_no_memory(t);
	*o = (struct owner){ OWNER_KEEP, OWNER_KEEP };
	if (root < 0) {
		free(user);
		return false;
	}
	group = strchr(user, ':');
	if (group)
		*group++ = '\0';
	ok = parse_both(t, root, user, group, o);
	if (ok && o->uid == OWNER_KEEP && o->gid == OWNER_KEEP) {
		tool_error(t, "\"%s\": not an owner: give USER, USER:GROUP or :GROUP", text);
		ok = false;
	}
	lkl_sys_close(root);
	free(user);
	return ok;
}
