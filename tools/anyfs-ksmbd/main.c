// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - anyfs-ksmbd: serve an image over SMB 3
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "ksmbd.h"
#include "messages.h"
#include "parse.h"
#include "run.h"
#include "standard-fds.h"

enum { OPT_USER = OPT_SERVER, OPT_GUEST, OPT_ENCRYPT, OPT_MAX_READ, OPT_MAX_CREDITS };

#define ARGS	"[-w] [--share [NAME=]PATH]... --user NAME[:SOURCE]... | --guest IMAGE... | --status"
#define SUMMARY	"Serve the file systems of disk images over SMB 3, read-only by default"
#define HELP	SERVE_HELP \
	"  -c, --config FILE the shares and options of a file in the format of smb.conf\n" \
	"  --user NAME[:SOURCE]\n" \
	"                    a user; SOURCE of the password: file:FILE, fd:N or env:VARIABLE\n" \
	"                    (default: ask on the terminal); may be repeated\n" \
	"  --guest           allow clients without a password\n" \
	"  --encrypt WHEN    offered (default) or required\n" \
	"  --max-read SIZE   largest read and write (512K)\n" \
	"  --max-credits N   requests of a client at the same time (32)\n"

static const struct verb verb_read = {
	.name = "anyfs-ksmbd", .args = ARGS, .summary = SUMMARY, .help = HELP, .serves = true,
	.catches_signals = true,
	.has_json = true,
};
static const struct verb verb_write = {
	.name = "anyfs-ksmbd", .args = ARGS, .summary = SUMMARY, .help = HELP, .serves = true,
	.catches_signals = true,
	.has_json = true, .writes = true,
};

static const struct option options[] = {
	SERVE_LONG_OPTIONS,
	{ "config", required_argument, NULL, 'c' },
	{ "user", required_argument, NULL, OPT_USER },
	{ "guest", no_argument, NULL, OPT_GUEST },
	{ "encrypt", required_argument, NULL, OPT_ENCRYPT },
	{ "max-read", required_argument, NULL, OPT_MAX_READ },
	{ "max-credits", required_argument, NULL, OPT_MAX_CREDITS },
	TOOL_LONG_OPTIONS
};

static void take_encrypt(struct ksmbd *k)
{
	k->encrypt = !strcmp(optarg, "required");
	if (!k->encrypt && strcmp(optarg, "offered"))
		tool_usage(k->serve.t, "--encrypt %s: give offered or required", optarg);
}

static uint32_t take_size(struct tool *t, const char *option, const char *text, uint64_t min,
			  uint64_t max)
{
	uint64_t n;

	if (!parse_size(text, &n) || n < min || n > max)
		tool_usage(t, "%s %s: give a number from %llu to %llu", option, text,
			   (unsigned long long)min, (unsigned long long)max);
	return n;
}

static void take_option(struct ksmbd *k, int c)
{
	struct tool *t = k->serve.t;

	switch (c) {
	case 'c':
		config_read(k, optarg);
		break;
	case OPT_USER:
		users_add(k, optarg);
		break;
	case OPT_GUEST:
		k->guests = true;
		break;
	case OPT_ENCRYPT:
		take_encrypt(k);
		break;
	case OPT_MAX_READ:
		k->max_read = take_size(t, "--max-read", optarg, KSMBD_READ_MIN, KSMBD_READ_MAX);
		break;
	case OPT_MAX_CREDITS:
		k->max_credits = take_size(t, "--max-credits", optarg, KSMBD_CREDITS_MIN,
					    KSMBD_CREDITS_MAX);
		break;
	default:
		serve_option(&k->serve, c);
	}
}

static void parse(struct ksmbd *k, int argc, char **argv)
{
	struct tool *t = k->serve.t;
	int c;

	while ((c = tool_getopt(t, argc, argv, SERVE_SHORT_OPTIONS "c:", options)) != -1)
		take_option(k, c);
	serve_check_args(&k->serve, argc);
	if (!k->nr_users && !k->guests)
		tool_usage(t, "no client could connect: give --user NAME, or --guest for clients without a password");
	if (k->serve.write)
		t->verb = &verb_write;
}

static void print_mount_commands(const struct serve *s, unsigned int port)
{
	printf("  Linux: mount -t cifs -o port=%u,vers=3.1.1,username=USER //127.0.0.1/%s /mnt\n"
	       "  macOS: mount_smbfs //USER@127.0.0.1:%u/%s /private/mnt\n",
	       port, s->shares.list[0].name, port, s->shares.list[0].name);
}

int main(int argc, char **argv)
{
	struct tool t = { .program = "anyfs-ksmbd", .verb = &verb_read };
	struct ksmbd k = {
		.serve = {
			.t = &t, .port = 4455, .share_prefix = "", .ready_fd = -1,
			.shares.at_first_use = true, .users = true, .own_addresses = true,
			.find_version = trees_find_version, .describe = trees_describe,
		},
		/* SERVE_CLIENT_MB depends on these. */
		.max_read = 512 << 10, .max_credits = 32,
	};
	int rc;

	standard_fds_open(t.program);
	signal(SIGPIPE, SIG_IGN);
	parse(&k, argc, argv);
	serve_open(&k.serve, argv + optind, !k.guests);
	rc = lkl_mount_fs("sysfs");
	if (rc >= 0)
		rc = netlink_start(&k);
	if (rc < 0) {
		tool_error(&t, "starting the SMB server: %s", lkl_strerror(rc));
		tool_finish(&t);
	}
	if (serve_run(&k.serve, KSMBD_PORT, print_mount_commands))
		t.status = EXIT_FAILED;
	netlink_stop(&k);
	shares_unbind(&t, &k.serve.shares);
	tool_finish(&t);
}
