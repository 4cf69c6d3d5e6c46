// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-info.c - anyfs info: show the features of this build, or the content of an image
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <lkl/asm/statfs.h>
#include "btrfs-subvols.h"
#include "facts.h"
#include "image-path.h"
#include "kernel-features.h"
#include "messages.h"
#include "node-find.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "super.h"
#include "verbs.h"

#define WIDTH	79

static const struct {
	const char *key, *title;
	size_t list;			/* offset in struct features */
} sections[] = {
	{ "file_systems", "File systems", offsetof(struct features, file_systems) },
	{ "options", "with", offsetof(struct features, options) },
	{ "partition_tables", "Partition tables", offsetof(struct features, partition_tables) },
	{ "dm_targets", "Device mapper targets", offsetof(struct features, dm_targets) },
	{ "md_levels", "RAID levels", offsetof(struct features, md_levels) },
	{ "ciphers", "Ciphers", offsetof(struct features, ciphers) },
	{ "modes", "Cipher modes", offsetof(struct features, modes) },
	{ "sums", "Check sums", offsetof(struct features, sums) },
	{ "charsets", "Character sets", offsetof(struct features, charsets) },
};

#define NR_SECTIONS	(sizeof(sections) / sizeof(sections[0]))

static const struct feature_list *feature_section(const struct features *f, size_t i)
{
	return (const struct feature_list *)((const char *)f + sections[i].list);
}

static void print_list(const struct feature_list *list)
{
	size_t column = WIDTH;

	for (size_t i = 0; i < list->nr; i++) {
		size_t len = strlen(list->names[i]) + 1;

		if (column + len > WIDTH) {
			fputs(i ? "\n " : " ", stdout);
			column = 1;
		}
		printf(" %s", list->names[i]);
		column += len;
	}
	putchar('\n');
}

static void print_features(const struct features *f)
{
	printf("Linux %s\n", anyfs_kernel_release(NULL));
	for (size_t i = 0; i < NR_SECTIONS; i++) {
		printf("%s:\n", sections[i].title);
		print_list(feature_section(f, i));
	}
}

static void print_features_json(struct tool *t, const struct features *f)
{
	putchar('{');
	json_text("kernel", anyfs_kernel_release(NULL));
	for (size_t i = 0; i < NR_SECTIONS; i++) {
		const struct feature_list *list = feature_section(f, i);

		printf(",\n\"%s\": [", sections[i].key);
		for (size_t j = 0; j < list->nr; j++) {
			fputs(j ? ", " : "", stdout);
			json_string(list->names[j]);
		}
		putchar(']');
	}
	puts("}");
	t->json_ended = true;
}

static int show_features(struct tool *t)
{
	struct features f;

	tool_boot(t);
	features_get(t, &f);
	if (t->json)
		print_features_json(t, &f);
	else
		print_features(&f);
	features_free(&f);
	return 0;
}

/* ---- An image ----------------------------------------------------------- */

/* The properties of a volume: facts from its superblock, others known after mounting it. */
struct measured {
	bool mounted;
	struct facts facts;
	struct lkl_statfs st;
	struct subvol *subvols;		/* of a btrfs */
	int nr_subvols;
};

static void get_subvols(struct tool *t, const AnyfsPart *p, int fd, struct measured *m)
{
	m->nr_subvols = strcmp(p->fstype, "btrfs") ? 0 : subvols_get(fd, &m->subvols);
	if (m->nr_subvols < 0) {
		tool_errno(t, p->path, m->nr_subvols);
		m->nr_subvols = 0;
	}
}

static void add_part_facts(const AnyfsPart *p, struct facts *f)
{
	fact_text(f, "uuid", p->uuid);
	fact_text(f, "partition_uuid", p->partuuid);
	fact_text(f, "partition_name", p->name);
}

/*
 * Add whether the journal of a mounted file system must be replayed, unless the superblock says
 * so already.  If it must, the mount has a note; an XFS that is mounted read-only without a note
 * has a clean journal.
 */
static void add_journal(struct tool *t, struct anyfs_node *n, struct facts *f)
{
	if (facts_have(f, "journal"))
		return;
	if (*anyfs_node_note(n))
		fact_text(f, "journal", "needs recovery");
	else if (!strcmp(anyfs_node_fstype(n), "xfs") && !t->overlay)
		fact_text(f, "journal", "clean");
}

/* Mount the volume and measure it.  On failure prints a message, returns false. */
static bool measure(struct tool *t, const AnyfsPart *p, struct measured *m)
{
	int fd = anyfs_image_openat(t->image, p->path, LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	long rc;

	/* A known type without files (swap) or a locked LUKS is no failure, like in anyfs parts. */
	if ((fd == -EOPNOTSUPP || fd == -EMEDIUMTYPE || fd == -ENOKEY) && *p->fstype) {
		tool_note(t, "%s", anyfs_strerror_last());
		result_note(t, anyfs_strerror_last());
		return false;
	}
	if (fd < 0) {
		tool_open_failed(t, p->path, fd);
		return false;
	}
	rc = lkl_sys_fstatfs(fd, &m->st);
	if (rc < 0)
		tool_errno(t, p->path, rc);
	else
		get_subvols(t, p, fd, m);
	if (!strcmp(p->fstype, "btrfs"))
		super_btrfs_mounted(fd, &m->facts);
	lkl_sys_close(fd);
	return rc >= 0;
}

static void get_facts(struct tool *t, const AnyfsPart *p, struct measured *m)
{
	struct anyfs_node *fs = node_find_filesystem(anyfs_image_node(t->image), p->path);

	add_part_facts(p, &m->facts);
	if (fs)
		super_read(fs, p->fstype, &m->facts);
	m->mounted = (*p->fstype || !p->number) && measure(t, p, m);
	if (fs && m->mounted)
		add_journal(t, fs, &m->facts);
}

static void print_subvols(const struct measured *m)
{
	for (int i = 0; i < m->nr_subvols; i++) {
		char *path = escape_text(m->subvols[i].path, true);

		printf("  subvolume %llu %s\n", (unsigned long long)m->subvols[i].id,
		       path ? path : "");
		free(path);
	}
}

static void print_part(const AnyfsPart *p, const struct measured *m)
{
	const struct lkl_statfs *st = m->mounted ? &m->st : NULL;
	char size[32], room[32], free_room[32];
	char *label = escape_text(p->label, true);

	format_size(p->size, size, sizeof(size));
	printf("%s: %s, %s", p->path, *p->fstype ? p->fstype : "unknown content", size);
	if (st) {
		format_size((uint64_t)st->f_blocks * st->f_bsize, room, sizeof(room));
		format_size((uint64_t)st->f_bfree * st->f_bsize, free_room, sizeof(free_room));
		printf(", %s of %s free", free_room, room);
	}
	if (label && *label)
		printf(", label %s", label);
	putchar('\n');
	free(label);
	facts_print(&m->facts);
	print_subvols(m);
}

static void print_subvols_json(const struct measured *m)
{
	if (!m->nr_subvols)
		return;
	printf(", \"subvolumes\": [");
	for (int i = 0; i < m->nr_subvols; i++) {
		printf("%s{\"id\": %llu, ", i ? ", " : "", (unsigned long long)m->subvols[i].id);
		json_text("path", m->subvols[i].path);
		putchar('}');
	}
	putchar(']');
}

static void print_part_json(const AnyfsPart *p, const struct measured *m, bool first)
{
	const struct lkl_statfs *st = m->mounted ? &m->st : NULL;

	printf("%s\n{", first ? "" : ",");
	json_text("path", p->path);
	fputs(", ", stdout);
	json_text("fstype", p->fstype);
	fputs(", ", stdout);
	json_text("label", p->label);
	printf(", \"size\": %llu", (unsigned long long)p->size);
	if (st)
		printf(", \"blocks\": %llu, \"free\": %llu, \"block_size\": %llu, "
		       "\"inodes\": %llu, \"inodes_free\": %llu",
		       (unsigned long long)st->f_blocks, (unsigned long long)st->f_bfree,
		       (unsigned long long)st->f_bsize, (unsigned long long)st->f_files,
		       (unsigned long long)st->f_ffree);
	facts_print_json(&m->facts);
	print_subvols_json(m);
	putchar('}');
}

static void show_parts(struct tool *t, const AnyfsPart *parts, int nr)
{
	for (int i = 0; i < nr; i++) {
		const AnyfsPart *p = &parts[i];
		struct measured m = { .facts.t = t };

		get_facts(t, p, &m);
		if (t->json)
			print_part_json(p, &m, !i);
		else
			print_part(p, &m);
		subvols_free(m.subvols, m.nr_subvols);
		facts_free(&m.facts);
	}
}

/*
 * True if the image has neither a partition table nor a known file system, after reporting
 * the reason.
 */
static bool is_unrecognised(struct tool *t, const AnyfsPart *parts, int nr)
{
	struct measured m = { .facts.t = t };

	return nr == 1 && !parts->number && !*parts->fstype && !measure(t, parts, &m);
}

static void print_image(struct tool *t, const char *path, int64_t bytes, const char *table,
			const char *format)
{
	char size[32];

	if (t->json) {
		putchar('{');
		json_text("image", path);
		printf(", \"size\": %lld, ", (long long)bytes);
		json_text("format", format);
		fputs(", ", stdout);
		json_text("table", table);
		fputs(", \"partitions\": [", stdout);
		return;
	}
	format_size(bytes, size, sizeof(size));
	print_name(path);
	printf(": %s, %s", size, *table ? table : "no partitions");
	if (strcmp(format, "raw"))
		printf(", format %s", format);
	putchar('\n');
}

static int show_image(struct tool *t, const char *path)
{
	char table[32], format[64];
	AnyfsPart *parts;
	int64_t bytes;
	int disk, nr;

	tool_open(t, path);
	disk = anyfs_image_disk(t->image);
	bytes = anyfs_disk_size(disk);
	nr = anyfs_disk_table(disk, table, sizeof(table));
	if (nr >= 0)
		nr = anyfs_disk_format(disk, format, sizeof(format));
	if (nr >= 0)
		nr = anyfs_image_parts(t->image, &parts);
	if (nr < 0 || bytes < 0) {
		tool_error(t, "%s", anyfs_strerror_last());
		return 0;
	}
	if (!is_unrecognised(t, parts, nr)) {
		print_image(t, path, bytes, table, format);
		show_parts(t, parts, nr);
		if (t->json) {
			fputs("\n], ", stdout);
			result_end_object(t);
		}
	}
	anyfs_free(parts);
	return 0;
}

static int info_run(struct tool *t, int argc, char **argv)
{
	static const struct option options[] = {
		{ "features", no_argument, NULL, OPT_VERB },
		TOOL_LONG_OPTIONS
	};
	bool features = false;
	int c;

	while ((c = tool_getopt(t, argc, argv, "", options)) != -1)
		features |= c == OPT_VERB;
	tool_need_args(t, argc, features ? 0 : 1, features ? 0 : 1);
	return features ? show_features(t) : show_image(t, argv[optind]);
}

const struct verb verb_info = {
	.name = "info",
	.args = "[--json] IMAGE | --features",
	.summary = "show the content of an image, or the features of this build",
	.operands = "",
	.help = "  --features        list file systems, partition tables, ciphers ... of this kernel\n",
	.has_json_object = true,
	.never_asks = true,
	.run = info_run,
};
