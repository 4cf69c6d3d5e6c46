// SPDX-License-Identifier: GPL-2.0
/*
 * cmd-shell.c - anyfs shell: many verbs on one open image
 *
 * The sandbox forbids this process to start programs and to open files.  So a child process,
 * the program anyfs-shell, reads the commands, runs the programs of pipes, and opens the files
 * of redirections; this process has the image and runs the verbs.  See shell-protocol.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "host-path.h"
#include "messages.h"
#include "options.h"
#include "own-program.h"
#include "run.h"
#include "session.h"
#include "shell-protocol.h"
#include "shell-serve.h"
#include "verbs.h"

struct shell {
	struct tool *t;
	struct tool_session session;
	bool stop;			/* -e */
	int sock[2];			/* ours, and that of anyfs-shell */
};

static void must(struct shell *sh, bool worked, const char *what)
{
	if (worked)
		return;
	tool_error(sh->t, "%s: %s", what, strerror(errno));
	tool_finish(sh->t);
}

static void start_front_end(struct shell *sh, const char *image)
{
	char *program = own_program(sh->t, SHELL_PROGRAM), fd[16];
	pid_t pid;

	must(sh, !socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sh->sock), "socketpair");
	snprintf(fd, sizeof(fd), "%d", sh->sock[1]);
	fflush(NULL);
	pid = fork();
	must(sh, pid >= 0, "fork");
	if (!pid) {
		fcntl(sh->sock[1], F_SETFD, 0);
		execl(program, program, fd, image, sh->stop ? "-e" : (char *)NULL, (char *)NULL);
		fprintf(stderr, "anyfs: %s: cannot be run: %s\n", program, strerror(errno));
		_exit(EXIT_FAILED);
	}
	close(sh->sock[1]);
	free(program);
}

static void add_host(struct shell *sh, const char *dir)
{
	if (access(dir, R_OK | X_OK))
		tool_usage(sh->t, "--host %s: %s", dir, strerror(errno));
	tool_needs_host(sh->t, dir, false);
	tool_needs_host(sh->t, dir, true);
	if (!sh->session.host)
		sh->session.host_directory = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	must(sh, sh->session.host_directory >= 0, "the current directory");
	sh->session.host = true;
}

enum { OPT_WRITE = OPT_VERB, OPT_HOST };

static void parse_options(struct shell *sh, int argc, char **argv)
{
	static const struct option options[] = {
		{ "write", no_argument, NULL, OPT_WRITE },
		{ "host", required_argument, NULL, OPT_HOST },
		TOOL_LONG_OPTIONS
	};
	int c;

	while ((c = tool_getopt(sh->t, argc, argv, "e", options)) != -1) {
		sh->session.write |= c == OPT_WRITE;
		sh->stop |= c == 'e';
		if (c == OPT_HOST)
			add_host(sh, optarg);
	}
	tool_need_args(sh->t, argc, 1, 1);
}

static int run(struct tool *t, int argc, char **argv)
{
	struct shell sh = { .t = t };
	struct verb verb = *t->verb;

	parse_options(&sh, argc, argv);
	verb.writes = sh.session.write;
	t->verb = &verb;
	t->opens_inner = true;		/* a path of a command may lead into an inner image */
	host_raise_limit(t);
	sh.session.directory = tool_strdup(t, "/");
	start_front_end(&sh, argv[optind]);
	t->session = &sh.session;
	tool_open(t, argv[optind]);
	shell_serve(t, sh.sock[0]);
	tool_finish(t);
}

const struct verb verb_shell = {
	.name = "shell",
	.args = "[--write] [--host DIRECTORY]... [-e] IMAGE",
	.summary = "run many verbs on one open image",
	.help = "Reads commands: a verb with its options and paths, without the image.  Paths without\n"
		"a leading slash begin at the directory that \"cd\" sets.  In copy and diff, :PATH is in\n"
		"the image.  \"VERB ... | PROGRAM\", \"> FILE\", \">> FILE\" and \"< FILE\" work as usual,\n"
		"\"!COMMAND\" runs on the host, \"help\" lists the verbs, \"exit\" ends.\n\n"
		"  --write           open the image for writing; \"sync\" and the end store changes\n"
		"  --host DIRECTORY  verbs may read and create files below this directory\n"
		"  -e                stop at the first command that fails\n\n"
		"Example: echo 'cat /p2/etc/fstab' | anyfs shell -e disk.img\n\n",
	.operands = "",
	.no_shell = true,
	.may_write = true,
	.run = run,
};
