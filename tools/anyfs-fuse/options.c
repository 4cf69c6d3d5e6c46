// SPDX-License-Identifier: GPL-2.0
/*
 * options.c - the command line
 *
 * Options of the mount may be given as -o OPTION too, since mount(8) and fstab know only that form.
 * Other options are passed to libfuse, which knows those of FUSE mounts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fusefs.h"
#include "keys.h"
#include "messages.h"
#include "mountinfo.h"
#include "options.h"
#include "parse.h"
#include "place.h"
#include "run.h"

enum { KEY_HELP, KEY_VERSION, KEY_DEV, KEY_SUID, KEY_RW, KEY_RO, KEY_ALLOW, KEY_ROOT, KEY_CHECK,
       KEY_VERBOSE, KEY_TIMES, KEY_CRYPT, KEY_HEADER };

#define MAX_ID		(UINT_MAX - 1)	/* the largest number means "none" to chown(2) */
#define DEFAULT_MEM_MB	128
#define MAX_MEM_MB	(1u << 20)
#define MAX_THREADS	64

#define FIELD(text, member)	{ text, offsetof(struct parsed, member), 1 }
#define TEXT(text, member)	{ text, offsetof(struct parsed, member), 0 }

struct parsed {
	struct tool *t;
	struct config *cfg;
	int write, foreground, prefetch, auto_unmount, readonly, no_sandbox, no_awake;
	int map_owner;
	int rw, dev, suid;		/* dev or nodev, suid or nosuid */
	int by_mount;			/* started as mount.fuse.anyfs */
	char *uid, *gid, *umask, *mem, *loglevel, *threads;
	char *part, *fstype, *opts, *overlay, *lock;
	char *offset, *size, *sector_size;
	int force_write;
	char *format, *snapshot, *backing_dir;
	int allow_backing;
	char *cache_file, *cache_size, *net_timeout;
	char *unpack_dir, *unpack_limit;
	int download;
	char **args;			/* images and mount point */
	unsigned int nr_args;
};

static const struct fuse_opt templates[] = {
	FUSE_OPT_KEY("-h", KEY_HELP),
	FUSE_OPT_KEY("--help", KEY_HELP),
	FUSE_OPT_KEY("-V", KEY_VERSION),
	FUSE_OPT_KEY("--version", KEY_VERSION),
	FUSE_OPT_KEY("-v", KEY_VERBOSE),
	FUSE_OPT_KEY("--verbose", KEY_VERBOSE),
	FIELD("-f", foreground), FIELD("--foreground", foreground),
	FIELD("--write", write), FIELD("write", write),
	FIELD("--prefetch", prefetch), FIELD("prefetch", prefetch),
	FIELD("auto_unmount", auto_unmount),
	FIELD("--no-sandbox", no_sandbox), FIELD("no_awake", no_awake),
	FUSE_OPT_KEY("ro", KEY_RO),
	FUSE_OPT_KEY("rw", KEY_RW),
	FUSE_OPT_KEY("dev", KEY_DEV), FUSE_OPT_KEY("nodev", KEY_DEV),
	FUSE_OPT_KEY("suid", KEY_SUID), FUSE_OPT_KEY("nosuid", KEY_SUID),
	FUSE_OPT_KEY("atime", KEY_TIMES), FUSE_OPT_KEY("noatime", KEY_TIMES),
	FUSE_OPT_KEY("diratime", KEY_TIMES), FUSE_OPT_KEY("nodiratime", KEY_TIMES),
	FIELD("--map-owner", map_owner), FIELD("map_owner", map_owner),
	TEXT("uid=%s", uid), TEXT("gid=%s", gid), TEXT("umask=%s", umask),
	TEXT("mem=%s", mem), TEXT("--mem=%s", mem),
	TEXT("loglevel=%s", loglevel), TEXT("threads=%s", threads),
	TEXT("part=%s", part), TEXT("--part=%s", part),
	TEXT("fstype=%s", fstype), TEXT("--fstype=%s", fstype),
	TEXT("opts=%s", opts),
	TEXT("lock=%s", lock),
	TEXT("overlay=%s", overlay), TEXT("--overlay=%s", overlay),
	TEXT("offset=%s", offset), TEXT("--offset=%s", offset),
	TEXT("size=%s", size), TEXT("--size=%s", size),
	TEXT("sector_size=%s", sector_size), TEXT("--sector-size=%s", sector_size),
	FIELD("--force-write", force_write), FIELD("force_write", force_write),
	TEXT("format=%s", format), TEXT("--format=%s", format),
	TEXT("snapshot=%s", snapshot), TEXT("--snapshot=%s", snapshot),
	TEXT("allow_backing=%s", backing_dir), TEXT("--allow-backing=%s", backing_dir),
	FIELD("allow_backing", allow_backing), FIELD("--allow-backing", allow_backing),
	FUSE_OPT_KEY("--key=", KEY_CRYPT), FUSE_OPT_KEY("key=", KEY_CRYPT),
	FUSE_OPT_KEY("--key-slot=", KEY_CRYPT), FUSE_OPT_KEY("key_slot=", KEY_CRYPT),
	FUSE_OPT_KEY("--kdf-memory=", KEY_CRYPT), FUSE_OPT_KEY("kdf_memory=", KEY_CRYPT),
	FUSE_OPT_KEY("--kdf-seconds=", KEY_CRYPT), FUSE_OPT_KEY("kdf_seconds=", KEY_CRYPT),
	FUSE_OPT_KEY("--crypt=", KEY_CRYPT), FUSE_OPT_KEY("crypt=", KEY_CRYPT),
	FUSE_OPT_KEY("--no-prompt", KEY_CRYPT), FUSE_OPT_KEY("no_prompt", KEY_CRYPT),
	TEXT("cache_file=%s", cache_file), TEXT("--cache-file=%s", cache_file),
	TEXT("cache_size=%s", cache_size), TEXT("--cache-size=%s", cache_size),
	TEXT("net_timeout=%s", net_timeout), TEXT("--net-timeout=%s", net_timeout),
	TEXT("unpack_dir=%s", unpack_dir), TEXT("--unpack-dir=%s", unpack_dir),
	TEXT("unpack_limit=%s", unpack_limit), TEXT("--unpack-limit=%s", unpack_limit),
	FIELD("download", download), FIELD("--download", download),
	FUSE_OPT_KEY("--header=", KEY_HEADER), FUSE_OPT_KEY("header=", KEY_HEADER),
	FUSE_OPT_KEY("allow_other", KEY_ALLOW),
	FUSE_OPT_KEY("allow_root", KEY_ROOT),
	FUSE_OPT_KEY("default_permissions", KEY_CHECK),
	FUSE_OPT_END
};

static void print_help(struct tool *t)
{
	fputs("usage: anyfs-fuse [OPTIONS] IMAGE... MOUNTPOINT\n"
	      "Mount the file systems of disk images, read-only by default.\n\n"
	      "  --write, -o rw         allow changes to the image\n"
	      "  --overlay FILE         write changes to FILE and not to the image\n"
	      "  --offset BYTES         where in IMAGE the disk begins; K, M, G may follow\n"
	      "  --size BYTES           size of the disk (default: to the end of IMAGE)\n"
	      "  --sector-size N        bytes of a sector, instead of detecting it\n"
	      "  --force-write          write to an NTFS that Windows has not released, and to\n"
	      "                         a truncated disk\n"
	      "  --format=FORMAT        format of the image file, instead of detecting it\n"
	      "  --snapshot=NAME        show this snapshot of a qcow2 image\n"
	      "  --allow-backing[=DIR]  let the image name files in its directory, or DIR\n"
	      "  --unpack-dir DIR       where compressed images are unpacked ($TMPDIR or /tmp)\n"
	      "  --unpack-limit SIZE    largest size that an image may unpack to (64G)\n"
	      "  --key KEY              key of an encrypted volume: [PATH:]file:FILE, fd:N, env:NAME\n"
	      "  --key-slot N           try this keyslot of LUKS and no other\n"
	      "  --kdf-memory SIZE      memory that key derivation may take (4G)\n"
	      "  --kdf-seconds N        time that key derivation may take, by estimate (60)\n"
	      "  --crypt TYPE           how a volume is encrypted: [PATH:]TYPE[,OPTION]...\n"
	      "  --no-prompt            never ask for a password on the terminal\n"
	      "  --cache-file FILE      keep the data read from an image at an address\n"
	      "  --cache-size SIZE      limit of that file (1G), or of the memory without it (32M)\n"
	      "  --header TEXT          send \"Name: value\" with each HTTP request; may be repeated\n"
	      "  --download             first fetch the whole image at an address\n"
	      "  --net-timeout N        seconds to retry when the network fails (60)\n"
	      "  -o part=p1             mount only this partition, or another path of the image\n"
	      "  -o fstype=TYPE         type of the file system, instead of detecting it\n"
	      "  -o opts=OPTIONS        mount options of the file system (write \\, for a comma)\n"
	      "  -o lock=FILE           lock FILE as long as the mount exists; if it is locked,\n"
	      "                         end with status 2\n"
	      "  --map-owner            show all files as yours\n"
	      "  -o uid=N,gid=N         show all files as owned by this user, this group\n"
	      "  -o umask=OCTAL         permission bits to hide\n"
	      "  -o allow_other         let other users access the mount\n"
	      "  -o default_permissions enforce the owners and modes in the image\n"
	      "  -o noatime             reads change no access times in the image\n"
	      "  -o nodiratime          reads of directories do not change them\n"
	      "  -o auto_unmount        unmount even if the process is killed\n"
	      "  -o mem=MB              memory of the kernel (128)\n"
	      "  -o threads=N           maximum of serving threads (64)\n"
	      "  -o prefetch            read the whole image into the host's cache\n"
	      "  -o no_awake            let processors sleep between requests\n"
	      "  --no-sandbox           keep all rights while reading the image\n"
	      "  -o loglevel=N          show the kernel's messages below level N\n"
	      "  -v                     show all messages of the kernel\n"
	      "  -f                     stay in the foreground\n"
	      "  -V, --version          print the versions of this program and its kernel\n\n"
	      "Unmount with anyfs-umount, which waits until everything is in the image.\n", stdout);
	tool_finish(t);
}

static void print_version(struct tool *t)
{
	printf("anyfs-fuse %s\n", anyfs_version());
	if (anyfs_kernel_init(NULL))
		tool_error(t, "%s", anyfs_strerror_last());
	else
		printf("Linux %s\nlibfuse %s\n", anyfs_kernel_release(NULL), fuse_pkgversion());
	tool_finish(t);
}

/* Whether @opt is an option of fstab that is meant for mount(8). */
static bool is_fstab_option(const char *opt)
{
	static const char *const words[] = {
		"defaults", "auto", "noauto", "user", "nouser", "users", "owner", "group",
		"nofail", "_netdev",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i], opt))
			return true;
	return !strncmp(opt, "x-", 2) || !strncmp(opt, "comment=", 8);
}

static void add_header(struct parsed *p, const char *header)
{
	struct config *cfg = p->cfg;
	const char **more = reallocarray(cfg->headers, cfg->nr_headers + 1, sizeof(*more));

	if (!more)
		tool_no_memory(p->t);
	cfg->headers = more;
	cfg->headers[cfg->nr_headers++] = strdup(header);
}

static void add_arg(struct parsed *p, const char *arg)
{
	char **more = reallocarray(p->args, p->nr_args + 1, sizeof(*more));

	if (!more)
		tool_no_memory(p->t);
	p->args = more;
	p->args[p->nr_args++] = strdup(arg);
}

/*
 * Take "noatime" and similar options for the mount in the library kernel, which sets access times
 * in the image; the mount on the host sets none.
 */
static int take_times(struct config *cfg, const char *opt)
{
	bool directories = strstr(opt, "diratime");
	unsigned long flag = directories ? LKL_MS_NODIRATIME : LKL_MS_NOATIME;

	if (!strncmp(opt, "no", 2))
		cfg->mount_flags |= flag;
	else
		cfg->mount_flags &= ~flag;
	return !directories;		/* libfuse does not know "diratime" */
}

/* Handle "--key=VALUE" and "key_slot=VALUE", options of encrypted volumes. */
static int take_crypt(struct tool *t, const char *arg)
{
	static const struct option options[] = { TOOL_LONG_OPTIONS };
	const char *name = arg + 2 * !strncmp(arg, "--", 2), *value = strchr(arg, '=');
	size_t len = value ? (size_t)(value - name) : strlen(name);
	char canonical[32];

	snprintf(canonical, sizeof(canonical), "%.*s", (int)len, name);
	for (char *p = canonical; *p; p++)
		if (*p == '_')
			*p = '-';
	for (const struct option *o = options; o->name; o++)
		if (!strcmp(o->name, canonical))
			return !keys_option(t, o->val, value ? strdup(value + 1) : NULL);
	return 1;
}

/* Returns 0 if handled, 1 to pass the option to libfuse. */
static int one_option(void *data, const char *arg, int key, struct fuse_args *fuse)
{
	struct parsed *p = data;

	switch (key) {
	case KEY_HELP:
		print_help(p->t);
		return 0;
	case KEY_VERSION:
		print_version(p->t);
		return 0;
	case KEY_RO:
		p->readonly = 1;
		return 0;
	case KEY_RW:
		p->rw = 1;
		return 0;
	case KEY_DEV:
		p->dev = 1;
		return 1;
	case KEY_SUID:
		p->suid = 1;
		return 1;
	case KEY_TIMES:
		return take_times(p->cfg, arg);
	case KEY_CRYPT:
		return take_crypt(p->t, arg);
	case KEY_HEADER:
		add_header(p, strchr(arg, '=') + 1);
		return 0;
	case KEY_VERBOSE:
		p->cfg->loglevel = 8;
		return 0;
	case KEY_ALLOW:
		p->cfg->allow_other = true;
		return 1;
	case KEY_ROOT:
		/* libfuse refuses others' requests, but the host answers them from its cache. */
		tool_usage(p->t, "-o allow_root: this would not keep other users out; use allow_other");
	case KEY_CHECK:
		p->cfg->default_permissions = true;
		return 0;
	case FUSE_OPT_KEY_NONOPT:
		add_arg(p, arg);
		return 0;
	default:
		return !is_fstab_option(arg);
	}
}

/*
 * mount(8) calls "mount.fuse.anyfs SOURCE DIRECTORY [-sfnv] [-N namespace]
 * [-t type] [-o options]".  Remove options that our own command line lacks.
 */
static int strip_mount_args(struct tool *t, int argc, char **argv)
{
	int to = 1;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-t") || !strcmp(argv[i], "-N"))
			i++;
		else if (!strcmp(argv[i], "-f"))
			tool_finish(t);		/* -f: do not really mount */
		else if (strcmp(argv[i], "-s") && strcmp(argv[i], "-n") && strcmp(argv[i], "-v"))
			argv[to++] = argv[i];
	}
	argv[to] = NULL;
	return to;
}

/*
 * "--overlay FILE" becomes "--overlay=FILE", and so on.  A template of libfuse for the
 * first form would match the second too, and give a file name that begins with "=".
 */
static int join_values(struct tool *t, int argc, char **argv)
{
	static const char *const names[] = {
		"--overlay", "--offset", "--size", "--sector-size", "--key", "--key-slot",
		"--kdf-memory", "--kdf-seconds", "--crypt",
		"--cache-file", "--cache-size", "--header", "--net-timeout",
		"--unpack-dir", "--unpack-limit",
	};
	int to = 1;

	for (int i = 1; i < argc; i++) {
		bool joined = false;

		for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
			joined |= !strcmp(argv[i], names[n]);
		if (!joined || i + 1 == argc)
			argv[to++] = argv[i];
		else if (asprintf(&argv[to++], "%s=%s", argv[i], argv[i + 1]) < 0)
			tool_no_memory(t);
		else
			i++;
	}
	argv[to] = NULL;
	return to;
}

/* Parse @text, the value of -o @option.  False if the option was not given. */
static bool take_number(struct tool *t, unsigned int *value, const char *option, const char *text,
			int base, unsigned int min, unsigned int max)
{
	unsigned long n;
	char *end;

	if (!text)
		return false;
	n = strtoul(text, &end, base);
	if (*text < '0' || *text > '9' || *end || n < min || n > max)
		tool_usage(t, base == 8 ? "-o %s=%s: give an octal number from %o to %o" :
			   "-o %s=%s: give a number from %u to %u", option, text, min, max);
	*value = n;
	return true;
}

static void take_owner(struct tool *t, struct config *cfg, const struct parsed *p)
{
	cfg->self_uid = geteuid();
	cfg->self_gid = getegid();
	if (p->map_owner) {
		cfg->map_uid = cfg->map_gid = true;
		cfg->uid = getuid();
		cfg->gid = getgid();
	}
	cfg->map_uid |= take_number(t, &cfg->uid, "uid", p->uid, 10, 0, MAX_ID);
	cfg->map_gid |= take_number(t, &cfg->gid, "gid", p->gid, 10, 0, MAX_ID);
	cfg->map_mode = take_number(t, &cfg->umask, "umask", p->umask, 8, 0, 0777);
	/* Other users must not get the rights that the mounting user has over the image. */
	if (cfg->allow_other)
		cfg->default_permissions = true;
}

/*
 * -o rw asks for a writable mount, unless mount(8) added it on its own.  mount(8) starts
 * this program as mount.fuse.anyfs; or, through mount.fuse3, always with an option for
 * devices and one for set-user-ID bits.
 */
static bool asks_for_write(const struct parsed *p)
{
	if (p->readonly)
		return false;
	if (p->write || p->overlay)
		return true;
	return p->rw && !p->by_mount && !(p->dev && p->suid);
}

static uint64_t take_bytes(struct tool *t, const char *option, const char *text)
{
	uint64_t bytes = 0;

	if (text && !parse_size(text, &bytes))
		tool_usage(t, "-o %s=%s: give a number of bytes, or a size like 10M", option, text);
	return bytes;
}

static void take_disk(struct tool *t, struct config *cfg, const struct parsed *p)
{
	cfg->overlay = p->overlay;
	cfg->offset = take_bytes(t, "offset", p->offset);
	cfg->size = take_bytes(t, "size", p->size);
	take_number(t, &cfg->sector_size, "sector_size", p->sector_size, 10, 512, 4096);
	cfg->force_write = p->force_write;
	cfg->cache_file = p->cache_file;
	cfg->cache_size = take_bytes(t, "cache_size", p->cache_size);
	cfg->download = p->download;
	cfg->unpack_dir = p->unpack_dir;
	cfg->unpack_limit = take_bytes(t, "unpack_limit", p->unpack_limit);
	if (p->unpack_limit && !cfg->unpack_limit)
		tool_usage(t, "-o unpack_limit=0: give a size larger than 0");
	take_number(t, &cfg->net_timeout, "net_timeout", p->net_timeout, 10, 1, 86400);
}

static void set_config(struct tool *t, struct config *cfg, const struct parsed *p)
{
	cfg->lock = p->lock;
	cfg->write = asks_for_write(p);
	cfg->foreground = p->foreground;
	cfg->prefetch = p->prefetch;
	cfg->auto_unmount = p->auto_unmount;
	cfg->sandbox = !p->no_sandbox;
	cfg->awake = !p->no_awake;
	cfg->mem_mb = DEFAULT_MEM_MB;
	take_number(t, &cfg->mem_mb, "mem", p->mem, 10, 16, MAX_MEM_MB);
	cfg->threads = MAX_THREADS;
	take_number(t, &cfg->threads, "threads", p->threads, 10, 1, MAX_THREADS);
	take_number(t, &cfg->loglevel, "loglevel", p->loglevel, 10, 0, 8);
	cfg->part = p->part ? place_take_keys(t, "-o part", p->part) : NULL;
	cfg->fstype = p->fstype;
	cfg->opts = p->opts;
	take_disk(t, cfg, p);
	cfg->format = p->format;
	cfg->snapshot = p->snapshot;
	cfg->backing_dir = p->backing_dir ? p->backing_dir : p->allow_backing ? "" : NULL;
	take_owner(t, cfg, p);
}

static char *real_path(struct tool *t, const char *path)
{
	char *real = realpath(path, NULL);

	if (!real) {
		tool_error(t, "%s: %m", path);
		tool_finish(t);
	}
	return real;
}

static void check_mount_point(struct tool *t, const char *path)
{
	struct mount_info mounted;
	struct stat st;
	int err = stat(path, &st) ? errno : 0;

	if (err == ENOTCONN)
		tool_error(t, "%s: a mount whose process was killed is still there; unmount it first (anyfs-umount)",
			   path);
	else if (err)
		tool_error(t, "%s: %s", path, strerror(err));
	else if (!S_ISDIR(st.st_mode))
		tool_error(t, "%s: the mount point is not a directory", path);
	else if (mount_find(path, &mounted) && mounted.dev == st.st_dev)
		tool_error(t, "%s: %s is already mounted there; unmount it first (anyfs-umount)",
			   path, mounted.source);
	else
		return;
	tool_finish(t);
}

static void take_args(struct tool *t, struct config *cfg, const struct parsed *p)
{
	if (p->nr_args < 2)
		tool_usage(t, p->nr_args ? "no mount point given" : "no image given");
	cfg->nr_images = p->nr_args - 1;
	cfg->images = p->args;
	for (unsigned int i = 0; i < cfg->nr_images; i++)
		if (!anyfs_path_is_address(cfg->images[i]))
			cfg->images[i] = real_path(t, cfg->images[i]);
	cfg->mount_point = real_path(t, p->args[p->nr_args - 1]);
	check_mount_point(t, cfg->mount_point);
	if (p->part && !*p->part)
		tool_usage(t, "-o part=: no path given");
	if (cfg->overlay && !*cfg->overlay)
		tool_usage(t, "--overlay: no file given");
	if (cfg->nr_images > 1 && cfg->part)
		tool_usage(t, "-o part= needs exactly one image");
	if (cfg->nr_images > 1 && (cfg->offset || cfg->size))
		tool_usage(t, "--offset and --size need exactly one image");
	if (cfg->nr_images > 1 && cfg->overlay)
		tool_usage(t, "--overlay needs exactly one image");
}

/*
 * The text of the mount table for @image, to be freed; every user can read that table, so an
 * address is shown without its user name and password.
 */
static char *mount_source(struct tool *t, const char *image)
{
	const char *host = anyfs_path_is_address(image) ? strstr(image, "://") + 3 : NULL;
	const char *end = host ? host + strcspn(host, "/?#") : NULL;
	const char *at = host ? memrchr(host, '@', end - host) : NULL;
	char *text;

	if (asprintf(&text, "fsname=%.*s%s", at ? (int)(host - image) : 0, image,
		     at ? at + 1 : image) < 0)
		tool_no_memory(t);
	return text;
}

/* Add the mount options for libfuse and the host's kernel. */
static void add_fuse_options(struct tool *t, const struct config *cfg, struct fuse_args *fuse)
{
	char *opts = NULL, *source = mount_source(t, cfg->images[0]);

	if (fuse_opt_add_opt(&opts, cfg->write ? "rw" : "ro") ||
	    fuse_opt_add_opt(&opts, "subtype=anyfs") || fuse_opt_add_opt_escaped(&opts, source) ||
	    (cfg->default_permissions && fuse_opt_add_opt(&opts, "default_permissions")) ||
	    fuse_opt_add_arg(fuse, "-o") || fuse_opt_add_arg(fuse, opts))
		tool_no_memory(t);
	free(source);
	free(opts);
}

void options_parse(struct tool *t, struct config *cfg, int argc, char **argv,
		   struct fuse_args *fuse)
{
	struct parsed p = { .t = t, .cfg = cfg };
	const char *name = strrchr(argv[0], '/');

	name = name ? name + 1 : argv[0];
	p.by_mount = !strncmp(name, "mount.", 6);
	if (p.by_mount)
		argc = strip_mount_args(t, argc, argv);
	argc = join_values(t, argc, argv);
	*fuse = (struct fuse_args)FUSE_ARGS_INIT(argc, argv);
	if (fuse_opt_parse(fuse, &p, templates, one_option))
		tool_usage(t, "the options cannot be parsed");
	set_config(t, cfg, &p);
	take_args(t, cfg, &p);
	add_fuse_options(t, cfg, fuse);
}
