/* SPDX-License-Identifier: GPL-2.0 */
/*
 * reader-handoff.h - which thread reads the channel
 *
 * The kernel inside has one CPU, and to hand it from thread to thread costs more
 * than most requests.  So one thread reads and answers, for as long as nothing
 * blocks it.  A second, the relief, looks at it now and then while requests come;
 * if it is still inside the same one, the relief takes its turn, and it comes
 * back as a spare.
 */
#ifndef ANYFS_FUSE_TURN_H
#define ANYFS_FUSE_TURN_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct turn {
	uint64_t count;			/* atomic: of begins and ends; odd: at work */
	bool asleep;			/* atomic: the relief waits to be woken */
	bool over;			/* atomic: nobody is to read any more */
	bool has_relief;
	unsigned int spares;		/* threads that wait to be the relief */
	pthread_mutex_t lock;
	pthread_cond_t vacant;		/* no relief is there, or it is over */
	pthread_cond_t wake;		/* of the relief */
};

void turn_init(struct turn *t);
/*
 * Wait for the turn, as a spare and then as the relief.  False: it is over.
 * True: it is the caller's; @last says that no thread is left to relieve it.
 */
bool turn_wait(struct turn *t, bool *last);
/* The reader has a request, and will be at work on it.  What turn_end() is to be given. */
uint64_t turn_begin(struct turn *t);
/* It is answered.  False: it took so long that somebody else reads now. */
bool turn_end(struct turn *t, uint64_t begun);
void turn_over(struct turn *t);

#endif /* ANYFS_FUSE_TURN_H */
