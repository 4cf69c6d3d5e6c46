// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-label.c - anyfs label and uuid: show or set the label or UUID of a file system
 *
 * The kernel sets labels of mounted file systems of some types.  For all others, and for UUIDs,
 * the file system's own program changes a copy of the volume (volume.h).
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <lkl/linux/fs.h>
#include "image-path.h"
#include "label.h"
#include "messages.h"
#include "options.h"
#include "output.h"
#include "run.h"
#include "verbs.h"

#define PREPARED_MAX	1		/* exit code of e2fsck that has repaired errors */

static void print_value(struct tool *t, struct anyfs_node *node, const char *key, const char *value)
{
	if (!t->json) {
		print_name(value);
		putchar('\n');
		return;
	}
	putchar('{');
	json_text("path", anyfs_node_path(node));
	fputs(", ", stdout);
	json_text("fstype", anyfs_node_fstype(node));
	fputs(", ", stdout);
	json_text(key, value);
	fputs(", ", stdout);
	result_end_object(t);
}

static bool set_by_kernel(struct tool *t, struct anyfs_node *node, const char *label, size_t max)
{
	const char *path = anyfs_node_path(node);
	char text[LKL_FSLABEL_MAX] = "";
	long fd, rc;

	if (strlen(label) > max) {
		tool_path_error(t, path, "label not set: %s has labels of up to %zu bytes",
				anyfs_node_fstype(node), max);
		return false;
	}
	fd = tool_openat(t, path, LKL_O_RDONLY | LKL_O_DIRECTORY);
	if (fd < 0)
		return false;
	strcpy(text, label);
	rc = lkl_sys_ioctl(fd, LKL_FS_IOC_SETFSLABEL, (unsigned long)text);
	lkl_sys_close(fd);
	if (rc < 0)
		tool_not_done(t, path, "label not set", rc);
	return rc >= 0;
}

/* @what: "label not set", for messages */
static bool set_by_program(struct volume *v, struct anyfs_node *node, const char *what)
{
	const char *type = anyfs_node_fstype(node);

	if (v->program(v->data, type, LABEL_CHANGE))
		return volume_load(v, node) &&
		       volume_run_step(v, node, LABEL_PREPARE, PREPARED_MAX, what) >= 0 &&
		       !volume_run_step(v, node, LABEL_CHANGE, 0, what) && volume_store(v, node);
	tool_path_error(v->t, anyfs_node_path(node), "%s: there is no program that sets it on %s",
			what, type);
	return false;
}

/* Check that the UUID has the number of digits of its type.  False after a message. */
static bool check_uuid(struct tool *t, struct anyfs_node *node, const struct label_change *ch)
{
	unsigned int digits = label_uuid_digits(anyfs_node_fstype(node));

	if (!ch->is_uuid || ch->random || !digits || strlen(ch->digits) == digits)
		return true;
	tool_path_error(t, anyfs_node_path(node), "UUID not set: a UUID of %s has %u digits",
			anyfs_node_fstype(node), digits);
	return false;
}

static void set_value(struct volume *v, struct anyfs_node *node, struct label_change *ch)
{
	const char *type = anyfs_node_fstype(node);
	size_t max = ch->is_uuid ? 0 : label_kernel_max(type);
	char text[40];
	bool done;

	if (max)
		done = set_by_kernel(v->t, node, ch->label, max);
	else
		done = check_uuid(v->t, node, ch) &&
		       set_by_program(v, node, ch->is_uuid ? "UUID not set" : "label not set");
	if (ch->is_uuid)
		label_uuid_text(ch, type, text);
	if (done && v->t->json)
		print_value(v->t, node, ch->is_uuid ? "uuid" : "label", ch->is_uuid ? text : ch->label);
	else if (done && ch->random)
		puts(text);
}

/* Take the UUID @text: "random", or digits with or without dashes. */
static void parse_uuid(struct tool *t, struct label_change *ch, const char *text)
{
	uint8_t bytes[UUID_DIGITS / 2];
	size_t nr = 0;

	ch->random = !strcmp(text, "random");
	if (ch->random) {
		if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
			tool_usage(t, "no random numbers: %s", strerror(errno));
		/* Version 4 of RFC 9562 */
		bytes[6] = (bytes[6] & 0x0f) | 0x40;
		bytes[8] = (bytes[8] & 0x3f) | 0x80;
		for (size_t i = 0; i < sizeof(bytes); i++)
			sprintf(ch->digits + 2 * i, "%02x", bytes[i]);
		return;
	}
	if (!*text || text[strspn(text, "0123456789abcdefABCDEF-")])
		tool_usage(t, "%s: give \"random\" or hexadecimal digits", text);
	for (; *text && nr < UUID_DIGITS; text++)
		if (*text != '-')
			ch->digits[nr++] = tolower((unsigned char)*text);
}

static void run_label_or_uuid(struct tool *t, int argc, char **argv, bool is_uuid)
{
	static const struct option options[] = { TOOL_LONG_OPTIONS };
	struct label_change ch = { .is_uuid = is_uuid };
	struct volume v = { .t = t, .program = label_program, .data = &ch };
	struct verb writer = *t->verb;
	struct anyfs_node *node;
	bool sets;

	while (tool_getopt(t, argc, argv, "", options) != -1)
		;
	tool_need_args(t, argc, 2, 3);
	sets = argc - optind == 3;
	ch.label = argv[argc - 1];
	if (sets && is_uuid)
		parse_uuid(t, &ch, ch.label);
	writer.writes = sets;
	t->verb = &writer;
	if (sets)
		volume_begin(&v, argv[optind]);
	tool_open(t, argv[optind]);
	node = volume_find(t, argv[optind + 1]);
	if (node && sets)
		set_value(&v, node, &ch);
	else if (node && is_uuid)
		print_value(t, node, "uuid", anyfs_node_uuid(node));
	else if (node)
		print_value(t, node, "label", anyfs_node_label(node));
	if (sets)
		volume_end(&v);
	tool_finish(t);
}

static int run_label(struct tool *t, int argc, char **argv)
{
	run_label_or_uuid(t, argc, argv, false);
	return 0;
}

static int run_uuid(struct tool *t, int argc, char **argv)
{
	run_label_or_uuid(t, argc, argv, true);
	return 0;
}

const struct verb verb_label = {
	.name = "label",
	.args = "[--json] IMAGE PATH [LABEL]",
	.summary = "show or set the label of a file system",
	.operands = "pt",
	.no_shell = true,
	.help = "PATH is the root of a file system, such as /p2, or / if the image has no partitions.\n"
		"An empty LABEL removes the label.\n\n"
		"Example: anyfs label disk.img /p2 root\n\n",
	.has_json_object = true,
	.may_write = true,
	.run = run_label,
};

const struct verb verb_uuid = {
	.name = "uuid",
	.args = "[--json] IMAGE PATH [UUID|random]",
	.summary = "show or set the UUID of a file system",
	.operands = "pt",
	.no_shell = true,
	.help = "PATH is the root of a file system, such as /p2, or / if the image has no partitions.\n"
		"FAT and exFAT have UUIDs of 8 digits, NTFS and UDF of 16.\n\n"
		"Example: anyfs uuid disk.img /p2 random\n\n",
	.has_json_object = true,
	.may_write = true,
	.run = run_uuid,
};
