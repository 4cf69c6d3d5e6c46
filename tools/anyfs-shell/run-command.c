// SPDX-License-Identifier: GPL-2.0
/*
 * run-command.c - run a line: verbs in the other process, programs of the host here
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "shell-protocol.h"
#include "shell.h"

#define SIGNALLED	128		/* exit code of a killed program, minus the signal */

/* Start "sh -c COMMAND"; its standard input is @in if that is not -1. */
static pid_t start_host(const char *command, const char *argument, int in)
{
	sigset_t none;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		shell_error("fork: %s", strerror(errno));
	if (pid)
		return pid;
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (in >= 0)
		dup2(in, STDIN_FILENO);
	execl("/bin/sh", "sh", "-c", command, "sh", argument, (char *)NULL);
	_exit(127);
}

static int wait_host(pid_t pid)
{
	int status;

	if (pid < 0)
		return 1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : SIGNALLED + WTERMSIG(status);
}

int run_host(const char *command, const char *argument)
{
	return wait_host(start_host(command, argument, -1));
}

/* Start a verb of the image, whose standard input is empty if @in is -1; 0 or an exit code. */
static int start_verb(struct shell *sh, char *const *words, int in, int out)
{
	int null = in < 0 ? open("/dev/null", O_RDONLY | O_CLOEXEC) : -1;
	const int fds[2] = { in < 0 ? null : in, out };
	bool sent;

	fflush(stdout);
	sent = client_send(sh, SHELL_RUN, words, fds);
	if (null >= 0)
		close(null);
	return sent ? 0 : sh->lost ? 1 : STATUS_USAGE;
}

int run_verb(struct shell *sh, char *const *words, int in, int out)
{
	int status = start_verb(sh, words, in, out);

	return status ? status : client_wait(sh);
}

static int run_piped(struct shell *sh, const struct command *c, int in)
{
	int ends[2], status, host;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC)) {
		shell_error("pipe: %s", strerror(errno));
		return 1;
	}
	/* With this flag the verb waits in poll(2), which a signal ends, and not in write(2). */
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	pid = start_host(c->pipe, NULL, ends[0]);
	close(ends[0]);
	/* Close our copy of the writing end before the verb ends: the reader waits for that. */
	status = start_verb(sh, c->words, in, ends[1]);
	close(ends[1]);
	if (!status)
		status = client_wait(sh);
	host = wait_host(pid);
	/* A reader that ends early, such as head(1), is not a failure. */
	return status && status != SIGNALLED + SIGPIPE ? status : host;
}

/* Open the file of a redirection; -1 after a message. */
static int open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0666);

	if (fd < 0)
		shell_error("%s: %s", path, strerror(errno));
	return fd;
}

static int run_redirected(struct shell *sh, const struct command *c)
{
	int in = c->in ? open_file(c->in, O_RDONLY) : -1, out = STDOUT_FILENO, status = 1;

	if (c->in && in < 0)
		return 1;
	if (c->out)
		out = open_file(c->out, O_WRONLY | O_CREAT | (c->append ? O_APPEND : O_TRUNC));
	if (out >= 0)
		status = c->pipe ? run_piped(sh, c, in) : run_verb(sh, c->words, in, out);
	if (in >= 0)
		close(in);
	if (c->out && out >= 0)
		close(out);
	return status;
}

/* The completions of an empty line are the verbs. */
static void print_verbs(struct shell *sh)
{
	char *words[] = { "", NULL }, name[64];
	bool directory;
	size_t column = 0;

	if (!client_send(sh, SHELL_COMPLETE, words, NULL))
		return;
	while (client_completion(sh, name, sizeof(name), &directory))
		printf("%s%s", column++ % 10 ? " " : "\n  ", name);
	putchar('\n');
}

/* "help" lists the verbs and commands; "help VERB" prints --help of the verb. */
static int run_help(struct shell *sh, const struct command *c)
{
	char *words[] = { c->nr > 1 ? c->words[1] : NULL, "--help", NULL };

	if (c->nr > 1)
		return run_verb(sh, words, -1, STDOUT_FILENO);
	puts("Commands are the verbs of anyfs without the image; \"help VERB\" describes one.");
	print_verbs(sh);
	puts("\n  cd [DIRECTORY]    set the directory that relative paths begin at\n"
	     "  pwd               print it\n"
	     "  edit PATH         edit a file (needs --write)\n"
	     "  !COMMAND          run a command of the host\n"
	     "  help [VERB], exit\n\n"
	     "VERB ... | COMMAND, > FILE, >> FILE and < FILE connect a verb with the host.\n"
	     "The Tab key completes verbs, options and paths.");
	return 0;
}

static int run_command(struct shell *sh, const struct command *c)
{
	const char *name = c->nr ? c->words[0] : "";

	if (c->host)
		return run_host(c->host, NULL);
	if (!c->nr)
		return 0;
	if (!strcmp(name, "exit") || !strcmp(name, "quit")) {
		sh->ended = true;
		return sh->interactive ? 0 : sh->status;
	}
	if (!strcmp(name, "help"))
		return run_help(sh, c);
	if (!strcmp(name, "edit"))
		return edit_file(sh, c->words, c->nr);
	return run_redirected(sh, c);
}

int run_line(struct shell *sh, const char *line)
{
	struct command c;
	int status;

	if (!command_parse(line, &c))
		return STATUS_USAGE;
	status = run_command(sh, &c);
	command_free(&c);
	return status;
}
