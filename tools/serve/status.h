/* SPDX-License-Identifier: GPL-2.0 */
/*
 * status.h - --status: the shares and the clients of a server that is running
 *
 * The server listens on a control socket.  A program that connects sends one byte, STATUS_TEXT or
 * STATUS_JSON, and gets the description up to the end of the stream.
 */
#ifndef ANYFS_STATUS_H
#define ANYFS_STATUS_H

#include <stdbool.h>
#include "serve.h"
#include "splice.h"

#define STATUS_TEXT	't'
#define STATUS_JSON	'j'
#define STATUS_TIMEOUT_MS	5000	/* for a peer that neither sends nor receives */

/* A client: what the splice knows about it, and what the server adds. */
struct status_client {
	struct splice_client splice;
	char *name;			/* user or name, allocated; NULL: none is known */
	char *shares;			/* names separated by newlines, allocated; or NULL */
	long open_files;		/* -1: not known */
};

/* control.c: the side of the server */

/*
 * Listen on --control, or on a socket in XDG_RUNTIME_DIR if that is set.  Call this before the
 * sandbox is entered.  Ends the program if --control cannot be used.
 */
void control_open(struct serve *s);
/* Start the thread that answers.  Call this after splice_open().  0 or -errno. */
int control_start(struct serve *s);
/* End the thread. */
void control_stop(struct serve *s);

/* status.c */

/* The description of @s and its clients, to be freed; NULL if memory is exhausted. */
char *status_describe(struct serve *s, bool json);

/* status-query.c: the side of --status */

/* The path of the directory of control sockets, to be freed; NULL without XDG_RUNTIME_DIR. */
char *status_directory(struct tool *t);
/* Print the status of the servers of this program, or of that on --control, and end the program. */
void status_print(struct serve *s) __attribute__((noreturn));

#endif /* ANYFS_STATUS_H */
