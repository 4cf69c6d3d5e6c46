/* SPDX-License-Identifier: GPL-2.0 */
/*
 * message.h - messages between this module and the process of an isolated kernel
 *
 * Both ends come from the same build and run on the same machine, connected by a socket.  The
 * module does not trust any message: a hostile image may have taken over the other process.
 */
#ifndef ANYFS_NODE_MESSAGE_H
#define ANYFS_NODE_MESSAGE_H

#include "disk.h"

#define MESSAGE_FD	3		/* the socket in the process of the kernel */
#define MESSAGE_MAX	(80ul << 20)	/* bytes of the content */
#define PART_MAX	(16ul << 20)	/* bytes that one call reads or writes */

enum message_type {
	/* To the kernel. */
	MSG_OPEN,	/* options; the id names the answer */
	MSG_JOB,
	MSG_ANSWER,	/* to a question */
	MSG_CLOSE,
	MSG_ABANDON,	/* no more questions will be answered */
	/* From the kernel. */
	MSG_DONE,	/* a job; id 0: a note */
	MSG_QUESTION,
};

struct message_head {
	uint32_t type;
	uint32_t id;
	uint64_t len;	/* bytes of the content */
};

/* The content of a message while it is written or read.  After an error, later calls do nothing. */
struct content {
	char *data;
	size_t len, size, pos;
	bool failed;
};

/* message.c */

void put_bytes(struct content *c, const void *data, size_t len);
void put_u64(struct content *c, uint64_t value);
void put_text(struct content *c, const char *text);	/* or NULL */
uint64_t get_u64(struct content *c);
char *get_text(struct content *c);		/* to be freed, or NULL */
const void *get_bytes(struct content *c, size_t len);	/* borrowed; NULL: too short */

/* Send a message.  0 or -EPIPE. */
int message_send(int fd, enum message_type type, uint32_t id, const struct content *c);

/* A job with its arguments; of the buffers, only data that the system call reads is copied. */
void put_job(struct content *c, const struct job *job);
struct job *get_job(struct content *c, uint32_t id);
/* The result, and the data that the call has stored. */
void put_done(struct content *c, const struct job *job);
/* Take the result for @job, which waits for it.  False if it does not fit the job. */
bool get_done(struct content *c, struct job *job);
/* Read a note: a done job for which no call waits. */
struct job *get_note(struct content *c);
void put_question(struct content *c, const struct question *q);
struct question *get_question(struct content *c, uint32_t id);

/* message-options.c */

void put_options(struct content *c, const struct disk_options *opts);
void get_options(struct content *c, struct disk_options *opts);

#endif
