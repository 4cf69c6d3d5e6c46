// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - anyfs-shell: read the commands of anyfs shell
 *
 * anyfs shell starts this program with a socket to itself: see shell-protocol.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "shell-protocol.h"
#include "shell.h"

void shell_error(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("anyfs: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* Run the lines of standard input; the exit code is that of the first command that failed. */
static void script_loop(struct shell *sh)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (!sh->ended && !sh->lost && (len = getline(&line, &size, stdin)) >= 0) {
		int status;

		line[strcspn(line, "\n")] = '\0';
		status = run_line(sh, line);
		if (status && !sh->status)
			sh->status = status;
		sh->ended |= status && sh->stop;
	}
	free(line);
}

static void send_exit(struct shell *sh)
{
	char status[16], *words[] = { status, NULL };

	snprintf(status, sizeof(status), "%d", sh->status);
	client_send(sh, SHELL_EXIT, words, NULL);
}

int main(int argc, char **argv)
{
	struct shell sh = { .directory = strdup("/") };
	const char *slash;

	if (argc < 3) {
		shell_error("run it through anyfs shell");
		return STATUS_USAGE;
	}
	sh.sock = atoi(argv[1]);
	fcntl(sh.sock, F_SETFD, FD_CLOEXEC);
	sh.image = argv[2];
	slash = strrchr(sh.image, '/');
	sh.name = slash ? slash + 1 : sh.image;
	sh.stop = argc > 3;
	sh.interactive = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);	/* ends the verb, in the other process */
	if (!client_wait_open(&sh))
		return 1;
	if (sh.interactive)
		terminal_loop(&sh);
	else
		script_loop(&sh);
	if (sh.lost)
		shell_error("the process with the image has ended");
	else
		send_exit(&sh);
	return sh.status;
}
