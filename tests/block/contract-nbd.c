// SPDX-License-Identifier: GPL-2.0
/* The NBD client keeps the blockdev contract.  The server is nbdkit, of another project. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "contract.h"
#include "remote.h"

static pid_t server;

static void run_server(int fd, char **args)
{
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	execvp(args[0], args);
	_exit(127);
}

/* Start an nbdkit; returns a socket that is connected to it. */
static int start_server(bool write, const char *filter)
{
	char *args[] = { "nbdkit", "-s", "--exit-with-parent", "memory", "8M", NULL, NULL, NULL };
	int pair[2], nr = 5;

	if (!write)
		args[nr++] = "--readonly";
	if (filter)
		args[nr++] = (char *)filter;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -1;
	server = fork();
	if (!server)
		run_server(pair[1], args);
	close(pair[1]);
	return pair[0];
}

static struct blockdev *open_over(bool write, const char *filter)
{
	struct nbd_server to = { .control = -1, .name = "nbd test" };
	struct blockdev *bd;

	to.fd = start_server(write, filter);
	return to.fd < 0 || nbd_open(&to, write, &bd) ? NULL : bd;
}

static struct blockdev *open_plain(bool write)
{
	return open_over(write, NULL);
}

/* A server that serves one request at a time. */
static struct blockdev *open_serial(bool write)
{
	return open_over(write, "--filter=noparallel");
}

static void end_server(void)
{
	waitpid(server, NULL, 0);
}

int main(void)
{
	if (system("nbdkit --version >/dev/null 2>&1")) {
		printf("requires nbdkit\n");
		return 77;
	}
	return contract_run(&(struct contract){ "NBD", open_plain, end_server }) +
	       contract_run(&(struct contract){ "NBD, single requests", open_serial, end_server });
}
