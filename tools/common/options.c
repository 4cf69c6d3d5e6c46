// SPDX-License-Identifier: GPL-2.0
/*
 * options.c - the options common to all verbs, and the text of --help
 */
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "glob.h"
#include "keys.h"
#include "messages.h"
#include "nearest-name.h"
#include "options.h"
#include "output.h"
#include "pager.h"
#include "parse.h"
#include "place.h"
#include "run.h"
#include "session.h"

#define NUMBER_MAX	1048576		/* seconds, or megabytes */

static bool has_json_lines(const struct verb *verb)
{
	return verb->has_json && !verb->serves;
}

static bool can_write(const struct verb *verb)
{
	return (verb->writes || verb->may_write) && !verb->serves;
}

void tool_print_help(struct tool *t, FILE *out)
{
	bool sub = strcmp(t->program, t->verb->name) != 0;

	fprintf(out, "usage: %s%s%s %s\n%s.\n\n%s%s%s", t->program, sub ? " " : "",
	       sub ? t->verb->name : "", t->verb->args, t->verb->summary, t->verb->help,
	       t->verb->has_json || t->verb->has_json_object || t->verb->has_result ?
	       "  --json            output for programs\n" : "",
	       has_json_lines(t->verb) ?
	       "  --json-lines      the same, with an object on each line instead of an array\n" : "");
	if (t->verb->has_progress)
		fputs("  --progress-fd N   write progress to descriptor N, as lines of JSON\n", out);
	if (can_write(t->verb))
		fputs("  --reproducible    fail unless SOURCE_DATE_EPOCH is set: see anyfs(1)\n", out);
	if (t->verb->no_image) {
		fputs("  --help            this text\n", out);
		return;
	}
	if (!t->verb->no_mount)
		fputs("  --fstype TYPE     file system type (default: detect it)\n"
		      "  -o OPTIONS        mount options of the file system\n"
		      "  --key KEY         key of an encrypted volume: [PATH:]file:FILE, fd:N or env:NAME\n"
		      "  --key-slot N      try this keyslot of LUKS and no other\n"
		      "  --kdf-memory SIZE memory that key derivation may take (4G)\n"
		      "  --kdf-seconds N   time that key derivation may take, by estimate (60)\n"
		      "  --crypt TYPE      how a volume is encrypted: [PATH:]TYPE[,OPTION]..., see anyfs(1)\n"
		      "  --no-prompt       never ask for a password on the terminal\n"
		      "  --member IMAGE    another image with members of the volumes in IMAGE\n"
		      "  --degraded        open volumes that lack members, if the others hold all data\n"
		      "  --subvol PATH     show this subvolume of a btrfs as its root\n"
		      "  --overlay FILE    apply the changes stored in FILE; write new changes to FILE\n"
		      "  --size BYTES      size of the disk at --offset (default: to the end of IMAGE)\n"
		      "  --force-write     write even to an NTFS in use by Windows or a truncated disk\n",
		      out);
	fputs("  --offset BYTES    where the disk begins in IMAGE; suffixes K, M and G work\n"
	      "  --sector-size N   sector size in bytes, if detection fails: 512, 4096 ...\n"
	      "  --format FORMAT   format of the image file: raw, qcow2, vmdk ... (default: detect it)\n"
	      "  --snapshot NAME   show this snapshot of a qcow2 image\n"
	      "  --allow-backing[=DIR] let the image refer to files in its own directory, or DIR\n"
	      "  --cache-file FILE keep the data read from an image at an address for later runs\n"
	      "  --cache-size SIZE limit of that file (1G), or of the memory without it (32M)\n"
	      "  --header TEXT     send \"Name: value\" with each HTTP request; may be repeated\n"
	      "  --download        first fetch the whole image at an address\n"
	      "  --net-timeout N   seconds to retry when the network fails (60)\n"
	      "  --unpack-dir DIR  where compressed images are unpacked (default: $TMPDIR or /tmp)\n"
	      "  --unpack-limit SIZE largest size that an image may unpack to (64G)\n"
	      "  --mem MB          memory of the kernel (default: 64, for writing 192)\n"
	      "  --no-glob         take * ? and [ in paths of the image as they are written\n"
	      "  --no-sandbox      do not drop privileges before reading the image\n"
	      "  --timeout SECONDS give up after this time; a hostile image may cause endless loops\n"
	      "  --wait SECONDS    how long to wait for an image that is in use (10)\n"
	      "  --no-wait         fail at once if the image is in use\n"
	      "  -v, --verbose     show kernel messages, the restrictions of the sandbox, and how a\n"
	      "                    read-only image is open\n"
	      "  --help            this text\n", out);
}

/* The verbs of a shell run in its sandbox, which has no pager. */
static void show_help(struct tool *t)
{
	char *text = NULL;
	size_t len;
	FILE *f = session_has_verb(t) ? NULL : open_memstream(&text, &len);

	tool_print_help(t, f ? f : stdout);
	if (f && !fclose(f))
		pager_print(text);
	free(text);
}

/* Parse @text, a number from @min to @max.  False if it is not one. */
static bool parse_number(const char *text, unsigned long min, unsigned long max, unsigned int *n)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	*n = value;
	return *text >= '0' && *text <= '9' && !*end && value >= min && value <= max;
}

/* Like tool_number(); @unit is the unit of the number, for the message. */
static unsigned int number_of(struct tool *t, const char *option, const char *text,
			      const char *unit, unsigned long min, unsigned long max)
{
	unsigned int n;

	if (!parse_number(text, min, max, &n))
		tool_usage(t, "%s %s: give %s from %lu to %lu", option, text, unit, min, max);
	return n;
}

unsigned int tool_number(struct tool *t, const char *option, const char *text,
			 unsigned long min, unsigned long max)
{
	return number_of(t, option, text, "a number", min, max);
}

static uint64_t parse_bytes(struct tool *t, const char *option, const char *text)
{
	uint64_t bytes;

	if (!parse_size(text, &bytes))
		tool_usage(t, "%s %s: give bytes, or a size such as 10M", option, text);
	return bytes;
}

static void add_header(struct tool *t, const char *header)
{
	const char **more = realloc(t->headers, (t->nr_headers + 1) * sizeof(*more));

	if (!more)
		tool_no_memory(t);
	t->headers = more;
	t->headers[t->nr_headers++] = header;
}

/* Handle the options for images at an address; false if @c is not one. */
static bool address_option(struct tool *t, int c)
{
	switch (c) {
	case OPT_CACHE_FILE:
		t->cache_file = optarg;
		return true;
	case OPT_CACHE_SIZE:
		t->cache_size = parse_bytes(t, "--cache-size", optarg);
		if (!t->cache_size)
			tool_usage(t, "--cache-size 0: give a size larger than 0");
		return true;
	case OPT_HEADER:
		add_header(t, optarg);
		return true;
	case OPT_DOWNLOAD:
		t->download = true;
		return true;
	case OPT_NET_TIMEOUT:
		t->net_timeout = number_of(t, "--net-timeout", optarg, "seconds", 1, NUMBER_MAX);
		return true;
	default:
		return false;
	}
}

/* Handle the options that describe the disk; false if @c is not one. */
static bool disk_option(struct tool *t, int c)
{
	switch (c) {
	case OPT_OVERLAY:
		t->overlay = optarg;
		return true;
	case OPT_FORMAT:
		t->format = optarg;
		return true;
	case OPT_SNAPSHOT:
		t->snapshot = optarg;
		return true;
	case OPT_BACKING:
		t->backing_dir = optarg ? optarg : "";
		return true;
	case OPT_UNPACK_DIR:
		t->unpack_dir = optarg;
		return true;
	case OPT_UNPACK_LIMIT:
		t->unpack_limit = parse_bytes(t, "--unpack-limit", optarg);
		if (!t->unpack_limit)
			tool_usage(t, "--unpack-limit 0: give a size larger than 0");
		return true;
	case OPT_OFFSET:
		t->offset = parse_bytes(t, "--offset", optarg);
		return true;
	case OPT_IMAGE_SIZE:
		t->size = parse_bytes(t, "--size", optarg);
		if (!t->size)
			tool_usage(t, "--size 0: a disk cannot be empty");
		return true;
	case OPT_SECTOR_SIZE:
		if (!parse_number(optarg, 512, 4096, &t->sector_size))
			tool_usage(t, "--sector-size %s: give 512, 1024, 2048 or 4096", optarg);
		return true;
	case OPT_FORCE_WRITE:
		t->force_write = true;
		return true;
	case OPT_SUBVOL:
		t->subvol = optarg;
		return true;
	case OPT_DEGRADED:
		t->degraded = true;
		return true;
	case OPT_MEMBER:
		tool_add_member(t, optarg);
		return true;
	default:
		return address_option(t, c) || keys_option(t, c, optarg);
	}
}

/* Options about mounting: a verb that does not mount, such as mkfs, has none of them. */
static bool is_about_mounting(const struct tool *t, int c)
{
	switch (c) {
	case 'o':
	case OPT_FSTYPE:
	case OPT_OVERLAY:
	case OPT_MEMBER:
	case OPT_DEGRADED:
	case OPT_SUBVOL:
	case OPT_FORCE_WRITE:
		return true;
	default:
		return keys_is_option(c) && !(t->verb->new_volumes && keys_is_option_of_new(c));
	}
}

static const char *common_name(int c)
{
	static const struct option common[] = { TOOL_LONG_OPTIONS };
	const struct option *o = common;

	while (o->name && o->val != c)
		o++;
	return o->name;
}

static void refuse_mounting(struct tool *t, int c)
{
	const char *name = c == 'o' ? "o" : common_name(c);

	if (!t->verb->no_mount || !is_about_mounting(t, c))
		return;
	tool_usage(t, "%s does not mount and has no option %s%s%s", t->verb->name,
		   c == 'o' ? "-" : "--", name,
		   keys_is_option(c) && !t->verb->new_volumes ? "; mkdisk makes file systems in new encrypted volumes; for an existing one, open the volume with cryptsetup on a Linux host" :
		   c == 'o' && t->verb->unknown_option ? t->verb->unknown_option : "");
}

static void report_progress(struct tool *t, const char *text)
{
	unsigned int fd;
	int rc;

	if (!t->verb->has_progress)
		tool_usage(t, "%s has no --progress-fd", t->verb->name);
	if (!parse_number(text, 1, INT_MAX, &fd))
		tool_usage(t, "--progress-fd %s: give the number of an open descriptor", text);
	rc = progress_report_to(fd);
	if (rc)
		tool_usage(t, "--progress-fd %s: %s", text, strerror(-rc));
}

static void need_source_date(struct tool *t)
{
	if (!can_write(t->verb))
		tool_usage(t, "%s does not write and has no --reproducible", t->verb->name);
	if (!getenv("SOURCE_DATE_EPOCH"))
		tool_usage(t, "--reproducible: set SOURCE_DATE_EPOCH to the time, in seconds since 1970, that the image shall contain");
}

/* Handle the options that control the run; false if @c is not one. */
static bool run_option(struct tool *t, int c)
{
	switch (c) {
	case OPT_MEM:
		t->mem_mb = number_of(t, "--mem", optarg, "megabytes", 16, NUMBER_MAX);
		return true;
	case OPT_NO_SANDBOX:
		t->no_sandbox = true;
		return true;
	case OPT_NO_GLOB:
		t->no_glob = true;
		return true;
	case OPT_TIMEOUT:
		tool_set_timeout(t, number_of(t, "--timeout", optarg, "seconds", 1, NUMBER_MAX));
		return true;
	case OPT_REPRODUCIBLE:
		need_source_date(t);
		t->reproducible = true;
		return true;
	case OPT_PROGRESS_FD:
		report_progress(t, optarg);
		return true;
	case OPT_WAIT:
		t->wait_s = number_of(t, "--wait", optarg, "seconds", 0, NUMBER_MAX);
		t->wait_given = true;
		return true;
	case OPT_NO_WAIT:
		t->wait_s = 0;
		t->wait_given = true;
		return true;
	default:
		return false;
	}
}

static bool is_common(int c)
{
	return c == 'o' || c == 'v' || (c >= OPT_HELP && c < OPT_VERB);
}

/* Handle the options common to all verbs; false if @c is not one. */
static bool common_option(struct tool *t, int c)
{
	refuse_mounting(t, c);
	if (t->verb->no_image && is_common(c) && c != OPT_HELP)
		tool_usage(t, "%s does not open an image and has no such option", t->verb->name);
	if (session_has_verb(t) && is_common(c) && c != OPT_HELP &&
	    c != OPT_JSON && c != OPT_JSON_LINES && c != OPT_NO_GLOB)
		tool_usage(t, "an option of the image is given to anyfs shell, not to its verbs");
	switch (c) {
	case OPT_HELP:
		show_help(t);
		t->json = false;
		tool_finish(t);
	case OPT_FSTYPE:
		t->fstype = optarg;
		return true;
	case OPT_JSON:
		if (!t->verb->has_json && !t->verb->has_json_object && !t->verb->has_result)
			tool_usage(t, "%s has no --json", t->verb->name);
		t->json = true;
		return true;
	case OPT_JSON_LINES:
		if (!has_json_lines(t->verb))
			tool_usage(t, "%s has no --json-lines", t->verb->name);
		t->json = t->json_lines = true;
		return true;
	case 'o':
		t->mount_opts = optarg;
		return true;
	case 'v':
	case OPT_VERBOSE:
		t->verbose = true;
		return true;
	default:
		return run_option(t, c) || disk_option(t, c);
	}
}

/* Whether an argument is a path into a disk image inside the image: "/vm.img!/etc". */
static bool names_inner_image(char *const *args)
{
	for (; *args; args++)
		for (const char *p = *args; (p = strchr(p, '!')); p++)
			if (p > *args && (p[1] == '/' || !p[1]))
				return true;
	return false;
}

static const char *nth_option(const void *options, size_t nr)
{
	return ((const struct option *)options)[nr].name;
}

static void unknown_option(struct tool *t, const char *text, const struct option *options)
	__attribute__((noreturn));
static void unknown_option(struct tool *t, const char *text, const struct option *options)
{
	const char *hint = t->verb->unknown_option ? t->verb->unknown_option : "";
	const char *near;
	char name[32];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(text + 2, "="), text + 2);
	near = nearest_name(name, nth_option, options);
	if (near)
		tool_usage(t, "unknown option %s; did you mean --%s?%s", text, near, hint);
	tool_usage(t, "unknown option %s%s", text, hint);
}

int tool_getopt(struct tool *t, int argc, char **argv, const char *own_short,
		const struct option *options)
{
	const char *hint = t->verb->unknown_option ? t->verb->unknown_option : "";
	bool stop = *own_short == '+';	/* at the first argument that is not an option */
	char all[64];
	int c;

	snprintf(all, sizeof(all), "%s:%s%s", stop ? "+" : "", own_short + stop,
		 TOOL_SHORT_OPTIONS);
	opterr = 0;
	do {
		c = getopt_long(argc, argv, all, options, NULL);
		if (c == ':')
			tool_usage(t, "%s needs a value", argv[optind - 1]);
		if (c == '?' && optopt > 0 && optopt < 0x100)
			tool_usage(t, "unknown option -%c%s", optopt, hint);
		if (c == '?')
			unknown_option(t, argv[optind - 1], options);
		/* A verb may use the letter of a common option for its own option. */
	} while (c != -1 && !(c < 0x100 && strchr(own_short, c)) && common_option(t, c));
	if (c == -1) {
		if (session_has_verb(t))
			session_resolve(t, argv + optind);
		if (optind < argc && !session_has_verb(t) && !t->verb->no_image)
			place_take_arguments(t, argv + optind + 1);
		t->opens_inner = names_inner_image(argv + optind);
		glob_prepare(argv + optind);
	}
	return c;
}

void tool_need_args(struct tool *t, int argc, int min, int max)
{
	int nr = argc - optind;

	if (nr < 1 && min > 0)
		tool_usage(t, "no image given");
	if (nr < min)
		tool_usage(t, "too few arguments");
	if (max && nr > max)
		tool_usage(t, "too many arguments");
}

void tool_plain_args(struct tool *t, int argc, char **argv, int min, int max)
{
	static const struct option options[] = { TOOL_LONG_OPTIONS };

	while (tool_getopt(t, argc, argv, "", options) != -1)
		;
	tool_need_args(t, argc, min, max);
}

void tool_usage(struct tool *t, const char *fmt, ...)
{
	bool sub = t->verb && strcmp(t->program, t->verb->name);
	char text[1024], *safe;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	safe = escape_text(text, false);
	fprintf(stderr, "%s: %s; see %s%s%s --help\n", t->program, safe, t->program,
		sub ? " " : "", sub ? t->verb->name : "");
	free(safe);
	if (session_has_verb(t))
		tool_exit(t, EXIT_USAGE);
	exit(EXIT_USAGE);
}
