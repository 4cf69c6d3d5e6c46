/* SPDX-License-Identifier: GPL-2.0 */
/*
 * reader-handoff.h - choose the thread that reads the channel
 *
 * The library kernel has one CPU, and passing it between threads costs more than most
 * requests.  So one thread, the reader, reads and answers requests as long as it does
 * not block.  A second thread, the standby, checks the reader while requests come.  If
 * the reader is still inside the same request, the standby becomes the reader, and the
 * former reader becomes a spare when it returns.
 */
#ifndef ANYFS_FUSE_READER_HANDOFF_H
#define ANYFS_FUSE_READER_HANDOFF_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct handoff {
	uint64_t count;			/* atomic: requests begun plus ended; odd: in a request */
	bool asleep;			/* atomic: the standby sleeps on @wake */
	bool over;			/* atomic: the mount has ended */
	bool has_standby;
	unsigned int spares;		/* threads that wait for their turn to watch the reader */
	pthread_mutex_t lock;
	pthread_cond_t vacant;		/* there is no standby, or the mount has ended */
	pthread_cond_t wake;		/* wakes the standby */
};

void handoff_init(struct handoff *h);
/*
 * Wait as a spare, then as the standby, until the caller becomes the reader.  True: it
 * is the reader; @last says that no other thread can take over.  False: the mount has
 * ended.
 */
bool handoff_wait(struct handoff *h, bool *last);
/* To be called when the reader begins a request.  Returns a number for handoff_end(). */
uint64_t handoff_begin(struct handoff *h);
/*
 * To be called when the request is answered.  False: another thread has become the reader
 * meanwhile.
 */
bool handoff_end(struct handoff *h, uint64_t begun);
/* The mount has ended: wake all threads. */
void handoff_stop(struct handoff *h);

#endif /* ANYFS_FUSE_READER_HANDOFF_H */
