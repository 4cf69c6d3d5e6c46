/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nbd.h - definitions shared by the files of the NBD client: nbd.c has the blockdev,
 * nbd-handshake.c exchanges the first messages, nbd-send.c sends commands, and
 * nbd-receive.c receives replies
 */
#ifndef ANYFS_BLOCK_NBD_H
#define ANYFS_BLOCK_NBD_H

#include <pthread.h>
#include "blockdev.h"
#include "nbd-protocol.h"

#define NBD_BUFFER	(256u << 10)	/* bytes that one system call sends */
#define NBD_STEP_MAX	(32u << 20)	/* data of one command: every server accepts this */
#define NBD_RANGE_MAX	(1u << 30)	/* bytes of one TRIM or WRITE_ZEROES: 32 bits on the wire */
#define NBD_TABLES	64u		/* at most 65536 requests in flight */
#define NBD_ENTRIES	1024u		/* entries of one table */
/* req->op of requests that the client makes itself */
#define NBD_OP_STATUS	0x100u		/* submitter: struct nbd_status */
#define NBD_OP_CACHE	0x101u		/* no caller waits */
#define NBD_OP_RELEASE	0x102u		/* the same, and there is no reply; offset: the token */

/* The properties of the export, from the server. */
struct nbd_export {
	uint64_t size;			/* bytes */
	uint16_t flags;			/* NBD_READ_ONLY ... */
	bool structured;		/* the server sends structured replies */
	bool can_extents;		/* it answers BLOCK_STATUS for base:allocation */
	uint32_t min_block, best_block, max_block;	/* sizes of requests, bytes; 0: unknown */
	uint32_t context;		/* the server's number of base:allocation */
};

/* A request between its submission and its completion. */
struct nbd_pending {
	struct lkl_block_req *req;	/* NULL: the entry is free, or no caller waits */
	bool used;			/* false: the entry is in the free list */
	bool sending;			/* its command is queued, or partly sent */
	uint32_t op;			/* of the request, even if no caller waits for it */
	uint32_t generation;		/* upper half of the cookie */
	uint32_t next_free;		/* if the entry is free: index of the next free one */
	/* The current command: the part of the request after its first @done bytes. */
	uint64_t done;
	uint32_t step;			/* bytes */
	uint32_t received;		/* bytes of the step received */
	uint32_t zeros;			/* bytes beyond the end of the file: not requested */
	int status;			/* of the request so far: 0 or the first -errno */
};

/* Commands that were not sent yet, by their index in the table. */
struct nbd_line {
	uint32_t *entries;		/* a ring; owned */
	uint32_t first, nr, room;	/* index of its first entry, entries in use, allocated */
};

struct nbd {
	struct blockdev bd;
	int fd;
	int control;			/* socket to the program that serves the image, or -1 */
	const uint8_t *memory;		/* shared with the server, or NULL */
	uint64_t memory_len;
	struct nbd_export export;
	void (*note)(void *data, const char *text);
	void *note_data;

	pthread_mutex_t lock;		/* protects all below except the receiver's members */
	struct nbd_pending *table[NBD_TABLES];	/* each has NBD_ENTRIES and is never moved */
	uint32_t nr, free;		/* number of entries; free: the first free entry, or nr */
	struct nbd_line line;
	uint64_t sent;			/* bytes copied of the first command's data */
	bool head_begun;		/* the buffer has the header of that command */
	uint8_t *buffer;		/* NBD_BUFFER bytes to be sent */
	uint32_t buffer_pos, buffer_len;	/* bytes already sent, bytes in the buffer */
	bool dead;			/* the connection has ended */
	bool closing;			/* the blockdev is being closed */
	bool hung;			/* dead because no answer came in time */
	bool want_sender;		/* the socket is full */
	uint32_t receiving;		/* index of the entry whose data arrives, or UINT32_MAX */

	pthread_cond_t work;		/* wakes the sender's thread */
	pthread_t sender, receiver;
	bool has_sender, has_receiver;

	/* Members of the receiver, the thread that holds receive_lock. */
	pthread_mutex_t receive_lock;
	bool dead_noted, error_noted;	/* note was called: connection ended, a request failed */
	uint8_t scratch[4096];		/* for data that is ignored */
};

/* The result of a BLOCK_STATUS command. */
struct nbd_status {
	struct blockdev_extent *extents;	/* the caller's array */
	unsigned int max, nr;		/* its size, and the extents in use */
};

static inline struct nbd_pending *nbd_entry(struct nbd *nbd, uint32_t index)
{
	return &nbd->table[index / NBD_ENTRIES][index % NBD_ENTRIES];
}

/* nbd-handshake.c */

/* Ask the server behind @fd for @export_name.  0 or -errno with error text that names @name. */
int nbd_handshake(int fd, const char *name, const char *export_name, struct nbd_export *export);

/* nbd-send.c: lock held */

/* Queue a command for the next part of the request of entry @index. */
int nbd_queue(struct nbd *nbd, uint32_t index);
/* Send as much as the socket accepts now; -errno if the connection is broken. */
int nbd_send_some(struct nbd *nbd);
/* Function of the thread that continues after the socket was full. */
void *nbd_sender(void *nbd);

/* nbd-receive.c */

/* Receive one message, and complete the request that it ends.  receive_lock held. */
int nbd_receive_one(struct nbd *nbd);
void *nbd_receiver(void *nbd);

/* nbd.c */

/* Find a free entry for @req, *@index; 0 or -ENOMEM.  Lock held. */
int nbd_entry_get(struct nbd *nbd, struct lkl_block_req *req, uint32_t *index);
void nbd_entry_put(struct nbd *nbd, uint32_t index);
/* Tell the server that the data of the chunk with @token were copied.  0 or -errno. */
int nbd_release(struct nbd *nbd, uint64_t token);
/* The connection is unusable: complete all requests with -EIO. */
void nbd_die(struct nbd *nbd);

#endif /* ANYFS_BLOCK_NBD_H */
