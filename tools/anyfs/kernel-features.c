// SPDX-License-Identifier: GPL-2.0
/*
 * kernel-features.c - the features of this build, queried from the kernel
 *
 * File systems, ciphers, device mapper targets and RAID levels come from files and calls of
 * the kernel.  Partition tables and character sets, which it does not list, come from its
 * configuration (/proc/config.gz).
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <lkl/linux/dm-ioctl.h>
#include <lkl/linux/fcntl.h>
#include <zlib.h>
#include "kernel-features.h"
#include "messages.h"

#define TEXT_MAX	(4u << 20)	/* bytes of one file in /proc, uncompressed */
#define DM_CONTROL	(10 << 8 | 236)	/* misc, MAPPER_CTRL_MINOR */

static void add(struct tool *t, struct feature_list *list, const char *name, size_t len)
{
	char **more = realloc(list->names, (list->nr + 1) * sizeof(*more));

	if (!more)
		tool_no_memory(t);
	list->names = more;
	more[list->nr] = strndup(name, len);
	if (!more[list->nr++])
		tool_no_memory(t);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sort the list and remove duplicates. */
static void sort_unique(struct feature_list *list)
{
	size_t nr = 0;

	if (list->nr)
		qsort(list->names, list->nr, sizeof(*list->names), by_name);
	for (size_t i = 0; i < list->nr; i++) {
		if (nr && !strcmp(list->names[nr - 1], list->names[i]))
			free(list->names[i]);
		else
			list->names[nr++] = list->names[i];
	}
	list->nr = nr;
}

/* Read a whole file of the kernel, zero-terminated, to be freed; @len may be NULL. */
static char *read_file(struct tool *t, const char *path, size_t *len)
{
	long fd = lkl_sys_open(path, LKL_O_RDONLY, 0), n = fd;
	char *text = NULL;
	size_t done = 0;

	while (n >= 0 && done < TEXT_MAX) {
		char *more = realloc(text, done + 65537);

		if (!more)
			tool_no_memory(t);
		text = more;
		n = lkl_sys_read(fd, text + done, 65536);
		if (n <= 0)
			break;
		done += n;
	}
	if (fd >= 0)
		lkl_sys_close(fd);
	if (n < 0) {
		tool_errno(t, path, n);
		free(text);
		return NULL;
	}
	text[done] = '\0';
	if (len)
		*len = done;
	return text;
}

/* The line after @p, or NULL at the end; *@len gets the length of the line at @p. */
static char *next_line(char *p, size_t *len)
{
	*len = strcspn(p, "\n");
	return p[*len] ? p + *len + 1 : NULL;
}

/* Lines are "nodev<TAB>tmpfs", or a tab and the name of a file system that needs a disk. */
static void read_file_systems(struct tool *t, struct features *f)
{
	char *text = read_file(t, "/proc/filesystems", NULL);
	size_t len;

	for (char *p = text, *next; p && *p; p = next) {
		next = next_line(p, &len);
		if (*p == '\t')
			add(t, &f->file_systems, p + 1, len - 1);
	}
	free(text);
}

/* The line is "Personalities : [raid0] [raid1]". */
static void read_md_levels(struct tool *t, struct features *f)
{
	char *text = read_file(t, "/proc/mdstat", NULL);

	for (char *p = text; p && *p && *p != '\n'; p++)
		if (*p == '[')
			add(t, &f->md_levels, p + 1, strcspn(p + 1, "]\n"));
	free(text);
}

/* Each algorithm has a paragraph with its name and, further down, its type. */
static void read_ciphers(struct tool *t, struct features *f)
{
	char *text = read_file(t, "/proc/crypto", NULL), *name = NULL;
	size_t len, name_len = 0;

	for (char *p = text, *next; p && *p; p = next) {
		char *value = strchr(p, ':');

		next = next_line(p, &len);
		if (!value || value > p + len - 2)
			continue;
		value += 2;
		len -= value - p;
		if (!strncmp(p, "name ", 5)) {
			name = value;
			name_len = len;
		} else if (name && !strncmp(p, "type ", 5) && !memchr(name, '(', name_len)) {
			if (!strncmp(value, "cipher", 6) || !strncmp(value, "skcipher", 8) ||
			    !strncmp(value, "aead", 4))
				add(t, &f->ciphers, name, name_len);
			else if (!strncmp(value, "shash", 5) || !strncmp(value, "ahash", 5))
				add(t, &f->sums, name, name_len);
		}
	}
	free(text);
}

/* ---- The configuration -------------------------------------------------- */

/* Options that begin with @prefix and end with @suffix; the part between is the feature. */
static const struct rule {
	const char *prefix, *suffix;
	size_t list;			/* offset in struct features */
	const char *name_prefix;
} rules[] = {
#define LIST(member)	offsetof(struct features, member)
	{ "NLS_CODEPAGE_", "", LIST(charsets), "cp" },
	{ "NLS_MAC_", "", LIST(charsets), "mac" },
	{ "NLS_", "", LIST(charsets), "" },
	{ "", "_SUBPARTITION", LIST(partition_tables), "" },
	{ "", "_PARTITION", LIST(partition_tables), "" },
	{ "", "_DISKLABEL", LIST(partition_tables), "" },
	{ "FS_ENCRYPTION", "", LIST(options), "encryption" },
	{ "FS_VERITY", "", LIST(options), "verity" },
	{ "FS_POSIX_ACL", "", LIST(options), "acl" },
	{ "UNICODE", "", LIST(options), "casefold" },
	{ "QUOTA", "", LIST(options), "quota" },
	{ "CRYPTO_XTS", "", LIST(modes), "xts" },
	{ "CRYPTO_CBC", "", LIST(modes), "cbc" },
	{ "CRYPTO_ECB", "", LIST(modes), "ecb" },
	{ "CRYPTO_CTR", "", LIST(modes), "ctr" },
	{ "CRYPTO_CTS", "", LIST(modes), "cts" },
	{ "CRYPTO_LRW", "", LIST(modes), "lrw" },
	{ "CRYPTO_PCBC", "", LIST(modes), "pcbc" },
	{ "CRYPTO_ESSIV", "", LIST(modes), "essiv" },
	{ "CRYPTO_ADIANTUM", "", LIST(modes), "adiantum" },
	{ "CRYPTO_HCTR2", "", LIST(modes), "hctr2" },
	{ "CRYPTO_GCM", "", LIST(modes), "gcm" },
	{ "CRYPTO_CCM", "", LIST(modes), "ccm" },
};

/* Options that match a rule although they should not, and better names for some options. */
static const char *const not_meant[] = { "NLS_UCS2_UTILS", "NLS_DEFAULT" };
static const struct { const char *option, *name; } renamed[] = {
	{ "MSDOS_PARTITION", "dos" }, { "EFI_PARTITION", "gpt" },
};

static bool matches(const struct rule *r, const char *option, size_t len)
{
	size_t head = strlen(r->prefix), tail = strlen(r->suffix);

	if (len < head + tail || memcmp(option, r->prefix, head) ||
	    memcmp(option + len - tail, r->suffix, tail))
		return false;
	/* With a suffix, or "_" at the end of the prefix, the option must be longer, else equal. */
	return tail || r->prefix[head - 1] == '_' ? len > head + tail : len == head;
}

/* Add the feature of an enabled option; "ISO8859_1" becomes iso8859-1. */
static void option_enabled(struct tool *t, struct features *f, const char *option, size_t len)
{
	char name[128];

	for (size_t i = 0; i < sizeof(not_meant) / sizeof(not_meant[0]); i++)
		if (!strncmp(option, not_meant[i], len) && !not_meant[i][len])
			return;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *r = &rules[i];
		size_t head = strlen(r->prefix), n;

		if (!matches(r, option, len))
			continue;
		n = snprintf(name, sizeof(name), "%s%.*s", r->name_prefix,
			     (int)(len - head - strlen(r->suffix)), option + head);
		for (char *p = name; *p; p++)
			*p = *p == '_' ? '-' : tolower((unsigned char)*p);
		for (size_t j = 0; j < sizeof(renamed) / sizeof(renamed[0]); j++)
			if (!strncmp(option, renamed[j].option, len))
				n = snprintf(name, sizeof(name), "%s", renamed[j].name);
		add(t, (struct feature_list *)((char *)f + r->list), name, n);
		return;
	}
}

/* Uncompress the kernel's configuration, @len bytes in gzip format. */
static char *unpack(struct tool *t, char *packed, size_t len)
{
	z_stream z = { .next_in = (Bytef *)packed, .avail_in = len };
	char *text = malloc(TEXT_MAX + 1);

	if (!text || inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		tool_no_memory(t);
	z.next_out = (Bytef *)text;
	z.avail_out = TEXT_MAX;
	if (inflate(&z, Z_FINISH) != Z_STREAM_END) {
		tool_error(t, "/proc/config.gz: %s", z.msg ? z.msg : "truncated");
		z.total_out = 0;
	}
	text[z.total_out] = '\0';
	inflateEnd(&z);
	return text;
}

static void read_configuration(struct tool *t, struct features *f)
{
	size_t len = 0;
	char *packed = read_file(t, "/proc/config.gz", &len);
	char *text = packed ? unpack(t, packed, len) : NULL;

	for (char *p = text, *next; p && *p; p = next) {
		next = next_line(p, &len);
		if (len > 9 && !memcmp(p, "CONFIG_", 7) && !memcmp(p + len - 2, "=y", 2))
			option_enabled(t, f, p + 7, len - 9);
	}
	free(text);
	free(packed);
}

/* ---- The device mapper -------------------------------------------------- */

static void read_dm_targets(struct tool *t, struct features *f)
{
	static const char node[] = "/dm-control";
	union {
		struct lkl_dm_ioctl head;
		char room[16384];
	} *io = calloc(1, sizeof(*io));
	long fd, rc = lkl_sys_mknod(node, LKL_S_IFCHR | 0600, DM_CONTROL);

	if (!io)
		tool_no_memory(t);
	fd = rc && rc != -EEXIST ? rc : lkl_sys_open(node, LKL_O_RDWR, 0);
	io->head = (struct lkl_dm_ioctl){
		.version = { LKL_DM_VERSION_MAJOR },
		.data_size = sizeof(*io), .data_start = sizeof(io->head),
	};
	rc = fd < 0 ? fd : lkl_sys_ioctl(fd, LKL_DM_LIST_VERSIONS, (unsigned long)io);
	if (rc < 0)
		tool_errno(t, "device mapper", rc);
	for (size_t at = io->head.data_start; rc >= 0 && at < io->head.data_size;) {
		struct lkl_dm_target_versions *v = (void *)(io->room + at);

		add(t, &f->dm_targets, v->name, strlen(v->name));
		at = v->next ? at + v->next : io->head.data_size;
	}
	if (fd >= 0)
		lkl_sys_close(fd);
	free(io);
}

void features_get(struct tool *t, struct features *f)
{
	int rc = lkl_mount_fs("proc");

	memset(f, 0, sizeof(*f));
	if (rc < 0) {
		tool_errno(t, "/proc", rc);
		return;
	}
	read_file_systems(t, f);
	read_md_levels(t, f);
	read_ciphers(t, f);
	read_configuration(t, f);
	read_dm_targets(t, f);
	for (size_t i = 0; i < sizeof(*f) / sizeof(struct feature_list); i++)
		sort_unique((struct feature_list *)f + i);
}

void features_free(struct features *f)
{
	for (size_t i = 0; i < sizeof(*f) / sizeof(struct feature_list); i++) {
		struct feature_list *list = (struct feature_list *)f + i;

		for (size_t j = 0; j < list->nr; j++)
			free(list->names[j]);
		free(list->names);
	}
}
