// SPDX-License-Identifier: GPL-2.0
/*
 * users.c - users and the hashes of their passwords
 *
 * The password is wiped as soon as its hash was made; only the hash is kept.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "ksmbd.h"
#include "messages.h"
#include "ndr.h"
#include "prompt.h"
#include "run.h"

#define PASSWORD_MAX	255		/* bytes */
#define PASSWORD_SIZE	(PASSWORD_MAX + 2)	/* and a newline or excess byte, and a NUL */

/* Read from @fd up to the first newline at least, or to the end.  False on failure, with errno. */
static bool read_line(int fd, char *password)
{
	size_t len = 0;
	ssize_t n = 0;

	while (len <= PASSWORD_MAX && !memchr(password, '\n', len) &&
	       (n = read(fd, password + len, PASSWORD_MAX + 1 - len)) > 0)
		len += n;
	return n >= 0;
}

static void from_file(struct tool *t, const char *file, char *password)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || !read_line(fd, password))
		tool_usage(t, "--user: %s: %s", file, strerror(errno));
	close(fd);
}

static void from_descriptor(struct tool *t, const char *number, char *password)
{
	char *end;
	long fd = strtol(number, &end, 10);

	if (end == number || *end || fd < 0 || fd > 65535)
		tool_usage(t, "--user: \"%s\" is not the number of a descriptor", number);
	if (!read_line(fd, password))
		tool_usage(t, "--user: descriptor %ld: %s", fd, strerror(errno));
}

static void from_environment(struct tool *t, const char *name, char *password)
{
	const char *value = getenv(name);

	if (!value)
		tool_usage(t, "--user: there is no environment variable %s", name);
	snprintf(password, PASSWORD_SIZE, "%s", value);
}

static void from_terminal(struct tool *t, const char *user, char *password)
{
	char text[128];
	int len;

	if (!prompt_prepare(-1))
		tool_usage(t, "--user %s: there is no terminal to ask for the password; give NAME:file:FILE, NAME:fd:N or NAME:env:VARIABLE",
			   user);
	snprintf(text, sizeof(text), "Password of the SMB user %s: ", user);
	len = prompt_read(text, password, PASSWORD_MAX + 1);
	if (len < 0)
		tool_usage(t, "--user %s: reading the password: %s", user, strerror(-len));
}

/* Read a password, perhaps with further lines, into the zeroed memory at @password. */
static void read_password(struct tool *t, const char *user, const char *source, char *password)
{
	if (!source)
		from_terminal(t, user, password);
	else if (!strncmp(source, "file:", 5))
		from_file(t, source + 5, password);
	else if (!strncmp(source, "fd:", 3))
		from_descriptor(t, source + 3, password);
	else if (!strncmp(source, "env:", 4))
		from_environment(t, source + 4, password);
	else	/* Do not print the text, which may be the password. */
		tool_usage(t, "--user %s: give NAME, NAME:file:FILE, NAME:fd:N or NAME:env:VARIABLE",
			   user);
}

struct user *users_find(struct ksmbd *k, const char *name)
{
	for (size_t i = 0; i < k->nr_users; i++)
		if (!strcasecmp(k->users[i].name, name))
			return &k->users[i];
	return NULL;
}

static void set_password(struct tool *t, struct user *u, const char *source)
{
	char password[PASSWORD_SIZE] = { 0 };
	uint8_t wide[2 * sizeof(password)];
	size_t len;

	read_password(t, u->name, source, password);
	len = strcspn(password, "\n");
	explicit_bzero(password + len, sizeof(password) - len);
	if (len > PASSWORD_MAX)
		tool_usage(t, "--user %s: the password has more than %d bytes", u->name,
			   PASSWORD_MAX);
	if (!len)
		tool_usage(t, "--user %s: the password is empty", u->name);
	md4(wide, utf16_from(password, wide, sizeof(wide)), u->hash);
	explicit_bzero(password, sizeof(password));
	explicit_bzero(wide, sizeof(wide));
}

void users_add(struct ksmbd *k, const char *spec)
{
	struct tool *t = k->serve.t;
	const char *colon = strchrnul(spec, ':');
	struct user *u = &k->users[k->nr_users];
	size_t len = colon - spec;

	if (k->nr_users == USERS_MAX)
		tool_usage(t, "more than %d users", USERS_MAX);
	if (!len || len >= sizeof(u->name))
		tool_usage(t, "--user: a name has 1 to %zu bytes", sizeof(u->name) - 1);
	memcpy(u->name, spec, len);
	if (users_find(k, u->name))
		tool_usage(t, "--user %s: the user was given twice", u->name);
	set_password(t, u, *colon ? colon + 1 : NULL);
	k->nr_users++;
}
