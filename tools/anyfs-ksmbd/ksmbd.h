/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ksmbd.h - the SMB server of the library kernel and the answers that it asks for
 */
#ifndef ANYFS_KSMBD_H
#define ANYFS_KSMBD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "protocol.h"
#include "serve.h"

#define KSMBD_PORT	445		/* in the library kernel */
#define USERS_MAX	64
#define NT_HASH_SIZE	16
#define KSMBD_READ_MIN	65536		/* limits of ksmbd_netlink.h and smb2pdu.h of the kernel */
#define KSMBD_READ_MAX	(8 << 20)
#define KSMBD_CREDITS_MIN	16
#define KSMBD_CREDITS_MAX	65535
#define SERVER_NAME	"ANYFS"
#define WORK_GROUP	"WORKGROUP"

struct user {
	char name[ACCOUNT_SIZE];
	uint8_t hash[NT_HASH_SIZE];
	unsigned int failures;		/* wrong passwords in a row */
};

struct ksmbd {
	struct serve serve;
	struct user users[USERS_MAX];
	size_t nr_users;
	bool guests;
	bool encrypt;			/* clients must encrypt */
	uint32_t max_read;		/* bytes */
	uint32_t max_credits;		/* requests in flight of one client */
	uint32_t domain[3];		/* random, in the SIDs of users; set by netlink_start() */
};

/* users.c */

/*
 * Add the user of "NAME", "NAME:file:FILE", "NAME:fd:N" or "NAME:env:VARIABLE", the value of
 * --user; the password is read at once, or asked for on the terminal.  Ends the program on
 * failure.
 */
void users_add(struct ksmbd *k, const char *spec);
/* Find a user, or NULL.  Names that differ only in case are the same. */
struct user *users_find(struct ksmbd *k, const char *name);

/* md4.c */

/* The MD4 hash of @len bytes, which SMB uses for passwords. */
void md4(const void *data, size_t len, uint8_t sum[16]);

/* netlink.c: messages from and to the kernel */

/* Start the server and the thread that answers it.  0 or -errno. */
int netlink_start(struct ksmbd *k);
/* End the server. */
void netlink_stop(struct ksmbd *k);
/* Send the answer to a question.  0 or -errno. */
int netlink_send(uint8_t event, const void *data, size_t len);

/* answers.c */

/* Answer a message of the kernel. */
void answer(struct ksmbd *k, uint8_t event, const void *data, size_t len);

/* trees.c: which users are connected to which shares, for --status */

struct status_client;

/* @user has connected to a share, from the address @peer. */
void trees_add(uint64_t session, uint64_t connect, const char *user, const char *share,
	       const char *peer);
/* The user has disconnected from the share. */
void trees_remove(uint64_t session, uint64_t connect);
/* Implement describe and find_version of struct serve. */
void trees_describe(struct serve *s, struct status_client *list, size_t nr);
void trees_find_version(const void *data, size_t len, char version[CONNECTION_VERSION]);

/* pipe.c: named pipes with DCE/RPC */

/* Handle @request.  Returns the answer with *@len bytes, to be freed, or NULL. */
struct rpc_message *pipe_request(struct ksmbd *k, const struct rpc_message *request,
				 size_t *len);

#endif /* ANYFS_KSMBD_H */
