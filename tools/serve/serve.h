/* SPDX-License-Identifier: GPL-2.0 */
/*
 * serve.h - code that the file servers share: options, start, end
 */
#ifndef ANYFS_SERVE_H
#define ANYFS_SERVE_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>
#include "connection.h"
#include "listener.h"
#include "options.h"
#include "shares.h"
#include "tool.h"

enum {
	OPT_SHARE = OPT_VERB, OPT_LISTEN, OPT_UNIX, OPT_INSECURE, OPT_READY_FD, OPT_MAX_CONN,
	OPT_IDLE_EXIT, OPT_WRITE, OPT_PORT, OPT_VERSION, OPT_BACKGROUND,
	OPT_STATUS, OPT_CONTROL, OPT_SERVER
};
#define SERVE_SHORT_OPTIONS	"dwP:V"
#define SERVE_LONG_OPTIONS \
	{ "share", required_argument, NULL, OPT_SHARE }, \
	{ "write", no_argument, NULL, OPT_WRITE }, \
	{ "listen", required_argument, NULL, OPT_LISTEN }, \
	{ "port", required_argument, NULL, OPT_PORT }, \
	{ "unix", required_argument, NULL, OPT_UNIX }, \
	{ "insecure", no_argument, NULL, OPT_INSECURE }, \
	{ "ready-fd", required_argument, NULL, OPT_READY_FD }, \
	{ "max-conn", required_argument, NULL, OPT_MAX_CONN }, \
	{ "idle-exit", required_argument, NULL, OPT_IDLE_EXIT }, \
	{ "background", no_argument, NULL, OPT_BACKGROUND }, \
	{ "status", no_argument, NULL, OPT_STATUS }, \
	{ "control", required_argument, NULL, OPT_CONTROL }, \
	{ "mem-mb", required_argument, NULL, OPT_MEM }, \
	{ "version", no_argument, NULL, OPT_VERSION }

#define SERVE_HELP \
	"  --share [NAME=]PATH[:OPTIONS]\n" \
	"                    share this directory, partition or volume; may be repeated\n" \
	"                    (default: all file systems); OPTIONS: ro, hide, comment=TEXT\n" \
	"  -w, --write       let clients change the image\n" \
	"  -P, --port PORT   port on 127.0.0.1 and ::1; 0: any free port\n" \
	"  --listen ADDRESS:PORT\n" \
	"                    listen there instead; may be repeated\n" \
	"  --unix PATH       listen on a socket file; may be repeated\n" \
	"  --insecure        allow clients of the network to connect without a password\n" \
	"  --max-conn N      clients at the same time (default: 100, fewer with a small --mem)\n" \
	"  -d, --background  return when clients can connect, and keep serving\n" \
	"  --idle-exit N     end when no client was connected for N seconds\n" \
	"  --ready-fd N      write the address to this descriptor when clients can connect\n" \
	"  --status          list the shares and the clients of the servers that are running\n" \
	"  --control PATH    socket file for --status (default: one in $XDG_RUNTIME_DIR/anyfs)\n" \
	"  --mem-mb N        the same as --mem\n" \
	"  -V, --version     print the version\n"

/* A client that reads or writes as fast as it can has 2 MiB in flight. */
#define SERVE_CLIENT_MB		2
#define SERVE_BASE_MB		32	/* of the library kernel without clients */
#define SERVE_CACHE_MB		152	/* for files, by default */
#define SERVE_CLIENTS		100	/* default of --max-conn */
#define SERVE_CLIENTS_MIN	4	/* with any --mem */

struct status_client;

struct serve {
	struct tool *t;
	unsigned int port;		/* the default of -P */
	const char *share_prefix;	/* of the names of shares, in the first line printed */
	bool write;
	bool insecure;
	int ready_fd;			/* -1: none */
	bool background;
	int background_fd, null_fd;	/* the argument of background_detach() */
	unsigned int max_connections;	/* 0: as many as memory allows, up to SERVE_CLIENTS */
	unsigned int idle_exit;
	const char *specs[LISTENERS_MAX];	/* the argument of listeners_open() */
	size_t nr_specs;
	struct shares shares;
	struct listeners listeners;
	char **images;			/* ends with NULL */
	bool status;			/* --status */
	const char *control;		/* --control, or NULL */
	pid_t pid;
	time_t start;			/* CLOCK_MONOTONIC */
	bool users;			/* --status lists users and shares of clients, not names */
	/* See struct splice_config. */
	bool own_addresses;
	void (*find_version)(const void *data, size_t len, char version[CONNECTION_VERSION]);
	/* Add what the server knows about its clients to @list; on any thread; may be NULL. */
	void (*describe)(struct serve *s, struct status_client *list, size_t nr);
};

/* Handle one of SERVE_LONG_OPTIONS; false if @c is not one. */
bool serve_option(struct serve *s, int c);

/*
 * Call this when all options were handled.  With --status, prints the status and ends the program;
 * else checks the number of images.
 */
void serve_check_args(struct serve *s, int argc);

/*
 * Open the listening sockets and the images, boot, and bind the shares.  @has_passwords: a
 * client needs one.  Ends the program on failure.
 */
void serve_open(struct serve *s, char **images, bool has_passwords);

/*
 * Connect clients with the server on @kernel_port of the library kernel until a signal comes;
 * @announce prints how to connect to the TCP port, if there is one.  0 or -errno after a message.
 */
int serve_run(struct serve *s, unsigned int kernel_port,
	      void (*announce)(const struct serve *s, unsigned int port));

#endif /* ANYFS_SERVE_H */
