// SPDX-License-Identifier: GPL-2.0
/*
 * trees.c - which users are connected to which shares, and with which version of SMB
 *
 * The server reports each connection of a user to a share, with the loopback address from which
 * tools/serve/splice.c connected for this client.  It does not report open files.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "ksmbd.h"
#include "status.h"

#define TREES_MAX	16384		/* more are not reported */

struct tree {
	struct tree *next;
	uint64_t session, connect;	/* numbers that the server uses */
	uint32_t address;
	char user[ACCOUNT_SIZE], share[SHARE_SIZE];
};

static struct {
	pthread_mutex_t lock;		/* guards all members */
	struct tree *first;
	size_t nr;
} trees = { .lock = PTHREAD_MUTEX_INITIALIZER };

void trees_add(uint64_t session, uint64_t connect, const char *user, const char *share,
	       const char *peer)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return;
	tree->session = session;
	tree->connect = connect;
	inet_pton(AF_INET, peer, &tree->address);
	snprintf(tree->user, sizeof(tree->user), "%s", user);
	snprintf(tree->share, sizeof(tree->share), "%s", share);
	pthread_mutex_lock(&trees.lock);
	if (trees.nr < TREES_MAX) {
		tree->next = trees.first;
		trees.first = tree;
		trees.nr++;
		tree = NULL;
	}
	pthread_mutex_unlock(&trees.lock);
	free(tree);
}

void trees_remove(uint64_t session, uint64_t connect)
{
	struct tree *found = NULL;

	pthread_mutex_lock(&trees.lock);
	for (struct tree **at = &trees.first; *at; at = &(*at)->next) {
		if ((*at)->session != session || (*at)->connect != connect)
			continue;
		found = *at;
		*at = found->next;
		trees.nr--;
		break;
	}
	pthread_mutex_unlock(&trees.lock);
	free(found);
}

/* Append @name to *@names as a line, unless there is such a line. */
static void add_name(char **names, const char *name)
{
	size_t len = strlen(name);
	char *new;

	for (const char *at = *names; at && (at = strcasestr(at, name)); at += len)
		if ((at == *names || at[-1] == '\n') && (!at[len] || at[len] == '\n'))
			return;
	if (asprintf(&new, "%s%s%s", *names ? *names : "", *names ? "\n" : "", name) < 0)
		return;
	free(*names);
	*names = new;
}

void trees_describe(struct serve *s, struct status_client *list, size_t nr)
{
	pthread_mutex_lock(&trees.lock);
	for (const struct tree *tree = trees.first; tree; tree = tree->next) {
		for (size_t i = 0; i < nr; i++) {
			if (list[i].splice.own_address != tree->address)
				continue;
			add_name(&list[i].name, tree->user);
			add_name(&list[i].shares, tree->share);
		}
	}
	pthread_mutex_unlock(&trees.lock);
	/* A client may have several users: list them with commas. */
	for (size_t i = 0; i < nr; i++)
		for (char *p = list[i].name; p && (p = strchr(p, '\n')); )
			*p = ',';
}

/*
 * Offsets in the answer to NEGOTIATE: 4 bytes of framing, a header of 64 bytes, and a body with
 * the version at offset 4.
 */
#define HEADER_AT	4
#define COMMAND_AT	(HEADER_AT + 12)
#define FLAGS_AT	(HEADER_AT + 16)
#define VERSION_AT	(HEADER_AT + 64 + 4)
#define IS_ANSWER	1

void trees_find_version(const void *data, size_t len, char version[CONNECTION_VERSION])
{
	static const struct {
		unsigned int number;
		const char *name;
	} versions[] = {
		{ 0x0202, "2.0.2" }, { 0x0210, "2.1" }, { 0x0300, "3.0" }, { 0x0302, "3.0.2" },
		{ 0x0311, "3.1.1" },
	};
	const uint8_t *p = data;
	unsigned int number;

	if (len < VERSION_AT + 2 || memcmp(p + HEADER_AT, "\xfeSMB", 4) || p[COMMAND_AT] ||
	    p[COMMAND_AT + 1] || !(p[FLAGS_AT] & IS_ANSWER))
		return;
	number = p[VERSION_AT] | p[VERSION_AT + 1] << 8;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (versions[i].number == number)
			strcpy(version, versions[i].name);
}
