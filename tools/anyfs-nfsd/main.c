// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - anyfs-nfsd: serve an image over NFS 4
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "messages.h"
#include "nfsd.h"
#include "run.h"
#include "standard-fds.h"

enum { OPT_MAP = OPT_SERVER, OPT_ANON_UID, OPT_ANON_GID };

#define ARGS	"[-w] [--share [NAME=]PATH]... [-P PORT | --listen ADDRESS:PORT | --unix PATH] IMAGE... | --status"
#define SUMMARY	"Serve the file systems of disk images over NFS 4, read-only by default"
#define HELP	SERVE_HELP \
	"  --map             keep the users of clients (default: all act as root of the image)\n" \
	"  --anonuid N       user of the image that clients act as (0)\n" \
	"  --anongid N       its group (0)\n"

static const struct verb verb_read = {
	.name = "anyfs-nfsd", .args = ARGS, .summary = SUMMARY, .help = HELP, .serves = true,
	.catches_signals = true,
	.has_json = true,
};
static const struct verb verb_write = {
	.name = "anyfs-nfsd", .args = ARGS, .summary = SUMMARY, .help = HELP, .serves = true,
	.catches_signals = true,
	.has_json = true, .writes = true,
};

static const struct option options[] = {
	SERVE_LONG_OPTIONS,
	{ "map", no_argument, NULL, OPT_MAP },
	{ "anonuid", required_argument, NULL, OPT_ANON_UID },
	{ "anongid", required_argument, NULL, OPT_ANON_GID },
	TOOL_LONG_OPTIONS
};

static uint32_t take_id(struct tool *t, const char *option, const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n >= INT32_MAX)
		tool_usage(t, "%s %s: give the number of a user or group", option, text);
	return n;
}

static void parse(struct nfsd *n, int argc, char **argv)
{
	struct tool *t = n->serve.t;
	int c;

	while ((c = tool_getopt(t, argc, argv, SERVE_SHORT_OPTIONS, options)) != -1) {
		if (c == OPT_MAP)
			n->map = true;
		else if (c == OPT_ANON_UID)
			n->anon_uid = take_id(t, "--anonuid", optarg);
		else if (c == OPT_ANON_GID)
			n->anon_gid = take_id(t, "--anongid", optarg);
		else
			serve_option(&n->serve, c);
	}
	serve_check_args(&n->serve, argc);
	if (n->map && (n->anon_uid || n->anon_gid))
		tool_usage(t, "--map keeps the users of clients and excludes --anonuid and --anongid");
	if (n->serve.write)
		t->verb = &verb_write;
}

static void announce(const struct serve *s, unsigned int port)
{
	printf("  Linux: mount -t nfs4 -o port=%u 127.0.0.1:/ /mnt\n"
	       "  macOS: mount_nfs -o vers=4,port=%u 127.0.0.1:/ /private/mnt\n",
	       port, port);
}

int main(int argc, char **argv)
{
	struct tool t = { .program = "anyfs-nfsd", .verb = &verb_read };
	struct nfsd n = {
		.serve = {
			.t = &t, .port = 20049, .share_prefix = "/", .ready_fd = -1,
			.describe = clients_describe,
		},
	};

	standard_fds_open(t.program);
	signal(SIGPIPE, SIG_IGN);
	parse(&n, argc, argv);
	serve_open(&n.serve, argv + optind, false);
	nfsd_start(&n);
	if (serve_run(&n.serve, NFSD_PORT, announce))
		t.status = EXIT_FAILED;
	nfsd_stop(&n);
	shares_unbind(&t, &n.serve.shares);
	tool_finish(&t);
}
