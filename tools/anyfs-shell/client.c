// SPDX-License-Identifier: GPL-2.0
/*
 * client.c - requests to the process with the image
 *
 * That process is not trusted: it may send anything, so lengths are checked, texts are
 * terminated, and completions that would control the terminal are dropped here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "escape.h"
#include "shell-protocol.h"
#include "shell.h"

/* Receive one message; its length, or 0 when the other process has ended. */
static size_t receive(struct shell *sh, char *buf, size_t len)
{
	ssize_t n = TEMP_FAILURE_RETRY(recv(sh->sock, buf, len, 0));

	sh->lost = n <= 0;
	return n < 0 ? 0 : n;
}

static void take_answer(struct shell *sh, struct shell_answer *a)
{
	char *directory;

	a->directory[sizeof(a->directory) - 1] = '\0';
	directory = strdup(a->directory);
	if (directory) {
		free(sh->directory);
		sh->directory = directory;
	}
}

int client_wait(struct shell *sh)
{
	struct shell_answer a;

	if (receive(sh, (char *)&a, sizeof(a)) != sizeof(a)) {
		sh->lost = true;
		return 1;
	}
	take_answer(sh, &a);
	return a.status & 0xff;
}

bool client_wait_open(struct shell *sh)
{
	client_wait(sh);
	return !sh->lost;
}

static size_t pack_words(char *buf, size_t size, char kind, char *const *words)
{
	size_t len = 1;

	buf[0] = kind;
	for (; *words; words++) {
		size_t n = strlen(*words) + 1;

		if (n > size - len) {
			shell_error("the command is too long");
			return 0;
		}
		memcpy(buf + len, *words, n);
		len += n;
	}
	return len;
}

bool client_send(struct shell *sh, char kind, char *const *words, const int fds[2])
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(2 * sizeof(int))];
	} control = { .head = {
		.cmsg_len = CMSG_LEN(2 * sizeof(int)), .cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	static char buf[SHELL_MESSAGE];
	struct iovec iov = { buf, pack_words(buf, sizeof(buf), kind, words) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (!iov.iov_len)
		return false;
	if (fds) {
		memcpy(CMSG_DATA(&control.head), fds, 2 * sizeof(int));
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
	}
	if (TEMP_FAILURE_RETRY(sendmsg(sh->sock, &msg, MSG_NOSIGNAL)) >= 0)
		return true;
	sh->lost = true;
	return false;
}

/* Whether @text has no characters that control a terminal. */
static bool is_safe(const char *text)
{
	char *safe = escape_text(text, false);
	bool same = safe && !strcmp(safe, text);

	free(safe);
	return same;
}

bool client_completion(struct shell *sh, char *text, size_t len, bool *directory)
{
	static char buf[SHELL_MESSAGE + 1];

	for (;;) {
		size_t n = receive(sh, buf, sizeof(buf) - 1);

		if (!n || buf[0] == SHELL_ANSWER)
			return false;
		buf[n] = '\0';
		/* Skip a completion that was cut off, because it would name another file. */
		if (strlen(buf + 1) < len && is_safe(buf + 1))
			break;
	}
	*directory = buf[0] == SHELL_DIRECTORY;
	strcpy(text, buf + 1);
	return true;
}
