// SPDX-License-Identifier: GPL-2.0
/*
 * serve.c - code that the file servers share: options, start, end
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "background.h"
#include "messages.h"
#include "network.h"
#include "run.h"
#include "serve.h"
#include "signals.h"
#include "splice.h"
#include "status.h"

#define SPARE_FDS	128		/* descriptors that are not for clients */

static void add_spec(struct serve *s, const char *prefix, const char *spec)
{
	char *text;

	if (s->nr_specs == LISTENERS_MAX)
		tool_usage(s->t, "more than %d addresses to listen on", LISTENERS_MAX);
	if (asprintf(&text, "%s%s", prefix, spec) < 0)
		tool_no_memory(s->t);
	s->specs[s->nr_specs++] = text;
}

static void print_version(struct tool *t)
{
	printf("%s %s\n", t->program, anyfs_version());
	tool_finish(t);
}

static bool listen_option(struct serve *s, int c)
{
	switch (c) {
	case 'P':
	case OPT_PORT:
		s->port = tool_number(s->t, "-P", optarg, 0, 65535);
		return true;
	case OPT_LISTEN:
		add_spec(s, "", optarg);
		return true;
	case OPT_UNIX:
		add_spec(s, "unix:", optarg);
		return true;
	case OPT_INSECURE:
		s->insecure = true;
		return true;
	case OPT_MAX_CONN:
		s->max_connections = tool_number(s->t, "--max-conn", optarg, 1, 1000);
		return true;
	case OPT_IDLE_EXIT:
		s->idle_exit = tool_number(s->t, "--idle-exit", optarg, 1, 1000000);
		return true;
	default:
		return false;
	}
}

static void take_ready_fd(struct serve *s)
{
	s->ready_fd = tool_number(s->t, "--ready-fd", optarg, 0, 1 << 20);
	if (fcntl(s->ready_fd, F_GETFD) < 0)
		tool_usage(s->t, "--ready-fd %s: %s", optarg, strerror(errno));
	/* The sandbox closes inherited descriptors, which it tells by the lack of this flag. */
	if (s->ready_fd > STDERR_FILENO)
		fcntl(s->ready_fd, F_SETFD, FD_CLOEXEC);
}

bool serve_option(struct serve *s, int c)
{
	switch (c) {
	case 'w':
	case OPT_WRITE:
		s->write = true;
		return true;
	case OPT_SHARE:
		shares_add(s->t, &s->shares, optarg);
		return true;
	case 'd':
	case OPT_BACKGROUND:
		s->background = true;
		return true;
	case OPT_STATUS:
		s->status = true;
		return true;
	case OPT_CONTROL:
		s->control = optarg;
		return true;
	case OPT_READY_FD:
		take_ready_fd(s);
		return true;
	case 'V':
	case OPT_VERSION:
		print_version(s->t);
		return true;
	default:
		return listen_option(s, c);
	}
}

void serve_check_args(struct serve *s, int argc)
{
	struct tool *t = s->t;

	if (s->status && optind < argc)
		tool_usage(t, "--status lists the servers that are running and takes no image");
	if (s->status)
		status_print(s);
	if (t->json)
		tool_usage(t, "--json is for --status");
	tool_need_args(t, argc, 1, 0);
}

/* ---- Start ---- */

/* Each client takes two descriptors, one of them of the library kernel. */
static void raise_fd_limit(struct serve *s)
{
	struct rlimit limit;
	rlim_t want = s->max_connections + SPARE_FDS;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= want)
		return;
	limit.rlim_cur = want < limit.rlim_max ? want : limit.rlim_max;
	if (limit.rlim_cur < want)
		tool_usage(s->t, "--max-conn %u: this host allows %llu descriptors",
			   s->max_connections, (unsigned long long)limit.rlim_max);
	setrlimit(RLIMIT_NOFILE, &limit);
}

static unsigned int clients_of_memory(unsigned int mem_mb)
{
	unsigned int clients = mem_mb < SERVE_BASE_MB ? 0 :
			       (mem_mb - SERVE_BASE_MB) / SERVE_CLIENT_MB;

	return clients < SERVE_CLIENTS_MIN ? SERVE_CLIENTS_MIN : clients;
}

/*
 * A server that has no memory left breaks even established connections: limit the number of
 * clients to those that the memory suffices for.
 */
static void choose_limits(struct serve *s)
{
	struct tool *t = s->t;
	unsigned int clients = s->max_connections ? s->max_connections : SERVE_CLIENTS;

	if (!t->mem_mb) {
		t->mem_mb = SERVE_BASE_MB + SERVE_CACHE_MB + clients * SERVE_CLIENT_MB;
	} else if (clients > clients_of_memory(t->mem_mb)) {
		clients = clients_of_memory(t->mem_mb);
		if (s->max_connections)
			tool_usage(t, "--max-conn %u: %u MiB of memory suffice for %u clients; give a larger --mem",
				   s->max_connections, t->mem_mb, clients);
		tool_note(t, "%u MiB of memory suffice for %u clients at the same time; more are refused",
			  t->mem_mb, clients);
	}
	s->max_connections = clients;
}

static void check_listeners(struct serve *s, bool has_passwords)
{
	if (!s->listeners.open_to_network || has_passwords || s->insecure)
		return;
	tool_usage(s->t, "%s: every machine of the network could %s the image without a password; --insecure allows that",
		   s->listeners.address, s->write ? "change" : "read");
}

static void start_or_exit(struct tool *t, const char *what, int rc)
{
	if (rc >= 0)
		return;
	tool_error(t, "starting %s: %s", what, lkl_strerror(rc));
	tool_finish(t);
}

/* Open /dev/null now, because the sandbox does not allow files to be opened later. */
static void go_background(struct serve *s)
{
	s->null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (s->null_fd < 0) {
		tool_error(s->t, "/dev/null: %s", strerror(errno));
		tool_finish(s->t);
	}
	s->background_fd = background_start(s->t);
}

void serve_open(struct serve *s, char **images, bool has_passwords)
{
	struct tool *t = s->t;

	s->images = images;
	choose_limits(s);
	raise_fd_limit(s);
	listeners_open(t, &s->listeners, s->specs, s->nr_specs, s->port);
	check_listeners(s, has_passwords);
	if (s->background)
		go_background(s);
	control_open(s);
	for (char **image = images + 1; *image; image++)
		tool_add_member(t, *image);
	tool_open(t, images[0]);
	start_or_exit(t, "proc", lkl_mount_fs("proc"));
	start_or_exit(t, "the network", network_start());
	lkl_set_fd_limit(s->max_connections + SPARE_FDS);
	shares_find(t, &s->shares);
	shares_bind(t, &s->shares);
}

/* ---- Run ---- */

static void tell_ready(struct serve *s)
{
	if (s->ready_fd < 0)
		return;
	if (dprintf(s->ready_fd, "%s\n", s->listeners.address) < 0)
		tool_note(s->t, "--ready-fd %d: %s", s->ready_fd, strerror(errno));
	if (s->ready_fd > STDERR_FILENO)
		close(s->ready_fd);
}

static void print_shares(const struct serve *s)
{
	printf("%s: serving %s at %s, %s:", s->t->program, s->t->image_path, s->listeners.address,
	       s->write ? "writable" : "read-only");
	for (size_t i = 0; i < s->shares.nr; i++)
		printf(" %s%s", s->share_prefix, s->shares.list[i].name);
	putchar('\n');
}

int serve_run(struct serve *s, unsigned int kernel_port,
	      void (*announce)(const struct serve *s, unsigned int port))
{
	const struct splice_config config = {
		.t = s->t,
		.listeners = s->listeners.fds,
		.nr_listeners = s->listeners.nr,
		.port = kernel_port,
		.max_connections = s->max_connections,
		.idle_exit = s->idle_exit,
		.stop_fd = tool_signals_fd(),
		.own_addresses = s->own_addresses,
		.find_version = s->find_version,
	};
	int rc = splice_open(&config);

	if (rc)
		return rc;
	rc = control_start(s);
	if (rc) {
		tool_error(s->t, "starting the control socket: %s", strerror(-rc));
		return rc;
	}

	print_shares(s);
	if (s->listeners.port)
		announce(s, s->listeners.port);
	fflush(stdout);
	tell_ready(s);
	/* The parent may have been killed, but clients can still connect. */
	if (s->background)
		background_detach(s->background_fd, s->null_fd);
	rc = splice_run();
	control_stop(s);
	for (size_t i = 0; i < s->listeners.nr; i++)
		close(s->listeners.fds[i]);
	if (!rc && !lkl_is_running()) {
		tool_error(s->t, "the library kernel has died; the image may lack data written last");
		rc = -EIO;
	}
	return rc;
}
